"""The one source of time."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.utils import timezone

from school import clock


def test_now_is_the_present_and_aware() -> None:
    assert abs(clock.now() - timezone.now()) < timedelta(minutes=1)
    assert clock.now().utcoffset() == timedelta(0)


def test_at_moves_time_for_the_block_and_no_longer() -> None:
    first, second = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 2, 9, tzinfo=UTC)
    with clock.at(first):
        with clock.at(second):
            assert clock.now() == second
        assert clock.now() == first
    assert clock.now() > second or timezone.now() < second


def test_at_ends_when_the_block_fails() -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(ZeroDivisionError), clock.at(past):
        _ = 1 / 0
    assert clock.now() != past


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
    ],
)
def test_today_is_the_day_in_amsterdam(moment: datetime, day: date) -> None:
    with clock.at(moment):
        assert clock.today() == day


def test_at_moves_no_other_thread() -> None:
    seen: list[datetime] = []
    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0].year > 2020
