"""The workflow under attack: a short run of the machine in the suite, a long one in `make nightly`."""

import os
import time
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from school import clock
from school.models import Membership

from .sight import forget_questions, questions, questions_anew
from .workflow_machine import Workflow
from .world import START, open_schools

STEPS = int(os.environ.get("ATTACK_STEPS", "0"))
A_STORY = 50
# So many of these find something to be about, and count.
COUNT = 30


@pytest.fixture
def two_schools(db: None) -> None:
    """The beginning of every story."""
    forget_questions()
    with clock.at(START):
        open_schools()


def attack(steps: int, *, derandomize: bool, shrink: bool = True) -> None:
    """Let the machine take about `steps` steps that count, in stories that each begin anew; always the same ones if
    `derandomize`. What breaks a promise is told in as few steps as can be found, unless not to `shrink` saves time."""
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=max(steps // COUNT, 1),
            stateful_step_count=A_STORY,
            derandomize=derandomize,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_anybody_does_the_promises_are_kept(two_schools: None) -> None:
    began = time.monotonic()
    Workflow.done.clear()
    try:
        attack(STEPS or 200, derandomize=not STEPS)
    finally:
        took, steps = time.monotonic() - began, sum(Workflow.done.values())
        rows = [f"{count:7} {name}" for name, count in sorted(Workflow.done.items())]
        print(f"{steps} steps, {steps / took:.0f} a second", *rows, sep="\n", flush=True)


def test_questions_are_those_of_the_day(two_schools: None) -> None:
    """The machine makes the SQL of a door once and moves the days in it: the same as making it anew."""
    day = START.date() + timedelta(days=200)
    for pk in Membership.objects.order_by("pk").values_list("pk", flat=True)[:7]:
        assert questions(pk, day, "roles and family") == questions_anew(pk, day)
