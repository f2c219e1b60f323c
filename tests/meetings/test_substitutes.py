"""A substitute sees what there is from their first day, and what was shared or handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import make_aware

from buddies.actions import newcomers, requests
from buddies.actions.schools import set_coordinator
from buddies.models import (
    Buddy,
    CheckIn,
    Match,
    NewcomerOffer,
    SupportRequest,
    Theme,
    ThemeCoordinator,
    visible_parents,
)
from buddies.models.newcomers import starting_for
from buddies.reading.lists import request_list
from buddies.workflow import MatchStatus
from meetings.models import Audience, Meeting
from school import clock
from school.actions import Days, ParentDetails, Stay, add_colleague, change_days, show_what_was_before
from school.errors import MayNotGiveRoles, Yourself
from school.models import AuditEvent, Child, Group, Membership, School
from school.roles import Role
from school.worklist import collect
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .conftest import Planned

TODAY, DAY = clock.today(), timedelta(days=1)
OLD = make_aware(datetime.combine(TODAY - 40 * DAY, time(12)))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Noon, on every machine."""
    with clock.at(make_aware(datetime.combine(TODAY, time(12)))):
        yield


def substitute(
    director: Membership, name: str, *roles: Role, groups: tuple[Group, ...] = (), first: date = TODAY
) -> Membership:
    """Somebody who comes for three weeks."""
    add_colleague(
        email=f"{name.lower()}@de-wilgen.invalid",
        name=name,
        roles=roles,
        groups=groups,
        days=Days(first, first + 21 * DAY),
        by=director,
    )
    return fresh(Membership.objects.get(user__name=name))


def fresh(membership: Membership) -> Membership:
    return Membership.objects.select_related("school", "user", "parent").get(pk=membership.pk)


@pytest.fixture
def ivy(director: Membership) -> Membership:
    """Ivy, who is intern begeleider for three weeks."""
    return substitute(director, "Ivy", Role.INTERN_BEGELEIDER)


def keys(rows: Any) -> set[int]:
    return {row.pk for row in rows}


def test_only_who_comes_for_a_while_is_a_substitute(
    director: Membership, ivy: Membership, teacher: Membership
) -> None:
    assert ivy.sees_from == TODAY
    change_days(membership=teacher, stay=Stay(Days(teacher.starts_on, TODAY + 9 * DAY)), by=director)
    assert fresh(teacher).sees_from is None


def test_what_is_older_is_not_there(
    ivy: Membership,
    ib: Membership,
    director: Membership,
    proposed: Proposed,
    signalled: Signalled,
    planned: Planned,
    children: dict[str, Child],
    add_buddy: AddBuddy,
) -> None:
    """Through every door of the models, on Vandaag, and in the counts."""

    def offered(child: str) -> NewcomerOffer:
        told = newcomers.Told(ParentDetails("Nieuw"))
        return newcomers.offer(child=children[child], told=told, in_mind=None, by=ib, submission=uuid4())

    def everything() -> dict[str, int]:
        match = proposed(status=MatchStatus.CONNECTED)
        return {
            "match": match.pk,
            "request": match.request_id,
            "buddy": match.buddy_id,
            "parent": match.parent_id,
            "meeting": planned(audience=Audience.INTERN_BEGELEIDER).pk,
        }

    Child.objects.update(start_date=TODAY)
    set_coordinator(theme=Theme.objects.get(school=ivy.school, code="newcomer"), membership=ivy, by=None)
    with clock.at(OLD):
        old, old_offer = everything(), offered("Sem")
    new, new_offer = everything(), offered("Noor")

    def seen(who: Membership) -> dict[str, set[int]]:
        return {
            "match": keys(Match.objects.visible_to(who, TODAY)),
            "request": keys(SupportRequest.objects.visible_to(who, TODAY)),
            "buddy": keys(Buddy.objects.visible_to(who, TODAY)),
            "parent": keys(visible_parents(who, TODAY)),
            "meeting": keys(Meeting.objects.visible_to(who, TODAY)),
        }

    for kind, found in seen(ivy).items():
        assert old[kind] not in found, kind
        assert new[kind] in found, kind
    for kind, found in seen(ib).items():
        assert {old[kind], new[kind]} <= found, kind
    assert keys(NewcomerOffer.objects.visible_to(ivy, TODAY)) == {new_offer.pk}
    assert children["Sem"] not in starting_for(ivy, TODAY)
    assert children["Noor"] in starting_for(ivy, TODAY)
    assert old_offer.pk in keys(NewcomerOffer.objects.visible_to(ib, TODAY))
    assert set(CheckIn.objects.visible_to(ivy, TODAY).values_list("match", flat=True)) == {new["match"]}
    assert sum(number for *_rest, number in request_list(ivy, TODAY).counts) == 1
    urls = [item.url for item in collect(ivy, TODAY + 60 * DAY)]
    old_calls = CheckIn.objects.filter(match=old["match"])
    assert not {reverse("buddies:checkin", args=["de-wilgen", call.pk]) for call in old_calls} & set(urls)


