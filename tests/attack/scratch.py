"""A database of its own for a program that attacks a real server, and that server's command."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

from tools import postgres
from tools.environment import PYTHON
from tools.process import Command


@contextmanager
def scratch(vendor: str) -> Iterator[Path]:
    """Settings for an empty database of `vendor`, sqlite or postgres; yields a folder that goes afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ouderbuddy-attack-")))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "OUDERBUDDY_DB": str(folder / "db.sqlite3"),
        }
        os.environ.pop("DATABASE_URL", None)
        if vendor == "postgres":
            url = stack.enter_context(postgres.server(durable=True))
            os.environ["DATABASE_URL"] = url.replace(
                "/ouderbuddy?", "/postgres?"
            )  # the one that is there already
        django.setup()
        yield folder


def server(port: int) -> Command:
    """The server as it runs for real, on a port of this machine."""
    return [
        PYTHON,
        *("-m", "gunicorn", "school.wsgi", f"--bind=127.0.0.1:{port}", "--preload", "--no-control-socket"),
        *("--workers=3", "--worker-class=gthread", "--threads=2", "--log-level=critical"),
    ]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
