"""Signalling from a phone: what is stored of it, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from buddies.models import (
    Buddy,
    Consent,
    DoNotAsk,
    Method,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
)
from school import clock
from school.models import Child, Group, Membership, Parent, School
from tests.cast import ClientOf, Signalled

from .phone import Answer, text, told, url, wants
from .watch import everything

# Signalling


def test_signal_without_asking_stores_no_theme_and_no_note(
    tom: Client, teacher: Membership, about_lina: Answer, themes: dict[str, Theme]
) -> None:
    answer = about_lina | {
        "asked": "not_yet",
        "theme": str(themes["divorce"].pk),
        "note": "slaapt slecht",
        "wish": "mother",
        "method": "phone",
    }
    shown = tom.post(url("signal"), answer, follow=True)
    request = SupportRequest.objects.get()
    assert (request.theme, request.note, request.wish, request.search_consent) == (None, "", "", None)
    assert request.forget_on == clock.today() + timedelta(days=14)
    assert request.recorded_by == teacher
    assert not Consent.objects.exists()
    assert shown.redirect_chain == [(url("own_signals"), 302)]
    assert len(told(shown)) == 1


def test_signal_of_a_parent_who_wants_it_stores_the_consent_with_it(
    tom: Client, about_lina: Answer, themes: dict[str, Theme], children: dict[str, Child]
) -> None:
    more = {"note": "Zoekt iemand om mee te praten", "wish": "father", "method": "interpreter"}
    tom.post(url("signal"), about_lina | {"first_name": "Samira"} | wants(themes["divorce"], **more))
    request = SupportRequest.objects.get()
    assert request.theme == themes["divorce"]
    assert (request.note, request.wish) == (more["note"], "father")
    assert (request.child, request.parent.kind, str(request.parent)) == (children["Lina"], "mother", "Samira")
    consent = Consent.objects.get()
    assert (consent.purpose, consent.method, consent.request) == (Purpose.SEARCH, Method.INTERPRETER, request)


def test_signal_without_a_theme_is_as_good(tom: Client, about_lina: Answer) -> None:
    tom.post(url("signal"), about_lina | wants(None))
    request = SupportRequest.objects.get()
    assert request.theme is None
    assert request.search_consent is not None
    assert request.search_consent.method == Method.CONVERSATION


def test_signal_of_a_parent_who_does_not_want_it_stores_only_that(tom: Client, about_lina: Answer) -> None:
    shown = tom.post(url("signal"), about_lina | {"asked": "no", "note": "boos"}, follow=True)
    assert not SupportRequest.objects.exists()
    assert not Signal.objects.exists()
    assert DoNotAsk.objects.count() == 1
    assert len(told(shown)) == 1


def test_signal_of_a_child_that_is_not_listed(
    tom: Client, about_lina: Answer, groups: dict[str, Group]
) -> None:
    tom.post(url("signal"), about_lina | {"child": "not_listed", "child_name": " Jip ", "asked": "not_yet"})
    request = SupportRequest.objects.get()
    assert (request.child, request.child_name, request.group) == (None, "Jip", groups["4B"])


def test_signal_of_a_listed_child_forgets_what_was_typed(tom: Client, about_lina: Answer) -> None:
    tom.post(url("signal"), about_lina | {"child_name": "Jip", "asked": "not_yet"})
    assert SupportRequest.objects.get().child_name == ""


def test_the_answer_is_the_same_whether_or_not_the_parent_was_known(
    client_of: ClientOf,
    teacher: Membership,
    signalled: Signalled,
    children: dict[str, Child],
    groups: dict[str, Group],
    themes: dict[str, Theme],
) -> None:
    """Samira has a request already; nothing Tom sees may tell him so."""
    signalled("divorce", first_name="Samira", child=children["Lina"], by=teacher)
    answers = []
    for child in ("Lina", "Daan"):
        answer = {"submission": str(uuid4()), "group": str(groups["4B"].pk), "child": str(children[child].pk)}
        answer |= {"kind": "mother", "first_name": "Samira"} | wants(themes["divorce"])
        shown = client_of(teacher).post(url("signal"), answer, follow=True)
        answers.append((shown.redirect_chain, told(shown)))
    assert answers[0] == answers[1]


def test_typing_a_parent_twice_makes_two_until_somebody_links_them(tom: Client, about_lina: Answer) -> None:
    for _ in range(2):
        answer = about_lina | {"submission": str(uuid4()), "first_name": "Samira", "asked": "not_yet"}
        tom.post(url("signal"), answer)
    assert Parent.objects.filter(first_name="Samira").count() == 2


def test_who_acts_next_is_named(
    client_of: ClientOf,
    teacher: Membership,
    ib: Membership,
    bouwcoordinator: Membership,
    about_lina: Answer,
    themes: dict[str, Theme],
) -> None:
    def words(by: Membership, theme: str) -> str:
        answer = about_lina | {"submission": str(uuid4())} | wants(themes[theme])
        return told(client_of(by).post(url("signal"), answer, follow=True))[0]

    assert "Babs" in words(teacher, "language")
    assert "Babs" not in words(teacher, "reading")
    assert words(bouwcoordinator, "language") == words(ib, "reading") != words(teacher, "reading")


def test_signal_sent_twice_is_one_signal_with_the_same_answer(tom: Client, about_lina: Answer) -> None:
    for asked in ("not_yet", "yes", "no"):
        answer = about_lina | {"submission": str(uuid4()), "asked": asked}
        first = tom.post(url("signal"), answer, follow=True)
        after_one = everything()
        second = tom.post(url("signal"), answer, follow=True)
        assert told(first) == told(second)
        assert everything() == after_one


def test_somebody_elses_submission_tells_nothing(
    client_of: ClientOf, tom: Client, other_teacher: Membership, about_lina: Answer
) -> None:
    answer = about_lina | {"asked": "not_yet"}
    tom.post(url("signal"), answer)
    assert client_of(other_teacher).post(url("signal"), answer).status_code == 404
    assert Signal.objects.count() == 1


def test_signal_about_ones_own_child_is_for_a_colleague(
    tom: Client, teacher: Membership, parents: dict[str, Parent], about_lina: Answer
) -> None:
    teacher.parent = parents["Samira"]
    teacher.save()
    for page in ("signal", "nominate"):
        shown = tom.post(url(page), about_lina | {"asked": "not_yet"})
        assert shown.context["form"].errors.keys() == {"child"}
    assert not SupportRequest.objects.exists()
    assert not Buddy.objects.exists()


# Bad input


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"group": ""}, {"group"}),
        ({"group": "999999"}, {"group"}),
        ({"child": ""}, {"child"}),
        ({"child": "999999"}, {"child"}),
        ({"child": "not_listed"}, {"child_name"}),
        ({"child": "not_listed", "child_name": "\u200b "}, {"child_name"}),
        ({"child": "not_listed", "child_name": "x" * 61}, {"child_name"}),
        ({"kind": ""}, {"kind"}),
        ({"kind": "aunt"}, {"kind"}),
        ({"asked": ""}, {"asked"}),
        ({"asked": "maybe"}, {"asked"}),
        ({"first_name": "x" * 61}, {"first_name"}),
        ({"last_name": "x" * 81}, {"last_name"}),
        ({"theme": "999999"}, {"theme"}),
        ({"theme": "x"}, {"theme"}),
        ({"note": "x" * 201}, {"note"}),
        ({"wish": "aunt"}, {"wish"}),
        ({"method": "link"}, {"method"}),
        ({"submission": ""}, {"submission"}),
        ({"submission": "1; DROP TABLE"}, {"submission"}),
    ],
)
def test_signal_says_what_is_wrong_keeps_the_rest_and_changes_nothing(
    tom: Client, about_lina: Answer, change: Answer, wrong: set[str]
) -> None:
    before = everything()
    answer = about_lina | {"asked": "yes", "last_name": "El Amrani"} | change
    shown = tom.post(url("signal"), answer)
    assert shown.status_code == 200
    assert shown.context["form"].errors.keys() == wrong
    assert "error-summary" in text(shown)
    if "last_name" not in change:
        assert 'value="El Amrani"' in text(shown)
    assert everything() == before


def test_a_child_of_another_group_is_refused(
    tom: Client, about_lina: Answer, children: dict[str, Child]
) -> None:
    shown = tom.post(url("signal"), about_lina | {"child": str(children["Noor"].pk), "asked": "not_yet"})
    assert shown.context["form"].errors.keys() == {"child"}
    assert not SupportRequest.objects.exists()


def test_another_schools_group_child_and_theme_are_refused(
    tom: Client, about_lina: Answer, other_school: School
) -> None:
    child = Child.objects.get(school=other_school)
    theme = Theme.objects.filter(school=other_school).first()
    for change in ({"group": str(child.group_id)}, {"child": str(child.pk)}, wants(theme)):
        assert tom.post(url("signal"), about_lina | {"asked": "yes"} | change).context["form"].errors
    assert not SupportRequest.objects.exists()


def test_a_hidden_theme_is_not_offered(tom: Client, about_lina: Answer, themes: dict[str, Theme]) -> None:
    Theme.objects.filter(pk=themes["culture"].pk).update(hidden=True)
    shown = tom.post(url("signal"), about_lina | wants(themes["culture"]))
    assert shown.context["form"].errors.keys() == {"theme"}


def test_what_only_counts_after_a_yes_is_not_judged_before_it(tom: Client, about_lina: Answer) -> None:
    answer = about_lina | {"asked": "not_yet", "note": "x" * 500, "theme": "x", "wish": "x", "method": "x"}
    assert tom.post(url("signal"), answer).status_code == 302
    assert SupportRequest.objects.get().note == ""


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Zoë 👩‍👧 d'Ö", "مريم", "'; --", "{{ 7*7 }}", "a\x00b"]
)
def test_odd_names_are_stored_and_shown_safely(tom: Client, about_lina: Answer, name: str) -> None:
    answer = about_lina | {"child": "not_listed", "child_name": name, "first_name": name, "asked": "not_yet"}
    shown = text(tom.post(url("signal"), answer, follow=True))
    request = SupportRequest.objects.get()
    assert request.child_name
    assert "<script>alert" not in shown
    assert "49" not in request.child_name
    if "<" not in name and "'" not in name:
        assert request.child_name in shown
