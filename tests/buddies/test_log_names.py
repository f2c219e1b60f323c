"""In the log a name shows only to who may open what it is about, and nobody reads of their own family's matters."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from buddies.actions import matches, pool
from buddies.actions.schools import set_coordinator
from buddies.models import Buddy, CheckIn, Match, Method, NewcomerOffer, Person, Theme
from buddies.workflow import MatchStatus
from meetings.actions import meetings
from meetings.models import Meeting
from school import audit, clock, log
from school.actions import ParentDetails, create_parent, link_child
from school.models import AuditEvent, Child, Membership, Parent
from school.reading.log import may_open, seen_by
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled, member
from tests.school.test_log import ADDRESS, lines

from .holder import HandOut
from .newcomers import offered
from .watch import queries

# Of these models no row is about a family.
ABOUT_NO_FAMILY = {"", "agreements", "group", "holiday", "membership", "ownpoint", "school", "theme", "user"}


@pytest.fixture
def everything_happened(
    ib: Membership, teacher: Membership, director: Membership, hand_out: HandOut,
    proposed: Proposed, add_buddy: AddBuddy, signalled: Signalled, children: dict[str, Child],
) -> Match:  # fmt: skip
    """Something of every kind, all of it about reading; the new family and the match that is given are Dirkje's."""
    match = hand_out(Person.BUDDY).match
    connected = proposed(status=MatchStatus.CONNECTED)
    for checkin in CheckIn.objects.filter(match=connected):
        matches.record_checkin(checkin=checkin, answer="fine", by=ib)  # type: ignore[arg-type]  # its value
    offered(children["Zoë"], director)
    plan = meetings.Plan(at=clock.now(), parents=(meetings.ParentComing(),), child=children["Lina"])
    meetings.plan(plan=plan, by=teacher, submission=uuid4())
    for row in (match, match.request, match.buddy, match.parent, children["Zoë"]):
        audit.record(f"{'request' if row == match.request else 'match'}.look", row, by=ib)
    return match


def targets() -> set[log.Target]:
    """All that the log is about."""
    rows = AuditEvent.objects.exclude(target_id=None).values_list("target_type", "target_id").distinct()
    return {(name, pk) for name, pk in rows if pk is not None}


def named(membership: Membership, wanted: Iterable[log.Target]) -> dict[str, set[int]]:
    """Of which rows this member reads the name, by the name of their model."""
    found: dict[str, set[int]] = {}
    for name, pk in may_open(wanted, membership, clock.today()):
        found.setdefault(name, set()).add(pk)
    return found


@pytest.mark.usefixtures("everything_happened")
def test_every_kind_of_record_is_named_to_who_may_open_it(ib: Membership, teacher: Membership) -> None:
    """Ineke arranges reading; what was erased and refusals have no name, for anybody."""
    on = clock.today()
    known = named(ib, targets())
    for model in ("supportrequest", "match", "buddy", "checkin", "personallink", "consent", "parent"):
        assert known[model] == {pk for name, pk in targets() if name == model}, model
    assert "meeting" not in known
    assert named(teacher, targets()) == {"meeting": {Meeting.objects.get().pk}}
    assert all(record.title for record in may_open(targets(), ib, on).values())


@pytest.mark.usefixtures("everything_happened")
def test_director_reads_names_of_their_own_themes_only(
    director: Membership, themes: dict[str, Theme]
) -> None:
    known = named(director, targets())
    offer = NewcomerOffer.objects.get()
    assert known["newcomeroffer"] == {offer.pk}
    assert known["child"] == {offer.child_id}
    assert {"membership", "theme"} <= set(known)
    assert not set(known) & {
        "supportrequest",
        "match",
        "buddy",
        "checkin",
        "personallink",
        "consent",
        "meeting",
    }
    set_coordinator(theme=themes["reading"], membership=director, by=None)
    assert {"supportrequest", "match", "buddy", "consent"} <= set(
        named(Membership.objects.get(pk=director.pk), targets())
    )


