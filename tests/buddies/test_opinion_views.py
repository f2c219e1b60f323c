"""What staff tap about a candidate and about the weights, and what the pages then say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from buddies.actions import opinions, pool
from buddies.forms.opinions import KeepApartForm
from buddies.matching import CONSTRAINTS, NOT_SUITABLE, PREFERENCES, Importance, Missing, Reason
from buddies.models import Buddy, Judgement, KeptApart, SupportRequest, Verdict, Weight, WhyApart
from buddies.reading import sentences
from school import clock
from school.models import Child, Group, Membership
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Signalled, member

from .phone import Answer, about, text, told, url, wants
from .watch import queries

# Not these two


def test_not_these_two_reads_not_suitable_and_can_be_taken_back(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading", first_name="Karin")
    sent = {"buddy": buddy.pk, "reason": "clashed", "term": "half_year"}
    page = ineke.post(url("keep_apart", support.pk), sent, follow=True)
    assert page.redirect_chain[-1][0] == url("find", support.pk)
    assert [(person.name, person.why) for person in page.context["found"].outside] == [
        ("Karin Bakker", "Niet passend voor deze ouder")
    ]
    assert "Ze zijn eerder gebotst" in text(page)
    assert "Kijk hieronder of ‘niet deze twee’ nog klopt." in text(page)
    [kept] = page.context["kept_apart"]
    assert kept.until == clock.today() + timedelta(days=183)
    # Everybody is excluded: the page says so and what to do.
    assert escape(sentences.nobody(Missing(NOT_SUITABLE, 0, ()))) in text(page)
    assert escape(sentences.advice(Missing(NOT_SUITABLE, 0, ()))) in text(page)
    back = ineke.post(url("take_back_apart", support.pk, kept.number), follow=True)
    assert [card.choice.buddy for card in back.context["cards"]] == [buddy]
    assert not KeptApart.objects.exists()
    assert ineke.post(url("take_back_apart", support.pk, kept.number)).status_code == 404


@pytest.mark.parametrize(
    ("term", "on", "until"),
    [
        ("half_year", (2026, 11, 25), (2027, 5, 27)),
        ("year", (2026, 11, 25), (2027, 11, 25)),
        ("school_time", (2026, 11, 25), (2034, 7, 31)),
        ("school_time", (2026, 7, 1), (2033, 7, 31)),
    ],
)
def test_term_ends_on_a_day(term: str, on: tuple[int, int, int], until: tuple[int, int, int]) -> None:
    form = KeepApartForm({"buddy": "1", "reason": "other", "term": term})
    assert form.is_valid()
    assert form.until(clock.today().replace(*on)) == clock.today().replace(*until)


@pytest.mark.parametrize(
    "wrong", [{}, {"reason": "stars", "term": "year"}, {"reason": "other", "term": "ever"}]
)
def test_not_these_two_asks_what_is_missing_on_the_same_page(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, wrong: dict[str, str]
) -> None:
    support = signalled("reading")
    buddies = [add_buddy("reading") for _each in range(7)]
    page = ineke.post(url("keep_apart", support.pk), {"buddy": buddies[-1].pk} | wrong)
    card = page.context["cards"][0]
    assert card.choice.buddy == buddies[-1]
    assert card.apart.errors
    assert not any(other.apart.errors or other.form.errors for other in page.context["cards"][1:])
    assert not KeptApart.objects.exists()


def test_what_staff_say_is_about_those_they_may_see(
    ineke: Client,
    babs: Client,
    ib: Membership,
    signalled: Signalled,
    add_buddy: AddBuddy,
    other_ib: Membership,
) -> None:
    support, buddy, foreign = signalled("reading"), add_buddy("reading"), add_buddy("reading", by=other_ib)
    sent = {"reason": "other", "term": "year", "verdict": "no"}
    for name in ("judge", "keep_apart"):
        assert ineke.post(url(name, support.pk), sent | {"buddy": foreign.pk}).status_code == 404
        assert babs.post(url(name, support.pk), sent | {"buddy": buddy.pk}).status_code == 404
    opinions.keep_apart(
        request=support, buddy=buddy, reason=WhyApart.OTHER, until=clock.today() + timedelta(days=9), by=ib
    )
    kept = KeptApart.objects.get()
    another = signalled("reading")
    assert ineke.post(url("take_back_apart", another.pk, kept.pk)).status_code == 404
    assert babs.post(url("take_back_apart", support.pk, kept.pk)).status_code == 404
    assert KeptApart.objects.count() == 1
    assert not Judgement.objects.exists()


# What colleagues think


def test_judgement_is_one_tap_by_name_and_can_change(
    ineke: Client, ib: Membership, school: Any, signalled: Signalled, add_buddy: AddBuddy, client_of: ClientOf
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading", first_name="Karin")
    other = client_of(member(school, "Iris", Role.INTERN_BEGELEIDER))
    ineke.post(url("judge", support.pk), {"buddy": buddy.pk, "verdict": "no"}, follow=True)
    page = ineke.post(url("judge", support.pk), {"buddy": buddy.pk, "verdict": "good"}, follow=True)
    assert told(page) == ["Opgeschreven over Karin Bakker: goed."]
    assert "Ineke: goed" in text(page)
    assert "Een collega vindt dat ze goed bij elkaar passen" in text(page)
    page = other.post(url("judge", support.pk), {"buddy": buddy.pk, "verdict": "doubtful"}, follow=True)
    assert "Ineke: goed · Iris: twijfel" in text(page)
    [card] = page.context["cards"]
    assert (card.opinion.own, card.choice.reasons) == ("doubtful", ())
    assert card.choice.attention == (sentences.reason(Reason("feedback", -1)),)
    assert text(page).count('aria-pressed="true"') == 1
    assert ineke.post(url("judge", support.pk), {"buddy": buddy.pk, "verdict": "wow"}).status_code == 404
    assert Judgement.objects.count() == 2


def test_find_asks_the_same_of_the_database_however_much_was_said(
    ineke: Client, ib: Membership, teacher: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support = signalled("reading")
    buddies = [add_buddy("reading") for _each in range(6)]
    until = clock.today() + timedelta(days=9)

    def said(judged: Buddy, kept: Buddy) -> None:
        for by in (ib, teacher):
            opinions.judge(request=support, buddy=judged, verdict=Verdict.GOOD, by=by)
        opinions.keep_apart(request=support, buddy=kept, reason=WhyApart.OTHER, until=until, by=ib)

    said(buddies[0], buddies[3])
    once = queries(ineke, url("find", support.pk))
    said(buddies[1], buddies[4])
    said(buddies[2], buddies[5])
    assert queries(ineke, url("find", support.pk)) == once


# Not within the class


def test_signal_keeps_that_the_parent_wants_nobody_of_the_class(
    tom: Client, ineke: Client, themes: dict[str, Any], children: dict[str, Child], signalled: Signalled
) -> None:
    sent: Answer = about(children["Lina"], first_name="Samira", last_name="Amrani", outside_class="on")
    tom.post(url("signal"), sent | wants(themes["reading"]))
    support = SupportRequest.objects.get()
    assert support.outside_class
    assert "Liever niet met een ouder uit dezelfde klas" in text(ineke.get(url("request", support.pk)))
    assert "Liever niet met een ouder uit dezelfde klas" in text(ineke.get(url("find", support.pk)))
    where = url("choose_theme", support.pk)
    assert ineke.get(where).context["form"]["outside_class"].value() is True
    ineke.post(where, {"theme": themes["reading"].pk})
    support.refresh_from_db()
    assert not support.outside_class


def test_signal_without_consent_keeps_no_wish(tom: Client, children: dict[str, Child]) -> None:
    sent = about(children["Lina"], first_name="Samira", outside_class="on", asked="not_yet")
    tom.post(url("signal"), sent)
    assert not SupportRequest.objects.get().outside_class


# When there is nobody


def test_find_says_why_there_is_nobody_and_what_helps(
    ineke: Client, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    def words(code: str) -> set[str]:
        return {sentences.nobody(Missing(code, 0, ())), sentences.advice(Missing(code, 0, ()))}

    support = signalled("reading")
    page = ineke.get(url("find", support.pk))
    assert words("experience") == {page.context["found"].nobody, page.context["found"].advice}
    assert all(escape(each) in text(page) for each in words("experience"))
    paused = add_buddy("reading")
    pool.pause(buddy=paused, until=clock.today() + timedelta(days=30), by=ib)
    page = ineke.get(url("find", support.pk))
    assert words("offered") == {page.context["found"].nobody, page.context["found"].advice}


def test_everything_that_can_be_missing_has_words_and_advice() -> None:
    shown = [rule.code for rule in CONSTRAINTS if not rule.private]
    words = {sentences.nobody(Missing(code, 0, ())) for code in (NOT_SUITABLE, *shown)}
    advice = [sentences.advice(Missing(code, 0, ())) for code in (NOT_SUITABLE, *shown)]
    assert len(words) == len(shown) + 1
    assert all(advice)


def test_find_says_that_no_language_is_known(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    add_buddy("reading")
    unknown, known = signalled("reading"), signalled("reading", languages=("nl",))
    words = "Er staat niet bij welke talen de ouder spreekt"
    assert words in text(ineke.get(url("find", unknown.pk)))
    assert words not in text(ineke.get(url("find", known.pk)))


# The weights


def answers(form: Any, **chosen: str) -> dict[str, str]:
    """The form as a browser would send it, with other choices."""
    return {name: str(form[name].value()) for name in form.fields} | chosen


def test_weights_are_shown_before_they_are_saved(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, groups: dict[str, Group]
) -> None:
    signalled("reading", wish="father", group=groups["4B"])
    add_buddy("reading", first_name="Dichtbij", grades=(4,))
    add_buddy("reading", first_name="Vader", kind="father", grades=(8,))
    where = url("weighing")
    form = ineke.get(where).context["form"]
    page = ineke.post(where, answers(form, grade="important"))
    assert "zou nu Dichtbij Bakker boven Vader Bakker staan." in text(page)
    assert not Weight.objects.exists()
    # Changed after it was shown: shown again.
    page = ineke.post(where, answers(page.context["form"], wish="important"))
    assert page.context["effect"].changes == ()
    assert not Weight.objects.exists()
    page = ineke.post(where, answers(page.context["form"]), follow=True)
    assert told(page) == ["Opgeslagen. Vanaf nu stellen we koppels zo voor."]
    assert dict(Weight.objects.values_list("code", "importance")) == dict.fromkeys(
        (rule.code for rule in PREFERENCES), "counts"
    ) | {"grade": "important", "wish": "important"}
    assert ineke.get(where).context["form"]["grade"].value() == "important"


def test_weights_saved_meanwhile_are_shown_beside_ones_own(ineke: Client, director: Membership) -> None:
    where = url("weighing")
    form = ineke.post(where, answers(ineke.get(where).context["form"], wish="ignored")).context["form"]
    opinions.weigh(chosen={"wish": Importance.IMPORTANT}, seen={}, by=director)
    page = ineke.post(where, answers(form))
    [row] = [row for row in page.context["rows"] if row.differs]
    assert (row.saved, row.yours) == ("Belangrijk", "Telt niet")
    assert Weight.objects.get().importance == "important"
    # Going over it is looked at first, too.
    page = ineke.post(where, answers(page.context["form"]))
    assert page.context["effect"] is not None
    ineke.post(where, answers(page.context["form"]))
    assert Weight.objects.get(code="wish").importance == "ignored"


def test_weights_are_in_the_settings_of_who_may_see_themes(
    ineke: Client, dirkje: Client, admin_member: Membership, client_of: ClientOf
) -> None:
    ahmed, settings = client_of(admin_member), reverse("settings", args=["de-wilgen"])
    for browser, opens in ((ineke, True), (dirkje, True), (ahmed, False)):
        assert (url("weighing") in text(browser.get(settings))) is opens
        assert (browser.get(url("weighing")).status_code == 200) is opens


@pytest.mark.parametrize("code", [rule.code for rule in PREFERENCES])
def test_every_preference_has_a_sentence(ineke: Client, code: str) -> None:
    assert escape(sentences.preference(code)) in text(ineke.get(url("weighing")))
