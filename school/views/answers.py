"""What a page says when an action refuses, or when somebody else was first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ..access import SchoolRequest
from ..conflicts import ChangeForm
from ..errors import Refused
from ..submissions import ForeignSubmission

# The page of a form: looked at, and sent.
form_page = require_http_methods(["GET", "POST"])


def posted(request: SchoolRequest) -> Any:
    """What a form is bound to: nothing while its page is only looked at."""
    return request.POST if request.method == "POST" else None


@contextmanager
def attempt(request: SchoolRequest, form: forms.Form | None = None) -> Iterator[None]:
    """Try the action in the block. What it refuses stands in `form` (which keeps what was typed), or in a message on
    the next page; the rest of the block is skipped.

    Raises Http404 for somebody else's submission.
    """
    try:
        yield
    except ForeignSubmission as error:
        raise Http404 from error
    except Refused as refused:
        if form is None:
            messages.error(request, str(refused.message))
        else:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))


def both_versions(request: SchoolRequest, form: ChangeForm, back_text: str) -> HttpResponse:
    """Somebody else saved since the valid `form` was opened: what they saved, beside what was filled in."""
    rows = form.versions()
    form.go_over_it()
    context = {"form": form, "rows": rows, "back_text": back_text}
    return render(request, "school/settings/conflict.html", context)
