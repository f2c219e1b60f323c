"""A machine that does whatever anybody could do, in any order, and after every step asks whether all promises are kept.

Each step is a rule with one number, from which it makes its choices, so that Hypothesis can leave out steps and still
tell the same story. What is asked after a step depends on the database and the day alone: it is left out when neither
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils.module_loading import import_string
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from school import clock
from school.actions.leaving import carry_out_due
from school.errors import Refused
from school.submissions import ForeignSubmission

from . import deeds, pages, promises
from .snapshot import Snapshot, take
from .steps import STEPS
from .world import Nothing, World, begin

DECLARED = (Refused, ForeignSubmission)
NUMBERS = st.integers(0, 2**32 - 1)
# How far the calendar moves: an hour, days, terms, a summer, a year.
AHEAD = (timedelta(hours=1), *(timedelta(days=days) for days in (1, 1, 3, 8, 15, 31, 45, 100, 190, 366)))


class Broken(AssertionError):
    """A promise was not kept."""


class Workflow(RuleBasedStateMachine):
    """Two schools; what was done is counted in `done`, over all stories."""

    done: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        # Other tests count wrong links and sign-ins there.
        cache.clear()
        self.savepoint = transaction.savepoint()
        self.world = begin()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @rule(number=NUMBERS)
    def later(self, number: int) -> None:
        """Time goes by."""
        self.world.answer = None
        self.world.moment += Random(number).choice(AHEAD)
        with clock.at(self.world.moment):
            self._goes_by()

    def _goes_by(self) -> None:
        """What a colleague left behind goes over when the first one comes in on a new day: here before anybody does, so
        that a look at a page changes nothing."""
        carry_out_due(clock.today())
        self._check("later", self.world.now, refused=False)

    @rule(number=NUMBERS)
    def run_due(self, number: int) -> None:
        """After a while, what is past its term goes; run again, nothing more happens."""
        self.world.moment += Random(number).choice(AHEAD)
        before, self.world.answer, self.world.actor = self.world.now, None, None
        with clock.at(self.world.moment):
            for path in settings.DUE_JOBS:
                import_string(path)(clock.today())
            self._check("run_due", before, refused=False)
            _none_of(promises.gone_after_its_term(self.world.now))
            again = sum(import_string(path)(clock.today()) for path in settings.DUE_JOBS)
            if again:
                raise Broken(f"run_due found {again} more when it ran again")

    def act(self, name: str, do: Callable[[World], object], number: int) -> None:
        """One step, refused or done, and all that must be true after it."""
        world = self.world
        world.dice, world.actor, world.answer = Random(number), None, None
        world.moment += timedelta(seconds=20)
        with clock.at(world.moment):
            if clock.today() != world.now.day:
                self._goes_by()
            before, refused = world.now, False
            try:
                do(world)
            except Nothing:
                if world.answer is None:
                    return
            except DECLARED:
                refused = True
            self._check(name, before, refused=refused)

    def _check(self, name: str, before: Snapshot, *, refused: bool) -> None:
        world = self.world
        type(self).done[name + (" (refused)" if refused else "")] += 1
        connection.check_constraints()  # what the database looks at when it commits
        now = world.now = take(clock.today(), before)
        changed = any(now.tables[each] is not before.tables[each] for each in now.tables)
        if refused and (changed or now.events):
            raise Broken(f"{name} was refused and changed {sorted(_changed(before, now))}, {now.events}")
        _none_of(pages.broken(world, before, now))
        if changed:
            _none_of(deeds.logged(before, now))
            _none_of(deeds.rests_on_what_is_valid(before, now))
            _none_of(deeds.only_who_arranges_asks_a_buddy(before, now, world.actor))
            if deeds.is_about_meetings(name):
                _none_of(deeds.meetings_reach_nobody(before, now))
            for promise in promises.ALWAYS:
                _none_of(promise(now))
        if changed or now.day != before.day:
            world.sight.look(now)
            _none_of(world.sight.too_much(now))


def _changed(before: Snapshot, now: Snapshot) -> set[str]:
    return {name for name in now.tables if now.tables[name] is not before.tables[name]}


def _none_of(broken: Iterator[str]) -> None:
    found = list(broken)
    if found:
        raise Broken("; ".join(found[:5]))


def _rule(name: str, do: Callable[[World], object]) -> None:
    def run(self: Workflow, number: int) -> None:
        self.act(name, do, number)

    run.__name__ = name
    setattr(Workflow, name, rule(number=NUMBERS)(run))


for _name, _do in {**STEPS, **pages.STEPS}.items():
    _rule(_name, _do)
