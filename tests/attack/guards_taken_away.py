"""The machine is worth what it finds: each guard of the product is taken away, and it must say so.

Not part of the suite, because each takes its time: `make nightly` runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from buddies import candidates
from buddies.actions import consents, matches, pool
from buddies.models import Buddy, Experience, Match, SupportRequest, Theme
from buddies.models.newcomers import NewcomerOfferQuerySet
from buddies.reading import links as links_reading
from meetings.models.meetings import MeetingQuerySet
from school import audit
from school.models import Membership

from .test_workflow_machine import attack, two_schools
from .workflow_machine import Broken, Workflow

__all__ = ["two_schools"]

Patch = pytest.MonkeyPatch
GUARDS: dict[str, tuple[Callable[[Patch], None], str]] = {}


def guard(finds: str) -> Callable[[Callable[[Patch], None]], None]:
    """The decorated function takes a guard away; the machine then says something in which `finds` stands."""

    def add(take_away: Callable[[Patch], None]) -> None:
        GUARDS[take_away.__name__] = take_away, finds

    return add


@guard("is full")
def capacity_check(patch: Patch) -> None:
    exclusion = candidates.exclusion

    def without(*args: Any) -> Any:
        found = exclusion(*args)
        return None if found is not None and found.code == "capacity" else found

    def any_slot(buddy: Buddy) -> int:
        taken = set(Match.objects.filter(buddy=buddy, slot__isnull=False).values_list("slot", flat=True))
        return next(slot for slot in range(1, 6) if slot not in taken)

    patch.setattr(candidates, "exclusion", without)
    patch.setattr(matches, "free_slot", any_slot)


@guard("sees request")
def theme_filter_of_requests(patch: Patch) -> None:
    def wide(self: Any, membership: Membership, on: date) -> Any:
        here = self.filter(school_id=membership.school_id)
        return here.exclude(parent__in=membership.parties).not_forgotten(on)

    patch.setattr(type(SupportRequest.objects.all()), "visible_to", wide)


@guard("sees")
def school_filter_of_themes(patch: Patch) -> None:
    def wide(self: Any, membership: Membership) -> Any:
        return Theme.objects.filter(hidden_from_intern_begeleider=False)

    patch.setattr(type(Theme.objects.all()), "owned_by", wide)
    patch.setattr(
        type(Experience.objects.all()),
        "owned_by",
        lambda self, membership: self.filter(theme__in=Theme.objects.owned_by(membership)),
    )


@guard("sees")
def party_exclusion(patch: Patch) -> None:
    patch.setattr(Membership, "parties", frozenset())


@guard("without consent")
def erasing_what_was_withdrawn(patch: Patch) -> None:
    patch.setattr(consents, "erase_experiences", lambda *args, **kwargs: None)


@guard("without a search")
def ending_what_rests_on_a_search(patch: Patch) -> None:
    def keep(consent: Any, by: Membership) -> None:
        request = SupportRequest.objects.select_related("theme").get(consents=consent)
        consents.erase_theme(request)

    patch.setattr(consents, "_stop_searching", keep)


@guard("without an event")
def audit_of_one_step(patch: Patch) -> None:
    record = audit.record

    def forgetful(action: str, *args: Any, **kwargs: Any) -> None:
        if action != "match.did_not_proceed":
            record(action, *args, **kwargs)

    patch.setattr(audit, "record", forgetful)


@guard("should have gone")
def one_job_of_run_due(patch: Patch) -> None:
    patch.setattr(settings, "DUE_JOBS", [job for job in settings.DUE_JOBS if "forget_undiscussed" not in job])


@guard("sees meeting")
def term_of_a_meeting(patch: Patch) -> None:
    patch.setattr(MeetingQuerySet, "kept", lambda self, on: self)


@guard("sees newcomeroffer")
def door_of_the_offers(patch: Patch) -> None:
    wide = lambda self, membership, on: self.filter(school_id=membership.school_id)  # noqa: E731
    patch.setattr(NewcomerOfferQuerySet, "visible_to", wide)


@guard("was refused and changed")
def transaction_of_a_step(patch: Patch) -> None:
    patch.setattr(pool, "record_offer", pool.record_offer.__wrapped__)  # type: ignore[attr-defined]
    patch.setattr(matches, "propose", matches.propose.__wrapped__)  # type: ignore[attr-defined]
    patch.setattr(matches, "all_discussed", matches.all_discussed.__wrapped__)  # type: ignore[attr-defined]


@guard("consent that is not valid")
def expiry_of_a_consent(patch: Patch) -> None:
    exclusion = candidates.exclusion

    def without(*args: Any) -> Any:
        found = exclusion(*args)
        return None if found is not None and found.code == "consent" else found

    patch.setattr(candidates, "exclusion", without)


@guard("is named on a personal link")
def silence_about_the_other(patch: Patch) -> None:
    page = links_reading.page

    def chatty(link: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return page(link, *args, **kwargs) | {"consent": [str(link.match.buddy_parent)]}

    patch.setattr(links_reading, "page", chatty)


@guard("was asked by member")
def the_signaller_asks_no_buddy(patch: Patch) -> None:
    record = matches.record_parent_yes

    def eager(*, match: Match, by: Membership, **kwargs: Any) -> None:
        record(match=match, by=by, **kwargs)
        matches.ask_buddy(match=match, by=by)

    patch.setattr(matches, "record_parent_yes", eager)


@pytest.mark.parametrize("name", GUARDS)
def test_the_machine_finds_that_a_guard_is_gone(
    name: str, two_schools: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_away, finds = GUARDS[name]
    take_away(monkeypatch)
    Workflow.done.clear()
    with pytest.raises(Broken, match=finds):
        attack(20_000, derandomize=True, shrink=False)
    print(f"{name}: found after {sum(Workflow.done.values())} steps", flush=True)
