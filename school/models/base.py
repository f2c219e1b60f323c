"""What every row of a school has in common."""

import uuid
from typing import Any, TypeVar

from django.db import models

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def annotated(rows: Rows, **values: Any) -> Rows:
    """`rows`, each with these `values`. The model declares them, so that reading one is checked; the type checker takes
    `annotate` by name for declaring it a second time."""
    return rows.annotate(**values)


class SchoolOwned(models.Model):
    """A row that belongs to one school.

    It can be pointed at together with its school, so that `same_school` constraints keep it apart from others.
    """

    school = models.ForeignKey("school.School", models.CASCADE, related_name="%(class)s_set")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["school", "id"], name="%(class)s_school_id")]


class Submission(SchoolOwned):
    """A row that a form makes: sent twice, it is made once (see `school.submissions`)."""

    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    recorded_by = models.ForeignKey("school.Membership", models.PROTECT, related_name="+")

    class Meta(SchoolOwned.Meta):
        abstract = True
