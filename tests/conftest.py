"""What every test may use: the browser, screenshots, axe; and in CI nothing is skipped."""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tools.browser_files import TEST_VENDOR
from tools.environment import chromium

pytest_plugins = ["tests.cast", "tests.database", "tests.world"]

# Playwright's synchronous interface keeps an event loop running, in which Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

IN_CI = os.environ.get("CI") == "true"
SCREENSHOTS = Path(__file__).parent / "screenshots"
# Only what is wrong, by its markup: what axe adds beside it takes most of its time.
AXE_OPTIONS = "{resultTypes: ['violations'], elementRef: false, selectors: false, preload: false}"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a browser as a journey; without a browser, skip them. Mark what asks for no database,
    and so cannot reach one, to run once."""
    no_browser = chromium() is None
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "django_db_setup" not in fixtures and item.get_closest_marker("django_db") is None:
            item.add_marker("once")
        if "browser" in fixtures:
            item.add_marker("journey")
            if no_browser:
                item.add_marker(pytest.mark.skip(reason="there is no Chromium"))


def pytest_collection_finish() -> None:
    """What was collected stays until the end: it is not looked through again for what can be thrown away."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if count := _skipped(terminalreporter.config):
        consequence = "in CI that is a failure" if IN_CI else "in CI it would be a failure"
        terminalreporter.section(f"{count} SKIPPED: {consequence}", sep="!", red=True, bold=True)


def _skipped(config: pytest.Config) -> int:
    """How many tests were skipped; 0 in a worker, which has no reporter: the main process counts."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright with the machine's own Chromium."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_FLAGS}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep a picture of every page that is looked at")


@pytest.fixture
def screenshot(pytestconfig: pytest.Config) -> Callable[[Page, str], None]:
    """`screenshot(page, "vandaag")` keeps the whole page in tests/screenshots/vandaag-360.png (360 wide), when pytest
    was asked for `--pictures`: nothing depends on them, and they take longer than looking."""
    wanted = pytestconfig.getoption("--pictures")

    def take(page: Page, name: str) -> None:
        size = page.viewport_size
        if not wanted or size is None:
            return
        # The whole page on one screen, so that what sticks to the bottom of it covers nothing.
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png", full_page=True)
        page.set_viewport_size(size)

    return take


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails, naming rule and element, when axe-core finds something inaccessible."""
    source = (TEST_VENDOR / "axe.min.js").read_text(encoding="utf-8")

    def check(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        violations = page.evaluate(f"async () => (await axe.run(document, {AXE_OPTIONS})).violations")
        lines = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert not lines, f"axe on {page.url}:\n" + "\n".join(lines)

    return check
