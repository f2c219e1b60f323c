"""The administrator and the director set up the school; the intern begeleider settles what it agreed on."""

from __future__ import annotations

from buddies.models import BuiltIn, Theme, ThemeCoordinator
from school.models import Group, Membership, School
from school.roles import Role
from tests.cast import member

from .conftest import AT_BOTH, Visitor


@AT_BOTH
def test_a_colleague_comes_to_work_here_and_gets_a_role(
    visitor: Visitor, admin_member: Membership, director: Membership, ib: Membership
) -> None:
    visitor.arrive(admin_member)
    visitor.look("vandaag-beheer-groep-zonder-leerkracht")
    visitor.press("Instellingen")
    visitor.look("instellingen-beheer")
    # Who looks after accounts does not decide who sees what.
    visitor.has_no("Bekijk: Wie regelt wat")
    visitor.press("Bekijk: Team")
    visitor.look("team")
    visitor.press("Collega toevoegen")
    visitor.press("Voeg toe")
    visitor.sees("Er klopt nog iets niet")
    visitor.look("collega-toevoegen-fout")
    visitor.type("Voornaam en achternaam", "Sanne Vos")
    visitor.type("E-mailadres van het werk", "sanne.vos@de-wilgen.invalid")
    visitor.choose("4B")
    visitor.press("Voeg toe")
    visitor.sees("sanne.vos@de-wilgen.invalid hoort nu bij het team.", "een directeur geeft er een")
    visitor.look("team-zonder-rol")
    sanne = Membership.objects.get(user__email="sanne.vos@de-wilgen.invalid")
    assert sanne.roles == frozenset()

    visitor.go("instellingen/groepen/")
    visitor.look("groepen")
    visitor.press("Groep toevoegen")
    visitor.type("Naam", "7B")
    visitor.choose("7", "Laagste leerjaar")
    visitor.choose("6", "Hoogste leerjaar")
    visitor.press("Opslaan")
    visitor.sees("Het hoogste leerjaar is lager dan het laagste.")
    visitor.look("groep-toevoegen-fout")
    visitor.choose("7", "Hoogste leerjaar")
    visitor.choose("Sanne Vos")
    visitor.press("Opslaan")
    visitor.sees("Groep 7B is toegevoegd.")
    assert Group.objects.get(name="7B").groupteacher_set.get().membership == sanne

    visitor.arrive(director)
    visitor.sees("Heeft nog geen rol, en kan zonder rol nog niets.")
    visitor.look("vandaag-directeur-rol")
    visitor.press("Geef een rol: Sanne Vos")
    visitor.look("rollen")
    visitor.choose("leerkracht")
    visitor.press("Opslaan")
    visitor.sees("Opgeslagen. Het geldt meteen.", "Leerkracht")
    visitor.look("collega")
    sanne = Membership.objects.get(pk=sanne.pk)
    assert sanne.roles == {Role.TEACHER}


def test_who_arranges_a_theme_and_who_does_not_see_it(
    at_desk: Visitor, director: Membership, ib: Membership, school: School
) -> None:
    member(school, "Babs", Role.BOUWCOORDINATOR)
    at_desk.arrive(director, "instellingen/onderwerpen/")
    at_desk.press("Wijzigen: taal")
    theme = at_desk.page.get_by_role("region", name="taal")
    theme.get_by_label("Regelt het", exact=True).select_option(label="Babs")
    theme.get_by_role("button").click()
    at_desk.sees("Babs regelt voortaan taal.")
    assert ThemeCoordinator.objects.get(theme__code=BuiltIn.LANGUAGE).membership.user.name == "Babs"
    at_desk.go("instellingen/onderwerpen/lijst/")
    at_desk.press("Taal")
    at_desk.look("onderwerp-directeur")
    at_desk.press("Scherm af voor de intern begeleider")
    at_desk.sees("De intern begeleider ziet de ouders bij taal niet meer.")
    assert Theme.objects.get(code=BuiltIn.LANGUAGE).hidden_from_intern_begeleider


def test_what_the_school_agreed_on(at_phone: Visitor, ib: Membership, school: School) -> None:
    at_phone.arrive(ib, "instellingen/")
    at_phone.look("instellingen")
    at_phone.press("Bekijk: Onderwerpen")
    at_phone.look("onderwerpen")
    at_phone.press("Onderwerp toevoegen")
    at_phone.press("Voeg toe")
    at_phone.sees("Er klopt nog iets niet")
    at_phone.look("onderwerp-toevoegen-fout")
    at_phone.type("Naam", "verhuizen")
    at_phone.press("Voeg toe")
    at_phone.press("Scheiding")
    at_phone.choose("Nee, verberg het")
    at_phone.press("Opslaan")
    at_phone.sees("nee, verborgen", "Verhuizen")
    assert Theme.objects.get(code=BuiltIn.DIVORCE).hidden
    at_phone.go("instellingen/school/")
    at_phone.type("Na hoeveel dagen bel je na?", "3")
    at_phone.press("Opslaan")
    at_phone.sees("Er klopt nog iets niet")
    at_phone.look("afspraken-fout")
    at_phone.type("Na hoeveel dagen bel je na?", "28")
    at_phone.choose("Met je")
    at_phone.press("Opslaan")
    at_phone.sees("Opgeslagen.")
    at_phone.look("afspraken")
    school.refresh_from_db()
    assert (school.checkin_days, school.formal_address) == (28, False)
    at_phone.press("Vrije dagen toevoegen")
    at_phone.type("Naam", "Kerstvakantie")
    at_phone.type("Eerste dag", "2030-12-23")
    at_phone.type("Laatste dag", "2030-12-20")
    at_phone.press("Opslaan")
    at_phone.sees("De laatste dag ligt vóór de eerste dag.")
    at_phone.look("vrije-dagen-fout")
    at_phone.type("Laatste dag", "2031-01-03")
    at_phone.press("Opslaan")
    at_phone.sees("Kerstvakantie")


def test_what_happened_can_be_read_and_looked_through(
    visitor: Visitor, director: Membership, ib: Membership
) -> None:
    visitor.arrive(director, "instellingen/")
    visitor.press("Bekijk: Logboek")
    visitor.sees("Dirkje logde in")
    visitor.look("logboek")
    visitor.page.get_by_text("Iets opzoeken").click()
    visitor.page.get_by_label("Wie", exact=True).select_option(label="Ineke")
    visitor.look("logboek-opzoeken")
    visitor.press("Zoek")
    visitor.sees("Wie: Ineke", "Niets gevonden")
    visitor.look("logboek-niets-gevonden")
    visitor.press("Laat alles zien")
    visitor.sees("Dirkje zocht in het logboek")
