"""The teacher's jobs with Tab, Space, Enter and the arrows only; where the focus is, can be seen."""

from datetime import timedelta

from playwright.sync_api import FloatRect, Locator, expect

from buddies.models import SupportRequest
from meetings.models import BuddyComes, Meeting, Tick
from school import clock
from school.models import Membership

from .conftest import Visitor

# More stops than any page has.
FAR = 60


def test_signal_a_parent_by_keyboard(at_desk: Visitor, teacher: Membership) -> None:
    page = at_desk.page
    at_desk.arrive(teacher)
    page.keyboard.press("Tab")
    skip = at_desk.called("Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    at_desk.look("toetsenbord-sla-over")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    go_to(at_desk, at_desk.called("Geef een signaal"))
    page.keyboard.press("Enter")
    at_desk.is_at("Signaleren")

    go_to(at_desk, at_desk.called("Verstuur het signaal"))
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    at_desk.look("toetsenbord-fout")
    links = summary.get_by_role("link")
    assert links.count() == 3
    go_to(at_desk, links.first)
    page.keyboard.press("Enter")
    child = at_desk.field("Kind")
    expect(child).to_be_focused()
    expect(child).to_be_in_viewport()
    page.keyboard.type("Lina")
    go_to(at_desk, page.get_by_role("radio", name="Moeder"))
    page.keyboard.press("Space")

    go_to(at_desk, page.get_by_role("radio", name="Nog niet"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Ja, wil dat we zoeken")).to_be_checked()
    # The questions that belong to a yes come after it, in reach of the next Tab.
    go_to(at_desk, page.get_by_role("radio", name="Weet ik nog niet"))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Cultuur, verwijzing")).to_be_checked()
    fold = page.locator("summary").filter(has_text="Liever met een moeder of een vader?")
    go_to(at_desk, fold)
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Maakt niet uit")).to_be_visible()
    go_to(at_desk, at_desk.called("Verstuur het signaal"))
    page.keyboard.press("Enter")
    at_desk.sees("Dank je.", "Moeder van Lina")
    signalled = SupportRequest.objects.select_related("theme", "child").get()
    assert signalled.child is not None
    assert signalled.theme is not None
    assert (signalled.child.first_name, signalled.theme.code) == ("Lina", "culture")


def test_plan_and_prepare_a_meeting_by_keyboard(at_desk: Visitor, teacher: Membership) -> None:
    page, tomorrow = at_desk.page, clock.today() + timedelta(days=1)
    at_desk.arrive(teacher, "gesprekken/")
    go_to(at_desk, at_desk.called("Gesprek plannen"))
    page.keyboard.press("Enter")
    go_to(at_desk, at_desk.field("Kind"))
    page.keyboard.type("Lina")
    go_to(
        at_desk, at_desk.question("Heeft deze ouder een buddy?").get_by_role("radio", name="Weet ik nog niet")
    )
    for _step in range(3):
        page.keyboard.press("ArrowUp")
    # In which order day and month are typed depends on the machine's own language: that control is the browser's.
    go_to(at_desk, at_desk.field("Datum"))
    at_desk.type("Datum", tomorrow.isoformat())
    at_desk.type("Tijd", "15:30")
    go_to(at_desk, at_desk.called("Gesprek plannen"))
    page.keyboard.press("Enter")
    at_desk.sees("Het gesprek is gepland.")
    meeting = Meeting.objects.get()
    assert meeting.parents.get().buddy == BuddyComes.ALONG
    assert meeting.child is not None
    go_to(at_desk, page.locator("#tick-V1"))
    page.keyboard.press("Space")
    expect(page.locator("#tick-V1")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#tick-V1")).to_be_focused()
    assert Tick.objects.count() == 1
    go_to(at_desk, at_desk.field("Vraag van de ouder"))


def go_to(visitor: Visitor, goal: Locator) -> None:
    """Press Tab until `goal` has the focus, and check that one can see that it has."""
    for _stop in range(FAR):
        visitor.page.keyboard.press("Tab")
        if goal.evaluate("goal => goal === document.activeElement"):
            break
    expect(goal).to_be_focused()
    expect(goal).to_be_in_viewport()
    focused = _picture(visitor, goal)
    goal.evaluate("goal => goal.blur()")
    assert focused != _picture(visitor, goal), f"the focus on {goal} cannot be seen"
    goal.evaluate("goal => goal.focus()")


def _picture(visitor: Visitor, goal: Locator) -> bytes:
    """The goal, or the chip it lies in, with a little around it."""
    chip = goal.locator("xpath=ancestor-or-self::label")
    box = (chip if chip.count() else goal).bounding_box()
    assert box
    left, top = max(0, box["x"] - 8), max(0, box["y"] - 8)
    around: FloatRect = {"x": left, "y": top, "width": box["width"] + 16, "height": box["height"] + 16}
    return visitor.page.screenshot(clip=around)
