"""How the product starts: closed by default, and not at all when something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "f7cQ2m9Zr4wXyT8uKp1LdV6sHb3NgJ0eAoRiCqWvEtYlUzMnBx",
    "ALLOWED_HOSTS": "ouderbuddy.example",
    "FIELD_KEYS": "rWcyCmtEw7vP4gU1u0l0cXv3rY0b1yF2bq9Xo3mJc0A=",
}
SHOW = (
    "import json, school.settings as s; "
    "print(json.dumps({k: getattr(s, k) for k in dir(s) if k.isupper()}, default=str))"
)


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing in the environment but `env`, and a database file in `folder`."""
    ours = {"PATH": os.environ["PATH"], "OUDERBUDDY_DB": str(folder / "db.sqlite3"), **env}
    return subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, *command],
        cwd=ROOT,
        env=ours,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings(folder: Path, **env: str) -> dict[str, object]:
    """The settings with this environment; fails when they refuse it."""
    result = run(folder, "-c", SHOW, **env)
    assert result.returncode == 0, result.stderr
    shown: dict[str, object] = json.loads(result.stdout)
    return shown


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_does_not_start_without(tmp_path: Path, missing: str) -> None:
    result = run(
        tmp_path, "-c", SHOW, **{name: value for name, value in PRODUCTION.items() if name != missing}
    )
    assert result.returncode != 0
    assert f"Set {missing}" in result.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "OUDERBUDDY_TEST"])
def test_demo_does_not_start_beside_a_real_school(tmp_path: Path, name: str) -> None:
    result = run(tmp_path, "-c", SHOW, OUDERBUDDY_DEMO="1", **{name: "1"})
    assert result.returncode != 0
    assert f"Demo mode refuses to start with {name} set" in result.stderr


@pytest.mark.parametrize("name", ["OUDERBUDDY_DEMO", "OUDERBUDDY_TEST"])
def test_flag_is_yes_or_no(tmp_path: Path, name: str) -> None:
    result = run(tmp_path, "-c", SHOW, **{name: "maybe"})
    assert result.returncode != 0
    assert f"{name} must be 1 or 0" in result.stderr


def test_database_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "-c", SHOW, DATABASE_URL="mysql://localhost/ouderbuddy", **PRODUCTION)
    assert result.returncode != 0
    assert "DATABASE_URL must start with postgres://" in result.stderr


def test_demo_has_a_database_of_its_own_and_listens_to_this_machine_only(tmp_path: Path) -> None:
    shown = settings(tmp_path, OUDERBUDDY_DEMO="1")
    assert "demo.sqlite3" in str(shown["DATABASES"])
    assert "db.sqlite3" not in str(shown["DATABASES"])
    assert shown["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert shown["DEBUG"] is False


def test_production_is_closed(tmp_path: Path) -> None:
    shown = settings(tmp_path, **PRODUCTION)
    assert (shown["DEBUG"], shown["DEMO"], shown["TEST"]) == (False, False, False)
    for name in (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_CONTENT_TYPE_NOSNIFF",
    ):
        assert shown[name] is True, name
    assert shown["SESSION_COOKIE_NAME"] == "__Host-session"
    assert shown["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    assert "PASSWORD_HASHERS" not in shown


def test_database_url_may_hold_what_an_address_cannot(tmp_path: Path) -> None:
    url = "postgres://ouder%40buddy:p%2Fw%3A@db.example:5433/ouder%2Dbuddy?sslmode=require"
    databases = settings(tmp_path, DATABASE_URL=url, **PRODUCTION)["DATABASES"]
    assert isinstance(databases, dict)
    default = databases["default"]
    assert (default["USER"], default["PASSWORD"], default["NAME"]) == ("ouder@buddy", "p/w:", "ouder-buddy")
    assert (default["HOST"], default["PORT"], default["OPTIONS"]) == (
        "db.example",
        "5433",
        {"sslmode": "require"},
    )


def test_sqlite_waits_for_its_turn_and_overwrites_what_is_erased(tmp_path: Path) -> None:
    databases = settings(tmp_path, **PRODUCTION)["DATABASES"]
    assert isinstance(databases, dict)
    options = databases["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "secure_delete=ON" in options["init_command"]


def test_django_finds_nothing_to_warn_about(tmp_path: Path) -> None:
    result = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
