"""What a page says when an action refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404

from school.access import SchoolRequest
from school.submissions import ForeignSubmission

from ..actions.errors import Refused


@contextmanager
def attempt(request: SchoolRequest, form: forms.Form | None = None) -> Iterator[None]:
    """Try the action in the block. What it refuses stands above `form` (which keeps what was typed), or in a
    message on the next page; the rest of the block is skipped. Raises Http404 for somebody else's submission."""
    try:
        yield
    except ForeignSubmission as error:
        raise Http404 from error
    except Refused as refused:
        if form is None:
            messages.error(request, str(refused.message))
        else:
            form.add_error(None, str(refused.message))
