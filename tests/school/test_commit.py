"""What the database refuses only at commit."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from school.models import Child, Group, School

from ..database import change

pytestmark = pytest.mark.usefixtures("transactional")


def test_row_that_points_at_another_school_is_refused(
    children: dict[str, Child], groups: dict[str, Group], other_school: School
) -> None:
    """The keys are deferred: both databases let the write pass, and nothing of it stays."""
    foreign = Group.objects.get(school=other_school)
    written = False
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012  # the end of the block is what fails
        change(children["Daan"], group=foreign)
        written = True
    assert written
    assert Child.objects.get(pk=children["Daan"].pk).group == groups["4B"]