@pytest.mark.usefixtures("everything_happened")
def test_administrator_reads_names_of_colleagues_only(admin_member: Membership) -> None:
    assert set(named(admin_member, targets())) <= {"membership", "user", "group", "holiday"}


def test_name_of_a_consent_to_another_theme_is_not_shown(
    director: Membership, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    """Dirkje sees this buddy, who helps with reading as well: that is not hers to know."""
    buddy = add_buddy(["newcomer", "reading"])
    consents = {
        consent.theme.code if consent.theme else "": ("consent", consent.pk)
        for consent in buddy.parent.consent_set.select_related("theme")
    }
    known = may_open(consents.values(), director, clock.today())
    assert set(known) == {consents["newcomer"], consents[""]}


def test_buddy_of_whom_something_was_recorded_in_another_theme_is_not_named(
    dirkje: Client, ib: Membership, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    """Dirkje sees this buddy in her own theme; that there is another is not hers to know."""
    buddy = add_buddy("newcomer", first_name="Saskia")
    for code in ("newcomer", "reading"):
        pool.add_experience(buddy=buddy, theme=themes[code], words="ook", method=Method.PHONE, by=ib)
    told = "Ineke legde een ervaring van een ouderbuddy vast"
    found = [line for line in lines(dirkje.get(ADDRESS)) if line.startswith(told)]
    assert found == [told, f"{told}: Saskia Bakker"]
    about = lines(dirkje.get(ADDRESS, {"over": f"buddy-{buddy.pk}"}))
    assert not [line for line in about if line.startswith(told)]


def test_log_of_one_record_opens_for_who_may_open_the_record(
    dirkje: Client, ib: Membership, add_buddy: AddBuddy
) -> None:
    own, other = add_buddy("newcomer", first_name="Saskia"), add_buddy("reading")
    for buddy in (own, other):
        audit.record("buddy.look", buddy, by=ib)
    page = dirkje.get(ADDRESS, {"over": f"buddy-{own.pk}"})
    assert lines(page)[0] == "Ineke bekeek een ouderbuddy: Saskia Bakker"
    assert all("Saskia" in line for line in lines(page))
    count = AuditEvent.objects.count()
    for about in (f"buddy-{other.pk}", f"buddy-{10**12}", f"theme-{10**12}", "session-1"):
        assert dirkje.get(ADDRESS, {"over": about}).status_code == 404
    assert AuditEvent.objects.count() == count
    address = f"{ADDRESS}?over=buddy-{own.pk}"
    assert address in dirkje.get(f"/de-wilgen/buddys/{own.pk}/").content.decode()


def test_page_of_a_buddy_leads_to_the_log_for_who_may_read_it_only(
    ineke: Client, add_buddy: AddBuddy
) -> None:
    assert ADDRESS not in ineke.get(f"/de-wilgen/buddys/{add_buddy().pk}/").content.decode()


def test_administrator_learns_nothing_about_themes(
    client_of: ClientOf,
    admin_member: Membership,
    director: Membership,
    themes: dict[str, Theme],
    ib: Membership,
) -> None:
    set_coordinator(theme=themes["divorce"], membership=ib, by=director)
    ahmed = client_of(admin_member)
    page = ahmed.get(ADDRESS)
    assert "Dirkje veranderde wie een onderwerp regelt" in lines(page)
    assert "cheiding" not in page.content.decode()
    assert ahmed.get(ADDRESS, {"over": f"theme-{themes['divorce'].pk}"}).status_code == 404


# One's own family


@pytest.fixture
def own_child(director: Membership, children: dict[str, Child]) -> Child:
    """Lina, whose mother Dirkje is."""
    link_child(membership=director, child=children["Lina"], kind="mother", by=director)
    director.refresh_from_db()
    vars(director).pop("parties", None)
    return children["Lina"]


def own_matters(
    own_child: Child, proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> set[log.Target]:
    """The father of Lina asks and is helped, and is a buddy himself; and everything else that this brings."""
    before = targets()
    father = create_parent(school=own_child.school, details=ParentDetails("Bram"), child=own_child)
    proposed(signalled(child=own_child, parent=father), status=MatchStatus.CONNECTED)
    as_buddy = add_buddy(parent=father)
    proposed(signalled(), as_buddy, status=MatchStatus.AGREED)
    return targets() - before


def test_director_does_not_read_of_their_own_family(
    dirkje: Client, director: Membership, own_child: Child, proposed: Proposed, signalled: Signalled,
    add_buddy: AddBuddy, ib: Membership, teacher: Membership,
) -> None:  # fmt: skip
    plan = meetings.Plan(at=clock.now(), parents=(meetings.ParentComing(),), child=own_child)
    made = meetings.plan(plan=plan, by=teacher, submission=uuid4())
    other = signalled(first_name="Ander")
    own = own_matters(own_child, proposed, signalled, add_buddy)
    read = {(event.target_type, event.target_id) for event in seen_by(director, clock.today())}
    assert ("supportrequest", other.pk) in read
    assert ("meeting", made.pk) not in read
    father = Parent.objects.get(first_name="Bram")
    his = {
        "supportrequest": set(father.supportrequest_set.values_list("pk", flat=True)),
        "buddy": {Buddy.objects.get(parent=father).pk},
        "match": set(Match.objects.filter(parent=father).values_list("pk", flat=True))
        | set(Match.objects.filter(buddy_parent=father).values_list("pk", flat=True)),
    }
    assert {name for name, _pk in own} >= {"supportrequest", "buddy", "match", "consent"}
    assert [(name, pk) for name, numbers in his.items() for pk in numbers if (name, pk) in read] == []
    consents = {pk for name, pk in own if name == "consent"}
    seen = {pk for name, pk in read if name == "consent"}
    # Of those that came with it, only what other parents agreed to as buddies: their own matter.
    assert all(
        consent.parent_id != father.pk and consent.match_id not in his["match"]
        for consent in apps.get_model("buddies", "Consent").objects.filter(pk__in=consents & seen)
    )
    for name, numbers in his.items():
        for pk in numbers:
            assert dirkje.get(ADDRESS, {"over": f"{name}-{pk}"}).status_code == 404


def test_what_is_erased_comes_not_to_light(
    director: Membership, own_child: Child, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """A row that is gone cannot say any more whose it was: then who is a parent here reads nothing of it."""
    father = create_parent(school=own_child.school, details=ParentDetails("Bram"), child=own_child)
    request = signalled(child=own_child, parent=father)
    suggested = pool.suggest(details=ParentDetails("Nel"), by=ib, submission=uuid4())
    gone = [("supportrequest", request.pk), ("buddy", suggested.pk)]
    pool.stop(buddy=suggested, by=ib)
    request.delete()
    read = {(event.target_type, event.target_id) for event in seen_by(director, clock.today())}
    assert not read & set(gone)
    stranger = member(director.school, "Karin", Role.DIRECTOR)
    read = {(event.target_type, event.target_id) for event in seen_by(stranger, clock.today())}
    assert read >= set(gone)


@pytest.mark.usefixtures("everything_happened")
def test_every_kind_of_event_is_told_apart(director: Membership, own_child: Child) -> None:
    """A kind of record that nobody thought of is hidden from who is a parent here, and makes this fail."""
    models = {name for name, _pk in targets()}
    known = {name for part in log.parts() for name in (*part.others(director), *part.about_no_family)}
    assert models - known == set()
    neutral = {name for part in log.parts() for name in part.about_no_family}
    assert neutral == ABOUT_NO_FAMILY


def test_log_of_a_parent_asks_as_many_questions_for_many_events(
    dirkje: Client, own_child: Child, proposed: Proposed
) -> None:
    proposed(status=MatchStatus.AGREED)
    address = f"{ADDRESS}?soort=changes"
    few = queries(dirkje, address)
    for _time in range(3):
        proposed(status=MatchStatus.AGREED)
    assert queries(dirkje, address) == few
