"""Who sees what (invariant 5): own themes only, nothing of another school, and nothing of one's own matter."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from buddies.actions import matches
from buddies.actions.schools import set_coordinator
from buddies.models import (
    Buddy,
    CheckIn,
    EndReason,
    Match,
    Method,
    Signal,
    SupportRequest,
    Theme,
    ThemeCoordinator,
    TipGiver,
    visible_parents,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Membership, Parent
from school.roles import Role
from tests.cast import AddBuddy, Proposed, Signalled, member

THEMES = ("reading", "newcomer", "language")


@dataclass
class Matter:
    """One request with its buddy, match and check-ins."""

    request: SupportRequest
    match: Match

    def seen_by(self, membership: Membership) -> set[str]:
        """Which of its rows `membership` may see."""
        someone, on = Membership.objects.get(pk=membership.pk), clock.today()
        found = {
            "request": SupportRequest.objects.visible_to(someone, on).filter(pk=self.request.pk),
            "match": Match.objects.visible_to(someone, on).filter(pk=self.match.pk),
            "checkin": CheckIn.objects.visible_to(someone, on).filter(match=self.match),
            "buddy": Buddy.objects.visible_to(someone, on).filter(pk=self.match.buddy_id),
            "parent": visible_parents(someone, on).filter(pk=self.match.parent_id),
            "buddy's parent": visible_parents(someone, on).filter(pk=self.match.buddy_parent_id),
        }
        return {name for name, rows in found.items() if rows.exists()}


ALL = {"request", "match", "checkin", "buddy", "parent", "buddy's parent"}


@pytest.fixture
def matters(proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy) -> dict[str, Matter]:
    """A connected match in each of three themes."""
    found = {}
    for code in THEMES:
        request = signalled(code, languages=("ti",))
        buddy = add_buddy(code, languages=("nl", "ti"))
        found[code] = Matter(request, proposed(request, buddy, status=MatchStatus.CONNECTED))
    return found


def test_own_themes_only(
    matters: dict[str, Matter],
    ib: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    teacher: Membership,
    admin_member: Membership,
    other_ib: Membership,
) -> None:
    sees = {
        ib: THEMES,
        director: ("newcomer",),
        bouwcoordinator: ("language",),
        teacher: (),
        admin_member: (),
        other_ib: (),
    }
    for who, codes in sees.items():
        for code, matter in matters.items():
            assert matter.seen_by(who) == (ALL if code in codes else set()), (who, code)


def test_deputy_sees_what_the_coordinator_sees(
    matters: dict[str, Matter], teacher: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    set_coordinator(theme=themes["newcomer"], membership=teacher, by=None, deputy=True)
    for who in (teacher, director):
        assert [code for code, matter in matters.items() if matter.seen_by(who)] == ["newcomer"]


def test_who_hands_a_theme_over_sees_it_no_more(
    matters: dict[str, Matter], teacher: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    set_coordinator(theme=themes["newcomer"], membership=teacher, by=None)
    assert matters["newcomer"].seen_by(director) == set()
    assert matters["newcomer"].seen_by(teacher) == ALL


def test_administrator_sees_nothing_even_when_named(
    matters: dict[str, Matter], admin_member: Membership, themes: dict[str, Theme]
) -> None:
    set_coordinator(theme=themes["reading"], membership=admin_member, by=None)
    assert matters["reading"].seen_by(admin_member) == set()


def test_theme_hidden_from_the_intern_begeleider(
    matters: dict[str, Matter], ib: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    Theme.objects.filter(pk=themes["newcomer"].pk).update(hidden_from_intern_begeleider=True)
    assert matters["newcomer"].seen_by(ib) == set()
    assert matters["newcomer"].seen_by(director) == ALL
    set_coordinator(theme=themes["newcomer"], membership=ib, by=None, deputy=True)
    assert matters["newcomer"].seen_by(ib) == ALL


def test_without_a_theme_only_with_all_themes(
    signalled: Signalled,
    ib: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    teacher: Membership,
) -> None:
    requests = {signalled(None).pk, signalled(discussed=False).pk}
    on = clock.today()
    assert set(SupportRequest.objects.visible_to(ib, on).values_list("pk", flat=True)) == requests
    for who in (director, bouwcoordinator, teacher):
        assert not SupportRequest.objects.visible_to(who, on).exists()
        assert not visible_parents(who, on).exists()


def test_buddy_is_seen_through_an_experience_in_ones_theme(
    add_buddy: AddBuddy, ib: Membership, director: Membership, bouwcoordinator: Membership
) -> None:
    both, reader = add_buddy(["reading", "newcomer"]), add_buddy("reading")
    on = clock.today()
    assert set(Buddy.objects.visible_to(ib, on)) == {both, reader}
    assert set(Buddy.objects.visible_to(director, on)) == {both}
    assert not Buddy.objects.visible_to(bouwcoordinator, on).exists()


def test_signaller_sees_own_signals_not_the_request(
    signalled: Signalled, teacher: Membership, other_teacher: Membership
) -> None:
    mine = signalled()
    signalled(by=other_teacher)
    on = clock.today()
    assert [signal.request for signal in Signal.objects.of(teacher, on)] == [mine]
    assert not SupportRequest.objects.visible_to(teacher, on).exists()


def test_tip_is_for_the_signaller_while_the_parent_is_asked(
    signalled: Signalled, proposed: Proposed, ib: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    proposed(signalled(), status=MatchStatus.WAITING_FOR_PARENT)
    assert [tip.pk for tip in Match.objects.tips_of(teacher)] == [match.pk]
    assert not Match.objects.tips_of(other_teacher).exists()
    matches.record_parent_yes(match=match, method=Method.CONVERSATION, by=teacher)
    assert not Match.objects.tips_of(teacher).exists()
    assert not Match.objects.visible_to(teacher, clock.today()).exists()


# One's own matter


def also_parent(membership: Membership, parent: Parent) -> None:
    """This member is a parent here too."""
    Membership.objects.filter(pk=membership.pk).update(parent=parent)


@pytest.mark.parametrize("staff_is", ["Fatma", "Kemal"])
@pytest.mark.parametrize("side", ["asker", "buddy"])
@pytest.mark.parametrize("ended", [False, True])
def test_party_sees_nothing_of_their_own_matter(
    proposed: Proposed,
    signalled: Signalled,
    add_buddy: AddBuddy,
    ib: Membership,
    parents: dict[str, Parent],
    themes: dict[str, Theme],
    teacher: Membership,
    staff_is: str,
    side: str,
    ended: bool,
) -> None:
    """Fatma asks or is the buddy. Neither she nor Kemal, the other parent of Sem, opens any of it at work; whoever
    else arranges the theme does. A match that has ended is their matter as well."""
    if side == "asker":
        match = proposed(signalled(parent=parents["Fatma"]), add_buddy())
    else:
        match = proposed(signalled(), add_buddy(parent=parents["Fatma"]))
    if ended:
        matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    matter = Matter(match.request, match)
    assert matter.seen_by(ib) == ALL - {"checkin"}
    also_parent(ib, parents[staff_is])
    own = {"buddy", "buddy's parent"} if side == "asker" else {"parent"}
    assert matter.seen_by(ib) & {"request", "match", "checkin"} == set()
    assert matter.seen_by(ib) <= own  # the other person's own rows are another matter
    set_coordinator(theme=themes["reading"], membership=teacher, by=None)
    assert matter.seen_by(teacher) == ALL - {"checkin"}


def test_party_does_not_see_their_own_signal_or_tip(
    proposed: Proposed, signalled: Signalled, teacher: Membership, parents: dict[str, Parent]
) -> None:
    request = signalled(parent=parents["Fatma"])
    proposed(request, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    assert Match.objects.tips_of(teacher).exists()
    also_parent(teacher, parents["Kemal"])
    again = Membership.objects.get(pk=teacher.pk)
    assert not Match.objects.tips_of(again).exists()
    assert not Signal.objects.of(again, clock.today()).exists()


def test_tip_about_a_buddy_who_is_the_signallers_own_matter_is_not_theirs_to_give(
    proposed: Proposed,
    signalled: Signalled,
    add_buddy: AddBuddy,
    teacher: Membership,
    parents: dict[str, Parent],
) -> None:
    buddy = add_buddy(parent=parents["Fatma"])
    proposed(signalled(), buddy, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    also_parent(teacher, parents["Kemal"])
    assert not Match.objects.tips_of(Membership.objects.get(pk=teacher.pk)).exists()


def test_two_parents_of_one_child_have_two_matters(
    signalled: Signalled,
    ib: Membership,
    teacher: Membership,
    parents: dict[str, Parent],
    themes: dict[str, Theme],
) -> None:
    """Staff who are neither see both, each by itself; a stranger with the same name is nobody's party."""
    of_fatma = signalled("divorce", parent=parents["Fatma"])
    of_kemal = signalled("divorce", parent=parents["Kemal"])
    of_another = signalled("divorce", first_name="Kemal", last_name="Yılmaz")
    on = clock.today()
    assert set(SupportRequest.objects.visible_to(ib, on)) == {of_fatma, of_kemal, of_another}
    also_parent(ib, parents["Kemal"])
    again = Membership.objects.get(pk=ib.pk)
    assert again.parties == {parents["Kemal"].pk, parents["Fatma"].pk}
    assert set(SupportRequest.objects.visible_to(again, on)) == {of_another}
    assert visible_parents(again, on).get() == of_another.parent


