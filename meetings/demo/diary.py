"""The calendar of the demo school: everything in it happened before today, on a school day."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils.timezone import get_default_timezone

from school import clock
from school.models.people import school_year

SATURDAY, SUNDAY = 5, 6
OPENING = time(9)
# A call that is due in the story must not be put off by a holiday that happens to be now.
QUIET = timedelta(days=14)


class Diary:
    """Turns "so many days ago" into a moment, counted from `today`."""

    def __init__(self, today: date) -> None:
        self.today = today

    def moment(self, days_ago: int, minute: int = 0) -> datetime:
        """A moment in school hours, `minute` (0 to 240) minutes into the day; what falls in a weekend happened on
        Friday afternoon. What is longer ago is never later."""
        day = self.today - timedelta(days=days_ago)
        if day.weekday() == SATURDAY:
            day, minute = day - timedelta(days=1), 250 + minute // 4
        elif day.weekday() == SUNDAY:
            day, minute = day - timedelta(days=2), 320 + minute // 4
        start = datetime.combine(day, OPENING, tzinfo=get_default_timezone())
        return start + timedelta(minutes=minute)

    def coming(self, days: int, minute: int) -> datetime:
        """A moment `days` days from today, or on the Monday after it, `minute` minutes into the day."""
        day = self.today + timedelta(days=days)
        day += timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else timedelta()
        return datetime.combine(day, OPENING, tzinfo=get_default_timezone()) + timedelta(minutes=minute)

    def past(self, days_ago: int, minute: int) -> datetime:
        """A moment `days_ago` days before today, or on the Friday before it, `minute` minutes into the day."""
        day = self.moment(days_ago).date()
        return datetime.combine(day, OPENING, tzinfo=get_default_timezone()) + timedelta(minutes=minute)

    def on(self, days_ago: int, minute: int = 0) -> AbstractContextManager[None]:
        """Let everything inside the block happen then."""
        return clock.at(self.moment(days_ago, minute))

    def days_since(self, day: date) -> int:
        """How many days ago `day` is; 0 if it has yet to come."""
        return max(0, (self.today - day).days)

    def holidays(self) -> list[tuple[str, date, date]]:
        """Name, first and last day of the holidays of this school year."""
        year = school_year(self.today)
        christmas = date(year, 12, 25).isocalendar()
        weeks = [
            ("Herfstvakantie", date.fromisocalendar(year, 43, 1), 1),
            ("Kerstvakantie", date.fromisocalendar(christmas.year, christmas.week, 1), 2),
            ("Voorjaarsvakantie", date.fromisocalendar(year + 1, 8, 1), 1),
            ("Meivakantie", date.fromisocalendar(year + 1, 18, 1), 2),
            ("Zomervakantie", date.fromisocalendar(year + 1, 29, 1), 6),
        ]
        found = [(name, monday, monday + timedelta(days=7 * count - 3)) for name, monday, count in weeks]
        return [each for each in found if each[2] < self.today - QUIET or each[1] > self.today]

    def first_day(self, grade: int, random: Random) -> date:
        """A first day at school for a pupil who is in `grade` now: about the fourth birthday, so all year round."""
        year = school_year(self.today) - grade + 1
        earliest, latest = date(year, 1, 8), date(year, 12, 18)
        if grade == 1:
            # The youngest have yet to come; on the list stand those who come soon.
            latest = self.today + timedelta(days=60)
        return self._school_day(earliest + timedelta(days=random.randrange((latest - earliest).days)))

    @staticmethod
    def _school_day(day: date) -> date:
        summer_ends = date(day.year, 8, 24)
        if date(day.year, 7, 10) <= day < summer_ends:
            day = summer_ends
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day
