"""The list of new families, who may see it, and children that are added by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from buddies.actions import matches
from buddies.models import (
    Buddy,
    CloseReason,
    EndReason,
    Match,
    NewcomerOffer,
    OfferAnswer,
    Siblings,
    SupportRequest,
    Theme,
)
from school import clock
from school.models import Child, Group, Guardianship, Membership, Parent, School
from tests.cast import AddBuddy, ClientOf, Signalled

from .newcomers import form, offered, starts
from .phone import said, text, url
from .watch import everything, queries

YES, NO = OfferAnswer.YES, OfferAnswer.NO
COHORT = url("newcomers")

pytestmark = pytest.mark.usefixtures("nobody_starts")


def lines(client: Client, **query: Any) -> dict[str, Any]:
    """The rows of the list by title."""
    found = client.get(COHORT, query).context["found"]
    return {line.title: line for month in (*found.months, *found.over) for line in month.rows}


# The list


def test_list_tells_how_far_everybody_is(
    dirkje: Client, director: Membership, add_buddy: AddBuddy, guide: Buddy
) -> None:
    pair = add_buddy("newcomer", first_name="Femke", children_count=1, grades=(8,), capacity=2)
    starts("Nine", director, 5)
    offered(starts("Lou", director, 6), director, pair)
    offered(starts("Tess", director, 7), director, pair, answer=YES, two_homes=True)
    offered(starts("Moos", director, 8), director, answer=NO)
    offered(starts("Evi", director, 9), director, answer=YES)
    found = lines(dirkje)
    assert list(found) == ["Nine", "Lou", "Tess", "Tweede ouder van Tess", "Moos", "Evi"]
    told = {title: (line.text, line.action) for title, line in found.items()}
    day = clock.today().strftime("%-d ")
    assert told["Nine"] == (
        "Voorstel: Saskia Bakker. Heeft 3 kinderen op school, heeft een kind een leerjaar hoger of lager.",
        "Bied buddy aan",
    )
    assert told["Lou"][0].startswith(f"Aangeboden aan Mirjam op {day}")
    assert told["Lou"][0].endswith("Je denkt aan Femke Bakker.")
    assert told["Tess"] == ("Wil graag een buddy. De ouder zei ja. Vraag nu Femke Bakker.", "Vraag de buddy")
    assert told["Tweede ouder van Tess"] == ("Voor dit gezin is er nu geen buddy.", "Bied buddy aan")
    assert told["Moos"] == ("Wil geen buddy.", "")
    assert told["Evi"] == ("Wil graag een buddy. Er is nog niemand gevraagd.", "Zoek buddy")
    page = text(dirkje.get(COHORT))
    assert "Nog geen buddy aangeboden: 2 van de 5 gezinnen." in page
    assert "%" not in page.partition("<main")[2].partition("</main>")[0]


def test_list_goes_by_month_and_folds_what_is_over(dirkje: Client, director: Membership) -> None:
    offered(starts("Moos", director, -100), director, answer=NO)
    starts("Sam", director, -70)
    starts("Nine", director, 70)
    found = dirkje.get(COHORT).context["found"]
    assert [[line.title for line in month.rows] for month in found.months] == [["Sam"], ["Nine"]]
    assert [[line.title for line in month.rows] for month in found.over] == [["Moos"]]
    starts("Ouder", director, -364)
    assert "Ouder" in lines(dirkje)


def test_first_who_starts_first_and_siblings_last_of_their_month(
    dirkje: Client, director: Membership, guide: Buddy
) -> None:
    """One buddy for three families of one month: of the first, who has brothers here, the second home comes last."""
    ahead = 40 - clock.today().day
    tess = starts("Tess", director, ahead)
    offered(tess, director, answer=YES, two_homes=True, siblings=Siblings.YES)
    starts("Nine", director, ahead + 1)
    starts("Moos", director, ahead + 2)
    assert [title for title, line in lines(dirkje).items() if "Saskia" in line.text] == ["Nine"]
    NewcomerOffer.objects.update(siblings="")
    assert [title for title, line in lines(dirkje).items() if "Saskia" in line.text] == [
        "Tweede ouder van Tess"
    ]


def test_list_knows_who_was_signalled_before(dirkje: Client, nine: Child, signalled: Signalled) -> None:
    request = signalled("newcomer", child=nine)
    line = lines(dirkje)["Nine"]
    assert line.action_url == url("find", request.pk)
    page = dirkje.get(url("offer_newcomer", nine.pk))
    assert page["Location"] == url("request", request.pk)


def test_list_is_warm_when_nobody_starts(dirkje: Client) -> None:
    page = text(dirkje.get(COHORT))
    assert "Er begint nog niemand" in page
    assert "Kind toevoegen" in page


def test_list_of_a_yes_that_ended(dirkje: Client, director: Membership, nine: Child) -> None:
    offered(nine, director, answer=YES)
    SupportRequest.objects.update(closed_at=clock.now(), close_reason=CloseReason.NOT_NEEDED)
    assert lines(dirkje)["Nine"].text == "Wil graag een buddy. Afgerond: het is niet meer nodig."
    SupportRequest.objects.update(theme=None)
    assert lines(dirkje)["Nine"].text == "Zei ja.", (
        "what the request was about is erased, and so out of sight"
    )


def test_list_asks_as_many_questions_for_one_family_as_for_thirty(
    dirkje: Client, director: Membership, add_buddy: AddBuddy
) -> None:
    def everything_once(number: int) -> None:
        add_buddy("newcomer", capacity=3)
        starts(f"Nine{number}", director, number)
        offered(starts(f"Lou{number}", director, number), director, add_buddy("newcomer"))
        offered(starts(f"Tess{number}", director, number), director, add_buddy("newcomer"), answer=YES)

    everything_once(0)
    one = queries(dirkje, COHORT)
    for number in range(1, 10):
        everything_once(number)
    assert queries(dirkje, COHORT) == one <= 24


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 40, "²"])
def test_list_shrugs_at_nonsense_in_its_address(dirkje: Client, nonsense: str) -> None:
    assert dirkje.get(COHORT, {"aanbod": nonsense}).status_code == 200


def test_match_that_ended_goes_back_to_searching(
    dirkje: Client, director: Membership, nine: Child, guide: Buddy
) -> None:
    offered(nine, director, guide, answer=YES)
    matches.did_not_proceed(match=Match.objects.get(), reason=EndReason.BUDDY_NO, by=director)
    assert lines(dirkje)["Nine"].action == "Zoek buddy"


# Who may see it


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("newcomers", 0), ("add_newcomer", 0), ("offer_newcomer", 1), ("newcomer_answer", 2)],
)
def test_pages_are_for_who_arranges_the_newcomers(
    name: str,
    numbers: int,
    client_of: ClientOf,
    director: Membership,
    ib: Membership,
    teacher: Membership,
    bouwcoordinator: Membership,
    admin_member: Membership,
    themes: dict[str, Theme],
) -> None:
    lou = starts("Lou", director)
    pk = [[], [starts("Nine", director).pk], [offered(lou, director).pk]][numbers]
    page = url(name, *pk)
    for member, answer in (
        (director, 200), (ib, 200), (teacher, 403), (bouwcoordinator, 403), (admin_member, 403)
    ):  # fmt: skip
        assert client_of(member).get(page).status_code == answer, member
    Theme.objects.filter(pk=themes["newcomer"].pk).update(hidden=True)
    assert client_of(director).get(page).status_code == 403


def test_another_school_is_not_there(
    dirkje: Client, other_ib: Membership, client_of: ClientOf, nine: Child
) -> None:
    fenna = starts("Fenna", other_ib)
    elsewhere = offered(starts("Pien", other_ib), other_ib)
    for page in (
        url("offer_newcomer", fenna.pk),
        url("newcomer_answer", elsewhere.pk),
        url("newcomers", school="de-eik"),
    ):
        assert dirkje.get(page).status_code == 404
    before = everything()
    assert dirkje.post(url("take_back_offer", elsewhere.pk)).status_code == 404
    assert dirkje.post(url("offer_newcomer", fenna.pk), form()).status_code == 404
    assert everything() == before


def test_own_family_is_not_in_the_list(
    dirkje: Client,
    director: Membership,
    ib: Membership,
    nine: Child,
    add_buddy: AddBuddy,
    parents: dict[str, Parent],
) -> None:
    """Dirkje's own child, and a family for whom the father of her children is in mind; nobody is offered him by her
    (invariant 5)."""
    guide = add_buddy("newcomer", first_name="Saskia", capacity=3)
    own, lou = starts("Eigen", director), starts("Lou", director)
    Guardianship.objects.create(school=director.school, parent=parents["Fatma"], child=own)
    Guardianship.objects.create(school=director.school, parent=guide.parent, child=own)
    made, of_own = offered(lou, director, guide), offered(own, ib)
    assert list(lines(dirkje)) == ["Eigen", "Lou", "Nine"]
    Membership.objects.filter(pk=director.pk).update(parent=parents["Fatma"])
    assert list(lines(dirkje)) == ["Nine"]
    for child, offer in ((own, of_own), (lou, made)):
        assert dirkje.get(url("offer_newcomer", child.pk)).status_code == 404
        assert dirkje.get(url("newcomer_answer", offer.pk)).status_code == 404
        assert dirkje.post(url("take_back_offer", offer.pk)).status_code == 404
    assert "Saskia" not in text(dirkje.get(COHORT))
    assert "Saskia" not in text(dirkje.get(url("offer_newcomer", nine.pk)))
    waiting = offered(nine, ib)
    assert "Saskia" not in text(dirkje.get(url("newcomer_answer", waiting.pk)))


# A child by hand


def test_add_child_leads_to_the_offer(dirkje: Client, groups: dict[str, Group]) -> None:
    day = clock.today() + timedelta(days=3)
    filled = {"first_name": " Nine ", "start_date": day.isoformat(), "group": str(groups["1/2A"].pk)}
    first, second = (dirkje.post(url("add_newcomer"), filled) for _ in range(2))
    child = Child.objects.get(first_name="Nine")
    assert (child.start_date, child.group) == (day, groups["1/2A"])
    assert first["Location"] == second["Location"] == url("offer_newcomer", child.pk)
    assert said(first) == ["Nine staat in de lijst. Je kunt nu een buddy aanbieden."]


def test_add_child_asks_for_a_day_on_which_it_is_new(
    dirkje: Client, other_school: School, groups: dict[str, Group]
) -> None:
    today = clock.today()
    wrong = {
        "start_date": ["", "morgen", (today - timedelta(days=365)).isoformat(), "2036-13-01",
                       (today + timedelta(days=3650)).isoformat()],
        "first_name": ["", " ", "x" * 61],
        "group": [str(other_school.group_set.get().pk), "nonsense"],
    }  # fmt: skip
    before = everything()
    for name, values in wrong.items():
        for value in values:
            filled = {"first_name": "Nine", "start_date": today.isoformat(), "group": ""} | {name: value}
            page = dirkje.post(url("add_newcomer"), filled)
            assert set(page.context["form"].errors) == {name}, value
            assert page.context["form"]["first_name"].value() == filled["first_name"]
    assert everything() == before
