"""The set-up: what it may rely on, and what it says when it cannot go on."""

import re
import socket
from pathlib import Path

import pytest

from tools import browser_files, demo, environment
from tools.process import ROOT, Problem

ICON_NAMED = re.compile(r"""(?:_icon\.html" with name|\bicon)(?:: str)? ?= ?"([a-z0-9-]+)\"""")


def test_icons_named_in_templates_and_code_are_in_the_sprite() -> None:
    sources = [
        file
        for folder in ("templates", "school", "buddies", "meetings")
        for file in (ROOT / folder).rglob("*.*")
    ]
    named = {
        name
        for file in sources
        if file.suffix in {".html", ".py"}
        for name in ICON_NAMED.findall(file.read_text(encoding="utf-8"))
    }
    assert "search" in named
    assert named <= set(browser_files.ICONS.read_text(encoding="utf-8").split())


def test_sprite_holds_each_icon_once_and_refuses_an_unknown_one() -> None:
    sprite = (browser_files.VENDOR / "icons.svg").read_text(encoding="utf-8")
    assert (
        re.findall(r'<symbol id="([^"]+)"', sprite) == browser_files.ICONS.read_text(encoding="utf-8").split()
    )
    with pytest.raises(Problem, match="no-such-icon"):
        browser_files.sprite(["no-such-icon"])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_python_lock_pins_with_hashes_and_names_no_host(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in lock
    packages = re.split(r"^(?=[a-z])", re.sub(r"^ *#.*\n", "", lock, flags=re.MULTILINE), flags=re.MULTILINE)[
        1:
    ]
    assert packages
    assert all(
        re.match(r"[a-z0-9.-]+==\S+ ", package) and "--hash=sha256:" in package for package in packages
    )


def test_browser_lock_names_no_host_to_fetch_from() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock


def test_once_makes_again_only_what_is_gone_changed_or_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_STAMPS", tmp_path)
    made, times = tmp_path / "made", []

    def make() -> None:
        times.append(1)
        made.touch()

    def fail() -> None:
        raise Problem("interrupted")

    for made_from in ("a", "a", "b"):
        environment.once("thing", made, made_from, make)
    assert len(times) == 2
    made.unlink()
    environment.once("thing", made, "b", make)
    assert len(times) == 3
    with pytest.raises(Problem):
        environment.once("thing", made, "c", fail)
    environment.once("thing", made, "b", make)
    assert len(times) == 4


@pytest.mark.parametrize("text", ["abc", "", "0", "65536", "-1", "8000.5", "٨"])
def test_port_that_is_no_port_number_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="PORT must be"):
        demo.free_port(text)


def test_port_in_use_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind((demo.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} is in use: try `make demo PORT="):
            demo.free_port(str(port))


@pytest.mark.parametrize("name", demo.REAL)
def test_demo_refuses_a_real_schools_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in demo.REAL:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "something")
    with pytest.raises(Problem, match=f"`unset {name}`"):
        demo.refuse_real_settings()
