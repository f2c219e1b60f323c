"""Not these two, what colleagues think of a proposal, and what a school finds important: kept, and read by matching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from buddies import candidates, due
from buddies.actions import consents, matches, opinions, pool, requests
from buddies.actions.errors import NotACandidate, NoTheme
from buddies.matching import NOT_SUITABLE
from buddies.models import (
    Buddy,
    ClickReason,
    CloseReason,
    Experience,
    Judgement,
    KeptApart,
    SupportRequest,
    Theme,
    Verdict,
    WhyApart,
)
from school import clock
from school.actions import ParentDetails
from school.models import AuditEvent, Child, Group, Membership, Parent
from tests.cast import AddBuddy, Signalled

from .newcomers import starts

LATER = timedelta(days=183)
Apart = Callable[..., KeptApart]


@pytest.fixture
def apart(ib: Membership) -> Apart:
    """`apart(request, buddy)` keeps the two apart for half a year."""

    def keep(
        request: SupportRequest, buddy: Buddy, days: timedelta = LATER, by: Membership = ib
    ) -> KeptApart:
        opinions.keep_apart(
            request=request, buddy=buddy, reason=WhyApart.CLASHED, until=clock.today() + days, by=by
        )
        return KeptApart.objects.of(request.parent, buddy.parent).get()

    return keep


def first(request: SupportRequest) -> list[int]:
    """The buddies who can be asked, best first."""
    return [found.buddy for found in candidates.ranking(request, clock.today()).candidates]


# Not these two


def test_kept_apart_is_for_later_requests_of_either_of_the_two(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    asked, buddy = signalled("reading"), add_buddy(["reading", "divorce"], first_name="Karin")
    as_buddy = add_buddy("reading", parent=asked.parent)
    apart(asked, buddy)
    later, turned = signalled("divorce", parent=asked.parent), signalled("reading", parent=buddy.parent)
    for request, whom in ((asked, buddy), (later, buddy), (turned, as_buddy)):
        reason = candidates.exclusion(request, whom, clock.today())
        assert reason is not None
        assert reason.code == NOT_SUITABLE
        with pytest.raises(NotACandidate):
            matches.propose(
                request=request,
                buddy=whom,
                click_reasons=[ClickReason.KNOW_BOTH],
                by=ib,
                submission=uuid4(),
            )
    other = add_buddy("reading")
    assert other.pk in first(asked)


def test_kept_apart_counts_for_new_families(
    apart: Apart, signalled: Signalled, guide: Buddy, nine: Child, themes: dict[str, Theme]
) -> None:
    request = signalled("newcomer")
    apart(request, guide)
    for parent, fits in ((request.parent, False), (None, True)):
        family = candidates.Newcomer(nine, parent=parent)
        reason = candidates.newcomer_exclusion(themes["newcomer"], family, guide, clock.today())
        assert (reason is None) is fits


def test_kept_apart_ends_on_its_day_and_is_erased(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled("reading"), add_buddy("reading")
    kept = apart(request, buddy)
    before, on = kept.until - timedelta(days=1), kept.until
    assert candidates.exclusion(request, buddy, before) is not None
    assert KeptApart.objects.visible_to(ib, before).exists()
    assert candidates.exclusion(request, buddy, on) is None
    assert not KeptApart.objects.visible_to(ib, on).exists()
    assert due.forget_kept_apart(before) == 0
    assert due.forget_kept_apart(on) == 1
    assert not KeptApart.objects.exists()
    assert AuditEvent.objects.filter(action="apart.forget", actor_id=None).count() == 1


def test_kept_apart_said_twice_stands_as_it_was_and_taken_back_is_gone(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy, teacher: Membership, ib: Membership
) -> None:
    request, buddy = signalled("reading"), add_buddy("reading")
    kept = apart(request, buddy)
    assert apart(request, buddy, timedelta(days=9), by=teacher) == kept
    kept.refresh_from_db()
    assert (kept.until, kept.recorded_by) == (clock.today() + LATER, ib)
    assert AuditEvent.objects.filter(action="apart.keep").count() == 1
    for _time in range(2):
        opinions.take_back(kept=KeptApart(pk=kept.pk, school=kept.school), by=ib)
    assert first(request) == [buddy.pk]


def test_kept_apart_that_is_over_makes_place_for_another(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    request, buddy = signalled("reading"), add_buddy("reading")
    KeptApart.objects.filter(pk=apart(request, buddy).pk).update(until=clock.today())
    assert apart(request, buddy).until == clock.today() + LATER


def test_kept_apart_needs_somebody_who_looks_and_two_people(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy, closed = add_buddy("reading"), signalled("reading")
    requests.close(request=closed, reason=CloseReason.HELPED, by=ib)
    for request in (signalled(discussed=False), signalled(None), closed):
        with pytest.raises(NoTheme):
            apart(request, buddy)
        with pytest.raises(NoTheme):
            opinions.judge(request=request, buddy=buddy, verdict=Verdict.GOOD, by=ib)
    with pytest.raises(NotACandidate):
        apart(signalled("reading", parent=buddy.parent), buddy)
    assert not KeptApart.objects.exists()
    assert not Judgement.objects.exists()


def test_kept_apart_goes_with_either_parent_and_outlives_the_request(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    for goes in ("parent", "other"):
        request, buddy = signalled("reading"), add_buddy("reading")
        kept = apart(request, buddy)
        SupportRequest.objects.filter(pk=request.pk).get().delete()
        kept.refresh_from_db()
        assert kept.request is None
        Buddy.objects.filter(pk=buddy.pk).delete()
        Parent.objects.get(pk=getattr(kept, f"{goes}_id")).delete()
        assert not KeptApart.objects.exists()


def test_kept_apart_follows_a_parent_who_turns_out_to_be_known(
    apart: Apart, signalled: Signalled, add_buddy: AddBuddy, parents: dict[str, Parent], ib: Membership
) -> None:
    """Of two agreements about the same two, the one that holds longest stays."""
    known, buddy, other = parents["Fatma"], add_buddy(["reading", "divorce"]), add_buddy("reading")
    apart(signalled("divorce", parent=known), buddy, timedelta(days=9))
    typed = signalled("reading")
    for whom in (buddy, other):
        apart(typed, whom)
    going_on = requests.link_parent(request=typed, parent=known, by=ib)
    assert not first(going_on)
    kept = KeptApart.objects.of(known, buddy.parent).get()
    assert kept.until == clock.today() + LATER
    assert KeptApart.objects.about(known).count() == KeptApart.objects.count() == 2


def test_kept_apart_follows_a_buddy_who_turns_out_to_be_known(
    signalled: Signalled, parents: dict[str, Parent], teacher: Membership, ib: Membership
) -> None:
    """Somebody kept apart from themselves is nothing."""
    suggested = pool.suggest(details=ParentDetails("Kees"), by=teacher, submission=uuid4())
    asked, themselves = signalled("reading"), signalled("divorce", parent=parents["Samira"])
    keep = partial(KeptApart.objects.create, school=ib.school, other=suggested.parent, recorded_by=ib)
    for request in (asked, themselves):
        keep(parent=request.parent, reason=WhyApart.OTHER, until=clock.today() + LATER)
    pool.link_parent(buddy=suggested, parent=parents["Samira"], by=ib)
    [kept] = KeptApart.objects.all()
    assert (kept.parent, kept.other) == (asked.parent, parents["Samira"])


def test_kept_apart_is_seen_by_who_sees_the_request_or_wrote_it_down(
    apart: Apart,
    signalled: Signalled,
    add_buddy: AddBuddy,
    ib: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    other_ib: Membership,
    themes: dict[str, Theme],
) -> None:
    """Said about a language question it shows nothing to who arranges the newcomers, though they see both people."""
    buddy = add_buddy(["language", "newcomer"], languages=("nl", "ti"))
    asked = signalled("language", languages=("ti",))
    signalled("newcomer", parent=asked.parent)
    kept = apart(asked, buddy)

    def seen(by: Membership) -> bool:
        return KeptApart.objects.visible_to(by, clock.today()).exists()

    assert [seen(member) for member in (ib, bouwcoordinator, director, other_ib)] == [
        True,
        True,
        False,
        False,
    ]
    KeptApart.objects.filter(pk=kept.pk).update(recorded_by=director)
    assert seen(director)
    KeptApart.objects.filter(pk=kept.pk).update(recorded_by=ib)
    Membership.objects.filter(pk=bouwcoordinator.pk).update(parent=buddy.parent)
    assert not seen(Membership.objects.get(pk=bouwcoordinator.pk))
    asked.delete()
    assert seen(director)
    Experience.objects.filter(buddy=buddy, theme=themes["newcomer"]).delete()
    assert not seen(director)


# Not within the class


def test_outside_class_goes_with_the_consent_and_with_the_theme(
    signalled: Signalled,
    add_buddy: AddBuddy,
    ib: Membership,
    themes: dict[str, Theme],
    groups: dict[str, Group],
) -> None:
    request, near = signalled("reading", group=groups["4B"]), add_buddy("reading")
    child = starts("Bas", ib, group=groups["4B"])
    near.parent.guardianship_set.create(school=ib.school, child=child)
    assert first(request) == [near.pk]
    requests.choose_theme(
        request=request, wanted=requests.Wanted(themes["reading"], outside_class=True), by=ib
    )
    request.refresh_from_db()
    reason = candidates.exclusion(request, near, clock.today())
    assert reason is not None
    assert reason.code == "outside_class"
    assert request.search_consent is not None
    consents.withdraw(consent=request.search_consent, by=ib)
    request.refresh_from_db()
    assert (request.theme, request.outside_class) == (None, False)


# What colleagues think


def test_judgement_orders_and_the_least_favourable_counts(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, teacher: Membership
) -> None:
    request, liked, other = signalled("reading"), add_buddy("reading"), add_buddy("reading")
    judge = partial(opinions.judge, request=request, buddy=other)

    def feedback() -> list[tuple[str, int]]:
        found = candidates.ranking(request, clock.today()).candidates
        told = {c.buddy: [*c.reasons, *c.attention] for c in found}[other.pk]
        return [(reason.code, reason.level) for reason in told]

    assert first(request) == [liked.pk, other.pk]
    judge(verdict=Verdict.GOOD, by=ib)
    assert first(request) == [other.pk, liked.pk]
    judge(verdict=Verdict.DOUBTFUL, by=teacher)
    assert feedback() == [("feedback", -1)]
    assert first(request) == [liked.pk, other.pk]
    judge(verdict=Verdict.NO, by=ib)
    judge(verdict=Verdict.GOOD, by=teacher)
    assert feedback() == [("feedback", -3)]
    judge(verdict=Verdict.GOOD, by=ib)
    assert feedback() == [("feedback", 1)]
    assert Judgement.objects.count() == 2
    assert AuditEvent.objects.filter(action="judgement.record").count() == 5
    assert first(signalled("reading")) == [liked.pk, other.pk]  # another request


def test_judgement_goes_with_the_theme_the_experience_and_the_request(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy = add_buddy(["reading", "divorce"])
    withdrawn, kept, gone = signalled("reading"), signalled("divorce"), signalled("reading")
    for request in (withdrawn, kept, gone):
        opinions.judge(request=request, buddy=buddy, verdict=Verdict.NO, by=ib)
    assert withdrawn.search_consent is not None
    consents.withdraw(consent=withdrawn.search_consent, by=ib)
    assert set(Judgement.objects.values_list("request", flat=True)) == {kept.pk, gone.pk}
    reading = Experience.objects.get(buddy=buddy, theme__code="reading")
    consents.withdraw(consent=reading.consent, by=ib)
    assert set(Judgement.objects.values_list("request", flat=True)) == {kept.pk}
    kept.delete()
    assert not Judgement.objects.exists()


def test_judgement_goes_with_another_theme(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, themes: dict[str, Theme]
) -> None:
    """Who arranges the new theme reads nothing of what was thought for the one before."""
    request, buddy = signalled("reading"), add_buddy(["reading", "divorce"])
    opinions.judge(request=request, buddy=buddy, verdict=Verdict.NO, by=ib)
    choose = partial(requests.choose_theme, request=request, by=ib)
    choose(wanted=requests.Wanted(themes["reading"], wish="mother"))
    assert Judgement.objects.count() == 1, "still about the same"
    choose(wanted=requests.Wanted(themes["divorce"]))
    assert not Judgement.objects.exists()


def test_judgement_stays_when_a_second_request_joins_the_first(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, teacher: Membership
) -> None:
    """Of the same colleague about the same buddy, what was said for the request that goes on."""
    one, other = add_buddy("reading"), add_buddy("reading")
    first, second = signalled("reading"), signalled("reading")
    for request, buddy, verdict, by in (
        (first, one, Verdict.GOOD, ib),
        (second, one, Verdict.NO, ib),
        (second, one, Verdict.DOUBTFUL, teacher),
        (second, other, Verdict.NO, ib),
    ):
        opinions.judge(request=request, buddy=buddy, verdict=verdict, by=by)
    requests.link_parent(request=second, parent=first.parent, by=ib)
    said = Judgement.objects.values_list("request", "buddy", "recorded_by", "verdict")
    assert set(said) == {
        (first.pk, one.pk, ib.pk, Verdict.GOOD),
        (first.pk, one.pk, teacher.pk, Verdict.DOUBTFUL),
        (first.pk, other.pk, ib.pk, Verdict.NO),
    }