def test_director_shows_what_was_before(
    client_of: ClientOf, director: Membership, ivy: Membership, admin_member: Membership, signalled: Signalled
) -> None:
    with clock.at(OLD):
        old = signalled()
    page = reverse("colleague_earlier", args=["de-wilgen", ivy.pk])
    assert client_of(admin_member).post(page, {"shown": "yes"}).status_code == 403
    assert client_of(director).post(page, {"shown": "maybe"}).status_code == 404
    assert not SupportRequest.objects.visible_to(fresh(ivy), TODAY).exists()
    for shown, there in [("yes", True), ("yes", True), ("no", False)]:
        assert client_of(director).post(page, {"shown": shown}).status_code == 302
        assert SupportRequest.objects.visible_to(fresh(ivy), TODAY).filter(pk=old.pk).exists() is there
    assert AuditEvent.objects.filter(action="membership.earlier", target_id=ivy.pk).count() == 1
    assert AuditEvent.objects.filter(action="membership.not_earlier", target_id=ivy.pk).count() == 1
    with pytest.raises(MayNotGiveRoles):
        show_what_was_before(membership=ivy, shown=True, by=admin_member)
    with pytest.raises(Yourself):
        show_what_was_before(membership=director, shown=True, by=director)


def test_page_of_a_substitute_says_what_they_see_and_that_of_who_leaves_does_not(
    client_of: ClientOf, director: Membership, admin_member: Membership, ivy: Membership, teacher: Membership
) -> None:
    change_days(membership=teacher, stay=Stay(Days(teacher.starts_on, TODAY + 9 * DAY)), by=director)

    def said(who: Membership) -> bool:
        page = client_of(director).get(reverse("colleague", args=["de-wilgen", who.pk]))
        return reverse("colleague_earlier", args=["de-wilgen", who.pk]) in page.content.decode()

    assert (said(ivy), said(teacher)) == (True, False)
    show_what_was_before(membership=ivy, shown=True, by=director)
    assert said(ivy)
    show_what_was_before(membership=ivy, shown=False, by=director)
    # Without a last day, from an administrator: a director can still open what is older.
    change_days(membership=ivy, stay=Stay(Days(TODAY, None)), by=admin_member)
    assert said(ivy)


@pytest.mark.parametrize("days", [Days(TODAY - 90 * DAY, TODAY + 9 * DAY), Days(TODAY, None), Days()])
def test_administrator_opens_nothing_with_other_days(
    ivy: Membership, admin_member: Membership, days: Days
) -> None:
    change_days(membership=ivy, stay=Stay(days), by=admin_member)
    assert fresh(ivy).sees_from == TODAY


def test_who_stays_after_all_is_no_substitute_any_more(ivy: Membership, director: Membership) -> None:
    change_days(membership=ivy, stay=Stay(Days(TODAY, None)), by=director)
    assert fresh(ivy).sees_from is None


def test_who_comes_back_for_a_while_is_a_substitute(teacher: Membership, director: Membership) -> None:
    teacher.ends_on = TODAY - 9 * DAY
    teacher.save()
    change_days(membership=teacher, stay=Stay(Days(TODAY, TODAY + 9 * DAY)), by=director)
    assert fresh(teacher).sees_from == TODAY


def test_one_request_is_shared(
    client_of: ClientOf, ivy: Membership, ib: Membership, director: Membership, proposed: Proposed
) -> None:
    with clock.at(OLD):
        shared, other = (proposed(status=MatchStatus.CONNECTED) for _ in range(2))
    page = reverse("buddies:request", args=["de-wilgen", shared.request_id])
    share = reverse("buddies:share_request", args=["de-wilgen", shared.request_id])
    assert client_of(ivy).get(page).status_code == 404
    assert client_of(ivy).post(share, {"colleague": ivy.pk}).status_code == 404
    ineke = client_of(ib)
    assert f'value="{ivy.pk}"' in ineke.get(page).content.decode()
    for _ in range(2):
        assert ineke.post(share, {"colleague": ivy.pk}).status_code == 302
    assert ineke.post(share, {"colleague": "x"}).status_code == 302
    assert client_of(ivy).get(page).status_code == 200
    assert keys(Match.objects.visible_to(ivy, TODAY)) == {shared.pk}
    assert other.request_id not in keys(SupportRequest.objects.visible_to(ivy, TODAY))
    assert b"/delen/" not in ineke.get(page).content
    assert AuditEvent.objects.filter(action="request.share").count() == 1


