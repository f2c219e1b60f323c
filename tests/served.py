"""Ouderbuddy as it really runs: gunicorn, several processes, production's settings, behind a proxy (which is us)."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
HOST = "ouderbuddy.example"
PRODUCTION = {
    "SECRET_KEY": "f7cQ2m9Zr4wXyT8uKp1LdV6sHb3NgJ0eAoRiCqWvEtYlUzMnBx",
    "ALLOWED_HOSTS": HOST,
    "FIELD_KEYS": "rWcyCmtEw7vP4gU1u0l0cXv3rY0b1yF2bq9Xo3mJc0A=",
    "DJANGO_SETTINGS_MODULE": "tests.served_settings",
    "PATH": os.environ["PATH"],
}


def environment(folder: Path) -> dict[str, str]:
    """Production, with the database of this test run and static files in `folder`."""
    return PRODUCTION | {"SERVED_STATIC": str(folder / "static")} | _database()


def _database() -> dict[str, str]:
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return {"OUDERBUDDY_DB": str(where["NAME"])}
    # The tests' server listens to a socket, which its address names after the question mark.
    return {"DATABASE_URL": f"postgres://{where['USER']}@/{where['NAME']}?{urlencode(where['OPTIONS'])}"}


def collect_static(folder: Path) -> None:
    """What `manage.py collectstatic` makes of our files. The administration site has most of them."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0", "--ignore=admin"]
    subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)  # noqa: S603  # our own


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Served:
    """A running server, and what it logged."""

    port: int
    log: Path
    pid: int

    def ask(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request, as a proxy that speaks HTTPS hands it on."""
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"} | dict(
            headers or {}
        )
        try:
            browser.request(method, address, body, given)
            response = browser.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            browser.close()


@dataclass
class Browser:
    """Somebody's browser, which keeps its cookies."""

    server: Served
    address: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Fill in the form on the page at `path`."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).text)
        assert token
        body = urlencode({"csrfmiddlewaretoken": token[1], **form}).encode()
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"https://{HOST}{path}",
            "X-Forwarded-For": self.address,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = self.server.ask(method, path, body, headers)
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


@contextmanager
def serve(folder: Path, *, workers: int, **env: str) -> Iterator[Served]:
    """gunicorn on a free port with the database of this test run, which must hold committed rows only; `env` stands
    above the environment of production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    options = (
        f"--bind 127.0.0.1:{port} --workers {workers} --worker-class gthread --threads 4 --no-control-socket"
    )
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603  # our own
            [sys.executable, "-m", "gunicorn", "school.wsgi", *options.split()],
            cwd=ROOT,
            env=environment(folder) | env,
            stdout=output,
            stderr=output,
        )
        try:
            _wait(process, port, log)
            yield Served(port, log, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")