def test_parent_typed_with_the_child_of_a_colleague_is_their_matter_at_once(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    """Before anybody says who she is: Sem's mother is the other parent of Kemal's child."""
    request = signalled(child=children["Sem"], first_name="", last_name="")
    also_parent(ib, parents["Kemal"])
    again = Membership.objects.get(pk=ib.pk)
    assert not SupportRequest.objects.visible_to(again, clock.today()).filter(pk=request.pk).exists()


# Themes that reach nobody


def test_theme_without_somebody_at_work(
    ib: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    def reaches_nobody() -> set[str]:
        return {
            theme.code for theme in Theme.objects.filter(school=ib.school).without_coordinator(clock.today())
        }

    assert reaches_nobody() == set()
    Theme.objects.filter(pk=themes["divorce"].pk).update(hidden_from_intern_begeleider=True)
    assert reaches_nobody() == {"divorce"}
    Membership.objects.filter(pk=ib.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert reaches_nobody() == set(themes) - {"newcomer"}
    member(ib.school, "Nieuwe", Role.INTERN_BEGELEIDER)
    assert reaches_nobody() == {"divorce"}
    Theme.objects.filter(pk=themes["divorce"].pk).update(hidden=True)
    assert reaches_nobody() == set()


def test_coordinator_and_deputy_are_one_person_each(
    director: Membership, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    theme = themes["newcomer"]
    set_coordinator(theme=theme, membership=teacher, by=None, deputy=True)
    set_coordinator(theme=theme, membership=ib, by=None, deputy=True)
    set_coordinator(theme=theme, membership=ib, by=None)
    named = ThemeCoordinator.objects.filter(theme=theme).values_list("membership", "deputy")
    assert list(named) == [(ib.pk, False)]
