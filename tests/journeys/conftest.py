"""A school that is served, and people who use it in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from school.models import Membership
from tests.cast import ClientOf

PASSWORD = "een-lang-wachtwoord"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
# For the main roads: the whole way at a phone, and again at a desk.
AT_BOTH = pytest.mark.parametrize("visitor", [PHONE, DESKTOP], ids=["phone", "desktop"], indirect=True)

Look = Callable[[Page, str], None]


class Visitor:
    """One member at one screen, who finds everything by what it is called.

    `taps` counts what a finger does: a button, link, chip or fold is one, a choice from a list two.
    """

    def __init__(self, context: BrowserContext, base: str, look: Look, also: ViewportSize | None) -> None:
        self.context, self.page, self.base = context, context.new_page(), base
        self._look, self._also = look, also
        self.taps = 0
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    # Coming in

    def sign_in(self, membership: Membership) -> None:
        """Sign in on the login page, to Vandaag."""
        membership.user.set_password(PASSWORD)
        membership.user.save()
        self.page.goto(self.base)
        self.type("E-mailadres", membership.user.email)
        self.type("Wachtwoord", PASSWORD)
        self.press("Inloggen")
        self.page.wait_for_url(f"{self.base}/{membership.school.slug}/")

    def arrive(self, membership: Membership, path: str = "") -> None:
        """Be signed in already, and open the page `path` of the school: Vandaag, if nothing is said."""
        session = ClientOf()(membership).cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.base}])
        self.at = f"/{membership.school.slug}/"
        self.go(path)

    def go(self, path: str, answer: int = 200) -> None:
        """Open the page `path` of the school, which answers with status `answer`."""
        self.open(f"{self.base}{self.at}{path}", answer)

    def open(self, address: str, answer: int = 200) -> None:
        """Open `address`, inside a school or not, which answers with status `answer`."""
        response = self.page.goto(address)
        assert response is not None
        assert response.status == answer, f"{address}: {response.status}"
        if answer >= 400:
            # The browser says so too, once, and that is no fault of the page.
            self.faults = [fault for fault in self.faults if f"status of {answer}" not in fault]

    # Doing

    def called(self, name: str) -> Locator:
        """The buttons and links called `name`."""
        # What only a screen reader hears ("Withdraw: reading") is a box of its own, so a space comes before it.
        exactly = re.compile(rf"^{re.escape(name).replace(':', ' ?:')}$")
        button = self.page.get_by_role("button", name=exactly)
        return button.or_(self.page.get_by_role("link", name=exactly)).filter(visible=True)

    def press(self, name: str) -> None:
        """Use the one button or link called `name`; the first when a row repeats what stands elsewhere."""
        self._tap(self.called(name).first)

    def choose(self, name: str, within: str = "") -> None:
        """Tap the chip or box called `name`, of the question `within` if given."""
        where = self.question(within) if within else self.page.locator("main")
        # A chip may say more below its name.
        label = where.locator("label").filter(has=self.page.locator(f':text-is("{name}")'), visible=True)
        self._tap(label)
        expect(label.locator("input")).to_be_checked()

    def pick(self, name: str, option: str) -> None:
        """Choose from a list that folds out."""
        self.page.get_by_label(name, exact=True).select_option(label=option)
        self.taps += 2

    def unfold(self, name: str) -> None:
        """Open the fold called `name`."""
        self._tap(self.page.locator("summary").filter(has_text=name, visible=True).first)

    def type(self, name: str, text: str) -> None:
        """Write `text` in the field called `name`."""
        self.field(name).fill(text)

    def _tap(self, one: Locator) -> None:
        one.click()
        self.taps += 1

    # Finding

    def field(self, name: str) -> Locator:
        """The field called `name`, which may be marked as optional."""
        exact = self.page.get_by_label(name, exact=True)
        return exact.or_(self.page.get_by_label(f"{name} (niet verplicht)", exact=True)).filter(visible=True)

    def question(self, name: str) -> Locator:
        """The group of chips below the question `name`."""
        main = self.page.locator("main")
        return main.get_by_role("radiogroup", name=name).or_(main.get_by_role("group", name=name)).last

    def sees(self, *texts: str) -> None:
        """Each of `texts` can be read on the page."""
        for text in texts:
            found = self.page.locator("main").get_by_text(re.compile(re.escape(text))).filter(visible=True)
            expect(found.first, f"{text!r} on {self.page.url}").to_be_visible()

    def does_not_see(self, *texts: str) -> None:
        """None of `texts` is on the page, not even folded away."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text, ignore_case=True)

    def has_no(self, name: str) -> None:
        """Nothing called `name` can be used here."""
        expect(self.called(name)).to_have_count(0)

    def is_at(self, title: str) -> None:
        """The page is the one with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def look(self, name: str) -> None:
        """This page state is accessible and does not scroll sideways, on every screen that it is looked at on."""
        self._look(self.page, name)
        own = self.page.viewport_size
        if self._also and own:
            self.page.set_viewport_size(self._also)
            self._look(self.page, name)
            self.page.set_viewport_size(own)


@pytest.fixture
def served(transactional: None, live_server: LiveServer) -> str:
    """The address of the site, served from the test's own database."""
    return live_server.url


class Open:
    """Gives somebody new at a screen of their own."""

    def __init__(self, browser: Browser, base: str, look: Look) -> None:
        self.browser, self.base, self.look = browser, base, look
        self.visitors: list[Visitor] = []

    def __call__(self, *, also: ViewportSize | None = None, **context: Any) -> Visitor:
        opened = self.browser.new_context(locale="nl-NL", **context)
        opened.set_default_timeout(8_000)
        visitor = Visitor(opened, self.base, self.look, also)
        self.visitors.append(visitor)
        return visitor

    def close(self) -> None:
        """Everybody leaves; then nobody's browser may have complained."""
        for visitor in self.visitors:
            visitor.context.close()
        faults = [fault for visitor in self.visitors for fault in visitor.faults]
        assert not faults, faults


@pytest.fixture
def visit(
    served: str,
    browser: Browser,
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> Iterator[Open]:
    """`visit(viewport=PHONE)` is somebody at a phone; what else a browser can be is said in the same way. `also` is
    another screen on which the pages are looked at."""

    def look(page: Page, name: str) -> None:
        # A form that was sent leaves after a moment: the server is asked first whether it is there.
        expect(page.locator("form[data-sent]")).to_have_count(0)
        axe(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} scrolls sideways by {wider} px"
        screenshot(page, name)

    opened = Open(browser, served, look)
    yield opened
    opened.close()


@pytest.fixture
def visitor(request: pytest.FixtureRequest, visit: Open) -> Visitor:
    """Somebody at a phone, whose pages are looked at on a desk too; with `AT_BOTH`, somebody at each."""
    own: ViewportSize | None = getattr(request, "param", None)
    return visit(viewport=own) if own else visit(viewport=PHONE, also=DESKTOP)


@pytest.fixture
def at_desk(visit: Open) -> Visitor:
    """Somebody at a desk, for what does not depend on the screen."""
    return visit(viewport=DESKTOP)


@pytest.fixture
def at_phone(visit: Open) -> Visitor:
    """Somebody at a phone, for what only matters there."""
    return visit(viewport=PHONE)


@pytest.fixture
def without_javascript(
    browser: Browser, served: str, screenshot: Callable[[Page, str], None]
) -> Iterator[Visitor]:
    """Somebody at a phone that runs no scripts. axe is one, so here looking is only taking a picture."""
    opened = Open(browser, served, screenshot)
    yield opened(viewport=PHONE, java_script_enabled=False)
    opened.close()
