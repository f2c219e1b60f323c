"""What staff say about matching: a tap about a proposal, not these two, and what weighs at this school."""

from buddies.models import Judgement, KeptApart, Weight
from school.models import Group, Membership
from tests.cast import AddBuddy, Signalled

from .conftest import Visitor


def test_a_colleague_says_what_they_think_and_that_two_do_not_go_together(
    visitor: Visitor, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support = signalled("reading")
    add_buddy("reading", first_name="Karin")
    visitor.arrive(ib, f"signalen/{support.pk}/match/")
    visitor.press("Twijfel")
    visitor.sees("Opgeschreven over Karin Bakker: twijfel.", "Ineke: twijfel")
    visitor.look("buddy-zoeken-oordeel")
    assert Judgement.objects.get().verdict == "doubtful"
    visitor.unfold("Niet deze twee")
    visitor.choose("ze zijn eerder gebotst")
    visitor.press("Opschrijven")
    visitor.sees("Er klopt nog iets niet", "ze zijn eerder gebotst")
    visitor.look("niet-deze-twee-fout")
    visitor.choose("Een jaar")
    visitor.press("Opschrijven")
    visitor.sees("Er is nu niemand om te vragen", "Kijk hieronder of ‘niet deze twee’ nog klopt.")
    visitor.unfold("met ‘niet deze twee’")
    visitor.look("niet-deze-twee")
    visitor.press("Terugnemen: Karin Bakker")
    visitor.sees("Teruggenomen.", "Karin Bakker")
    assert not KeptApart.objects.exists()


def test_what_weighs_is_looked_at_before_it_is_saved(
    visitor: Visitor, ib: Membership, signalled: Signalled, add_buddy: AddBuddy, groups: dict[str, Group]
) -> None:
    signalled("reading", wish="father", group=groups["4B"])
    add_buddy("reading", first_name="Dichtbij", grades=(4,))
    add_buddy("reading", first_name="Vader", kind="father", grades=(8,))
    visitor.arrive(ib, "instellingen/koppelen/")
    visitor.look("hoe-we-koppels-voorstellen")
    visitor.choose("belangrijk", within="Hun kinderen zitten in hetzelfde leerjaar, of bijna")
    visitor.press("Bekijk wat er verandert")
    visitor.sees("zou nu Dichtbij Bakker boven Vader Bakker staan.")
    visitor.look("hoe-we-koppels-voorstellen-gevolg")
    assert not Weight.objects.exists()
    visitor.press("Opslaan")
    visitor.sees("Opgeslagen. Vanaf nu stellen we koppels zo voor.")
    assert Weight.objects.get(code="grade").importance == "important"
