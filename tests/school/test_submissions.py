"""The same form sent twice makes one row; somebody else's number gives nothing away."""

from __future__ import annotations

from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection

from buddies.actions import requests
from buddies.models import DoNotAsk, Signal, SupportRequest
from school import audit, clock
from school.models import AuditEvent, Membership, Parent
from school.submissions import ForeignSubmission, once

NUMBER = UUID("00000000-0000-4000-8000-000000000001")


def row(by: Membership, parent: Parent, submission: UUID = NUMBER) -> DoNotAsk:
    """A row as a form of `by` makes it."""
    return DoNotAsk.objects.create(
        school_id=by.school_id, recorded_by=by, submission=submission, parent=parent, until=clock.today()
    )


@pytest.fixture
def parent(parents: dict[str, Parent]) -> Parent:
    """Fatma."""
    return parents["Fatma"]


def test_sent_once_it_makes_the_row(teacher: Membership, parent: Parent) -> None:
    made, now = once(DoNotAsk, NUMBER, teacher, lambda: row(teacher, parent))
    assert now
    assert made.submission == NUMBER


def test_sent_twice_it_gives_the_same_row(teacher: Membership, parent: Parent) -> None:
    first, _ = once(DoNotAsk, NUMBER, teacher, lambda: row(teacher, parent))
    second, now = once(DoNotAsk, NUMBER, teacher, lambda: row(teacher, parent))
    assert (second, now) == (first, False)
    assert DoNotAsk.objects.count() == 1


def test_another_number_makes_another_row(teacher: Membership, parent: Parent) -> None:
    once(DoNotAsk, NUMBER, teacher, lambda: row(teacher, parent))
    other = uuid4()
    _, now = once(DoNotAsk, other, teacher, lambda: row(teacher, parent, other))
    assert now
    assert DoNotAsk.objects.count() == 2


@pytest.mark.parametrize("who", ["other_teacher", "other_ib"])
def test_somebody_elses_number_is_refused(
    request: pytest.FixtureRequest, teacher: Membership, parent: Parent, who: str
) -> None:
    once(DoNotAsk, NUMBER, teacher, lambda: row(teacher, parent))
    with pytest.raises(ForeignSubmission):
        once(DoNotAsk, NUMBER, request.getfixturevalue(who), lambda: pytest.fail("it was made"))


def test_row_that_fails_halfway_leaves_nothing(teacher: Membership, parent: Parent) -> None:
    def make() -> DoNotAsk:
        row(teacher, parent)
        return row(teacher, parent)

    with pytest.raises(IntegrityError):
        once(DoNotAsk, NUMBER, teacher, make)
    assert not DoNotAsk.objects.exists()


def test_other_failures_are_not_hidden(teacher: Membership, parent: Parent) -> None:
    def make() -> DoNotAsk:
        audit.record("request.refuse", parent, by=teacher)
        raise IntegrityError("something else")

    events = AuditEvent.objects.count()
    with pytest.raises(IntegrityError, match="something else"):
        once(DoNotAsk, NUMBER, teacher, make)
    assert AuditEvent.objects.count() == events


@pytest.mark.usefixtures("transactional")
def test_sent_eight_times_at_once_it_is_one_signal(teacher: Membership) -> None:
    start, answers = Barrier(8), set[int]()
    failures: list[Exception] = []

    def send() -> None:
        try:
            start.wait(timeout=30)
            about = requests.About(child_name="Sem")
            answers.add(requests.signal(about=about, wanted=None, by=teacher, submission=NUMBER).pk)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(answers) == 1
    assert (Signal.objects.count(), SupportRequest.objects.count(), Parent.objects.count()) == (1, 1, 1)
