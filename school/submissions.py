"""The same form sent twice makes one row and gives the same answer."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from .models import Membership, Submission

Row = TypeVar("Row", bound=Submission)


class ForeignSubmission(Exception):
    """The submission number was used by somebody else: whoever sends it should learn nothing."""


def once(model: type[Row], submission: UUID, by: Membership, make: Callable[[], Row]) -> tuple[Row, bool]:
    """The row that `submission` makes, and whether it was made now.

    `make` creates it with that submission number. Sent twice at once, the database lets one through and the
    other gets that row. Raises ForeignSubmission when another member used the number, and whatever `make`
    raises.
    """
    existing = _find(model, submission, by)
    if existing is not None:
        return existing, False
    try:
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        existing = _find(model, submission, by)
        if existing is None:
            raise
        return existing, False


def _find(model: type[Row], submission: UUID, by: Membership) -> Row | None:
    row = model._default_manager.filter(submission=submission).first()
    if row is not None and row.recorded_by_id != by.pk:
        raise ForeignSubmission
    return row
