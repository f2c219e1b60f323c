"""Whose request it is: the parent we know already, and what we know of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from buddies.actions import matches, requests
from buddies.models import (
    DoNotAsk,
    EndReason,
    Signal,
    SupportRequest,
)
from school import clock
from school.actions import ParentDetails, create_parent, update_parent
from school.models import Child, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

from .phone import text, told, url
from .watch import contents, recorded

# Is this the same parent?


def test_suggestions_are_parents_of_the_same_child_or_called_so(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    for name in ("Fatma", "Kemal", "Linda"):
        signalled("divorce", parent=parents[name])
    support = signalled(first_name="", last_name="", child=children["Sem"])
    people = ineke.get(url("request", support.pk)).context["suggestions"]
    assert [str(person.known.parent) for person in people] == ["Fatma Yılmaz"], (
        "a mother is not the father of Sem"
    )
    by_name = signalled(first_name="linda", last_name="De Jong")
    people = ineke.get(url("request", by_name.pk)).context["suggestions"]
    assert [str(person.known.parent) for person in people] == ["Linda de Jong"]


def test_suggestions_hold_nobody_whom_the_member_may_not_see(
    ineke: Client,
    babs: Client,
    ib: Membership,
    signalled: Signalled,
    parents: dict[str, Parent],
    children: dict[str, Child],
) -> None:
    signalled("reading", parent=parents["Fatma"])
    support = signalled("language", child=children["Sem"])
    assert ineke.get(url("request", support.pk)).context["suggestions"]
    page = babs.get(url("request", support.pk) + "?q=yilmaz")
    assert not page.context["suggestions"]
    assert not page.context["found"]
    answer = babs.post(url("link_parent", support.pk), {"parent": parents["Fatma"].pk})
    assert answer.status_code == 404
    support.refresh_from_db()
    assert support.linked_at is None


def test_search_finds_without_accents_and_leaves_a_trace(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled()
    with recorded() as log:
        page = ineke.get(url("request", support.pk) + "?q=YILMAZ fat")
    assert [str(person.known.parent) for person in page.context["found"]] == ["Fatma Yılmaz"]
    # From where was searched; for whom, and who was found, is not in it.
    assert [(event.action, event.target_id) for event in log.events] == [("parent.search", support.pk)]
    assert ineke.get(url("request", support.pk) + "?q=" + "x" * 300).status_code == 200
    assert not ineke.get(url("request", support.pk) + "?q=f").context["found"]


def test_link_parent_moves_the_request_and_forgets_the_typed_one(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled("reading")
    typed = support.parent_id
    answer = ineke.post(url("link_parent", support.pk), {"parent": parents["Fatma"].pk}, follow=True)
    support.refresh_from_db()
    assert support.parent == parents["Fatma"]
    assert support.linked_at is not None
    assert not Parent.objects.filter(pk=typed).exists()
    assert told(answer) == ["Genoteerd welke ouder dit is."]


def test_link_parent_joins_a_second_signal_about_the_same(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    first = signalled("reading", parent=parents["Fatma"])
    second = signalled("reading")
    answer = ineke.post(url("link_parent", second.pk), {"parent": parents["Fatma"].pk})
    assert answer["Location"] == url("request", first.pk)
    assert not SupportRequest.objects.filter(pk=second.pk).exists()
    assert Signal.objects.filter(request=first).count() == 2


def test_link_parent_without_a_parent_says_it_is_a_new_one(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    ineke.post(url("link_parent", support.pk))
    support.refresh_from_db()
    assert support.linked_at is not None
    assert "suggestions" not in ineke.get(url("request", support.pk)).context


def test_link_parent_to_another_school_is_not_there(
    ineke: Client, signalled: Signalled, other_ib: Membership
) -> None:
    elsewhere = create_parent(school=other_ib.school, details=ParentDetails("Elders"))
    support = signalled()
    assert ineke.post(url("link_parent", support.pk), {"parent": elsewhere.pk}).status_code == 404
    assert ineke.post(url("link_parent", support.pk), {"parent": "x"})["Location"] == url(
        "request", support.pk
    )
    support.refresh_from_db()
    assert support.linked_at is None


def test_link_parent_never_to_who_was_proposed_as_buddy(
    ineke: Client, signalled: Signalled, proposed: Proposed, add_buddy: AddBuddy, ib: Membership
) -> None:
    support, buddy = signalled(), add_buddy()
    matches.did_not_proceed(match=proposed(support, buddy), reason=EndReason.NO_CLICK, by=ib)
    assert ineke.post(url("link_parent", support.pk), {"parent": buddy.parent_id}).status_code == 404


def test_link_parent_is_refused_while_somebody_is_being_asked(
    ineke: Client, proposed: Proposed, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    match = proposed()
    answer = ineke.post(url("link_parent", match.request_id), {"parent": parents["Fatma"].pk}, follow=True)
    assert len(told(answer)) == 1
    match.refresh_from_db()
    assert match.parent != parents["Fatma"]


def test_refusal_still_in_force_is_shown(
    ineke: Client, signalled: Signalled, children: dict[str, Child], teacher: Membership
) -> None:
    about = requests.About(ParentDetails(kind="mother"), child=children["Sem"])
    refusal = requests.refuse(about=about, by=teacher, submission=signalled().submission)
    mother = signalled(first_name="", last_name="", child=children["Sem"])
    father = signalled(first_name="", last_name="", kind="father", child=children["Sem"])
    assert ineke.get(url("request", mother.pk)).context["refusal"] == refusal
    assert ineke.get(url("request", father.pk)).context["refusal"] is None
    DoNotAsk.objects.update(until=clock.today())
    assert ineke.get(url("request", mother.pk)).context["refusal"] is None


def test_refusal_of_a_suggested_parent_is_shown_with_them(
    ineke: Client,
    signalled: Signalled,
    parents: dict[str, Parent],
    children: dict[str, Child],
    ib: Membership,
) -> None:
    known = signalled("divorce", parent=parents["Fatma"])
    until = clock.today() + timedelta(days=300)
    DoNotAsk.objects.create(
        school=ib.school, submission=known.submission, recorded_by=ib, parent=parents["Fatma"], until=until
    )
    support = signalled(child=children["Sem"])
    [person] = ineke.get(url("request", support.pk)).context["suggestions"]
    assert person.not_before == until


# The parent's details


def parent_form(client: Client, address: str, **answers: Any) -> dict[str, Any]:
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {"languages": []} | answers


def test_edit_parent_saves_names_and_languages(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    assert 'dir="rtl"' in text(ineke.get(address))
    sent = parent_form(ineke, address, first_name="  Âmina ", phone="06 1234 5678", languages=["ti", "nl"])
    assert ineke.post(address, sent)["Location"] == url("request", support.pk)
    support.parent.refresh_from_db()
    assert (support.parent.first_name, support.parent.phone) == ("Âmina", "06 1234 5678")
    assert set(support.parent.languages) == {"ti", "nl"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "geen adres"), ("phone", "bel maar"), ("languages", ["klingon"]), ("first_name", "x" * 200)],
)
def test_edit_parent_keeps_what_was_typed_and_changes_nothing(
    ineke: Client, signalled: Signalled, field: str, value: Any
) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    sent = parent_form(ineke, address, last_name="Getypt") | {field: value}
    before = contents()
    page = ineke.post(address, sent)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "Getypt" in text(page)
    assert contents() == before


def test_edit_parent_over_somebody_elses_change_shows_both(
    ineke: Client, signalled: Signalled, ib: Membership
) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    mine = parent_form(ineke, address, last_name="Mijn naam")
    update_parent(parent=support.parent, details=ParentDetails("Amina", "Hun naam"), by=ib)
    page = ineke.post(address, mine)
    assert "Hun naam" in text(page)
    assert "Mijn naam" in text(page)
    support.parent.refresh_from_db()
    assert support.parent.last_name == "Hun naam"