def test_sharing_opens_no_theme(
    client_of: ClientOf, director: Membership, ib: Membership, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    tess = substitute(director, "Tess", Role.TEACHER)
    set_coordinator(theme=themes["divorce"], membership=tess, by=director)
    with clock.at(OLD):
        reading, divorce = signalled("reading"), signalled("divorce")
    for about in (reading, divorce):
        share = reverse("buddies:share_request", args=["de-wilgen", about.pk])
        client_of(ib).post(share, {"colleague": tess.pk})
    assert keys(SupportRequest.objects.visible_to(tess, TODAY)) == {divorce.pk}


def test_one_meeting_is_shared(
    client_of: ClientOf,
    director: Membership,
    teacher: Membership,
    planned: Planned,
    groups: dict[str, Group],
    children: dict[str, Child],
) -> None:
    tess = substitute(director, "Tess", Role.TEACHER, groups=(groups["4B"],))
    ahead = clock.now() + DAY
    with clock.at(OLD):
        old, closed = (
            planned(at=ahead, child=children["Lina"], audience=audience)
            for audience in (Audience.GROUP, Audience.ONLY_ME)
        )
    new = planned(child=children["Lina"])
    assert keys(Meeting.objects.visible_to(tess, TODAY)) == {new.pk}
    for meeting in (old, closed):
        share = reverse("meetings:share", args=["de-wilgen", meeting.pk])
        assert client_of(tess).post(share, {"colleague": tess.pk}).status_code == 404
        assert client_of(teacher).post(share, {"colleague": tess.pk}).status_code == 302
    assert keys(Meeting.objects.visible_to(tess, TODAY)) == {old.pk, new.pk}
    assert AuditEvent.objects.filter(action="meeting.share").count() == 1


def test_signalled_again_is_there_again(
    ivy: Membership, ib: Membership, signalled: Signalled, other_teacher: Membership
) -> None:
    with clock.at(OLD):
        first = signalled()
    assert not SupportRequest.objects.visible_to(ivy, TODAY).exists()
    again = signalled(by=other_teacher)
    requests.link_parent(request=again, parent=first.parent, by=ib)
    assert keys(SupportRequest.objects.visible_to(ivy, TODAY)) == {first.pk}


def test_substitute_who_takes_over_a_theme_works_on_all_of_it(
    ivy: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    ib: Membership,
    proposed: Proposed,
    signalled: Signalled,
    add_buddy: AddBuddy,
) -> None:
    with clock.at(OLD):
        language = proposed(
            signalled("language", languages=("ti",)), add_buddy("language", languages=("ti", "nl"))
        )
        signalled("reading")
    leaves = Stay(Days(None, TODAY - DAY), {"themes": ivy, "matches": ivy})
    change_days(membership=bouwcoordinator, stay=leaves, by=director)
    assert ThemeCoordinator.objects.get(membership=ivy).handed_over
    assert keys(SupportRequest.objects.visible_to(fresh(ivy), TODAY)) == {language.request_id}
    assert keys(Buddy.objects.visible_to(fresh(ivy), TODAY)) == {language.buddy_id}
    assert reverse("buddies:match", args=["de-wilgen", language.pk]) in [
        item.url for item in collect(fresh(ivy), TODAY)
    ]


def test_director_hears_when_nobody_sees_what_is_older(
    director: Membership, ib: Membership, ivy: Membership, school: School
) -> None:
    def half() -> bool:
        return reverse("team", args=["de-wilgen"]) in [item.url for item in collect(director, TODAY)]

    assert not half()
    change_days(membership=ib, stay=Stay(Days(None, TODAY - DAY)), by=director)
    assert half()
    assert set(Theme.objects.filter(school=school).without_a_past(TODAY)) == set(
        Theme.objects.filter(school=school).exclude(code="newcomer")
    )
    show_what_was_before(membership=ivy, shown=True, by=director)
    assert not half()
