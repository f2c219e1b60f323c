"""What a request is about, and every step until a match takes over or it ends."""

from __future__ import annotations

from typing import Any

from django.test import Client

from buddies.actions import pool
from buddies.models import (
    CloseReason,
    Consent,
    DoNotAsk,
    Method,
    SupportRequest,
    Theme,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import AuditEvent, Membership, Parent
from tests.cast import Proposed, Signalled

from .phone import text, url
from .watch import contents, everything

# What it is about


def test_choose_theme_saves_and_takes_up(
    ineke: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled(None)
    sent = {"theme": themes["divorce"].pk, "note": "Rust 🙂", "wish": "mother"}
    assert ineke.post(url("choose_theme", support.pk), sent)["Location"] == url("request", support.pk)
    support.refresh_from_db()
    assert (support.theme, support.note, support.wish) == (themes["divorce"], "Rust 🙂", "mother")
    assert support.taken_up_at is not None


def test_choose_theme_offers_only_ones_own(
    babs: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled("language")
    before = contents()
    page = babs.post(url("choose_theme", support.pk), {"theme": themes["reading"].pk, "note": "Getypt"})
    assert "theme" in page.context["form"].errors
    assert "Getypt" in text(page)
    assert contents() == before


def test_choose_theme_not_known_leaves_it_to_the_intern_begeleider(
    babs: Client, ineke: Client, signalled: Signalled
) -> None:
    support = signalled("language")
    assert babs.post(url("choose_theme", support.pk), {"theme": ""})["Location"] == url("requests")
    assert babs.get(url("request", support.pk)).status_code == 404
    assert ineke.get(url("find", support.pk)).templates[0].name == "buddies/matches/find_without_theme.html"


def test_choose_theme_twice_for_one_parent_is_refused(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent], themes: dict[str, Theme]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled("reading", parent=parents["Fatma"])
    page = ineke.post(url("choose_theme", support.pk), {"theme": themes["divorce"].pk})
    assert "theme" in page.context["form"].errors
    support.refresh_from_db()
    assert support.theme == themes["reading"]


def test_choose_theme_with_a_long_note_is_refused(ineke: Client, signalled: Signalled) -> None:
    page = ineke.post(url("choose_theme", signalled().pk), {"theme": "", "note": "é" * 201})
    assert "note" in page.context["form"].errors
    assert "é" * 201 in text(page)


def test_choose_theme_during_a_match_is_refused(
    ineke: Client, proposed: Proposed, themes: dict[str, Theme]
) -> None:
    match = proposed()
    page = ineke.post(url("choose_theme", match.request_id), {"theme": themes["divorce"].pk})
    assert page.context["form"].non_field_errors()
    match.request.refresh_from_db()
    assert match.request.theme == themes["reading"]


# Discussed, closed, stopped


def discussed_form(client: Client, pk: int, **answers: Any) -> dict[str, Any]:
    form = client.get(url("request_discussed", pk)).context["form"]
    return {"submission": form["submission"].value(), **answers}


def test_discussed_yes_stores_the_consent_first(
    ineke: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk, asked="yes", theme=themes["reading"].pk, method="phone")
    assert ineke.post(url("request_discussed", support.pk), sent)["Location"] == url("request", support.pk)
    support.refresh_from_db()
    assert support.search_consent is not None
    assert support.search_consent.method == Method.PHONE
    assert support.theme == themes["reading"]
    again = ineke.post(url("request_discussed", support.pk), sent)
    assert again["Location"] == url("request", support.pk)
    assert Consent.objects.count() == 1


def test_discussed_no_erases_all_but_do_not_ask(ineke: Client, signalled: Signalled) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk, asked="no", note="Dit blijft nergens")
    assert ineke.post(url("request_discussed", support.pk), sent)["Location"] == url("requests")
    assert not SupportRequest.objects.exists()
    assert DoNotAsk.objects.get().until > clock.today()


def test_discussed_without_an_answer_changes_nothing(ineke: Client, signalled: Signalled) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk)
    before = contents()
    assert "asked" in ineke.post(url("request_discussed", support.pk), sent).context["form"].errors
    assert contents() == before


def test_close_with_a_reason(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    assert "reason" in ineke.post(url("close_request", support.pk)).context["form"].errors
    assert (
        "reason"
        in ineke.post(url("close_request", support.pk), {"reason": "withdrawn"}).context["form"].errors
    )
    ineke.post(url("close_request", support.pk), {"reason": "helped"})
    support.refresh_from_db()
    assert support.close_reason == CloseReason.HELPED
    assert (
        ineke.post(url("close_request", support.pk), {"reason": "nobody"}).context["form"].non_field_errors()
    )
    assert ineke.get(url("find", support.pk))["Location"] == url("request", support.pk)


def test_close_during_a_match_is_refused(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    page = ineke.post(url("close_request", match.request_id), {"reason": "helped"})
    assert page.context["form"].non_field_errors()
    match.request.refresh_from_db()
    assert match.request.closed_at is None


def test_withdraw_says_what_goes_and_erases_it(
    ineke: Client, proposed: Proposed, signalled: Signalled
) -> None:
    match = proposed(signalled(note="Zeer persoonlijk"))
    before = everything()
    assert str(match.buddy_parent) in text(ineke.get(url("withdraw_search", match.request_id)))
    assert everything()["buddies_supportrequest"] == before["buddies_supportrequest"], (
        "looking changes nothing"
    )
    ineke.post(url("withdraw_search", match.request_id))
    match.refresh_from_db()
    assert (match.request.theme, match.request.note, match.request.close_reason) == (
        None,
        "",
        CloseReason.WITHDRAWN,
    )
    assert match.state is MatchStatus.DID_NOT_PROCEED
    assert ineke.post(url("withdraw_search", match.request_id)).status_code == 302
    assert AuditEvent.objects.filter(action="consent.withdraw").count() == 1


def test_withdraw_by_who_arranges_the_theme_ends_on_the_list(babs: Client, signalled: Signalled) -> None:
    support = signalled("language")
    assert babs.post(url("withdraw_search", support.pk))["Location"] == url("requests")


def test_withdraw_of_a_stopped_buddy_does_not_matter(
    ineke: Client, proposed: Proposed, ib: Membership
) -> None:
    match = proposed()
    pool.stop(buddy=match.buddy, by=ib)
    assert ineke.get(url("request", match.request_id)).status_code == 200
