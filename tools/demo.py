"""`make demo`: set everything up, fill an empty demo school, and serve it on this machine only."""

import os
import socket
from typing import NoReturn

from tools import environment
from tools.environment import PYTHON
from tools.process import ROOT, VAR, Problem, run, run_logged, run_tool, say

PACKAGES = ROOT / "requirements.txt"
DATABASE = VAR / "demo.sqlite3"
# Stands beside a database that is being filled for the first time: if it is still there, that never finished.
UNFINISHED = VAR / "demo.unfinished"
HOST = "127.0.0.1"
# A real school's settings: the demo, where one click signs anybody in, must never meet them.
REAL = ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS")


def main() -> int:
    refuse_real_settings()
    port = free_port(os.environ.get("PORT") or "8000")
    env = {**os.environ, "OUDERBUDDY_DEMO": "1", "OUDERBUDDY_TEST": "0", "PYTHONDONTWRITEBYTECODE": ""}
    with environment.one_at_a_time():
        environment.prepare(tests=False)
        collect_static(env)
        fill_database(env)
    say(f"\nOuderbuddy: http://localhost:{port}   (Ctrl-C stops it)")
    try:
        serve(port, env)
    except KeyboardInterrupt:
        say("\nStopped. What was entered is kept for next time.")
    return 0


def refuse_real_settings() -> None:
    present = [name for name in REAL if os.environ.get(name)]
    if present:
        names = " ".join(present)
        raise Problem(f"The demo keeps away from a real school's settings: first `unset {names}`.")


def free_port(text: str) -> int:
    """`text` as a port number nobody listens on; raises Problem."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Problem(f"PORT must be a number from 1 to 65535, not “{text}”.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Problem(f"This user may not use port {port}: try `make demo PORT=8001`.") from error
        except OSError as error:
            raise Problem(f"Port {port} is in use: try `make demo PORT={port % 65535 + 1}`.") from error
    return port


def collect_static(env: dict[str, str]) -> None:
    def collect() -> None:
        say("Setting up: static files")
        manage("collectstatic", "--noinput", "--clear", env=env)

    files = [file for file in sorted((ROOT / "static").rglob("*")) if file.is_file()]
    made_from = environment.digest(PACKAGES, ROOT / "school" / "settings.py", *files)
    environment.once("static-files", VAR / "static", made_from, collect)


def fill_database(env: dict[str, str]) -> None:
    """Bring the demo's database up to date, filled if it was empty, and show the accounts."""
    if UNFINISHED.exists():
        for file in VAR.glob(f"{DATABASE.name}*"):
            file.unlink()
    if not DATABASE.exists():
        say("Setting up: demo school")
        UNFINISHED.touch()
    migrations = environment.digest(PACKAGES, *sorted(ROOT.glob("*/migrations/*.py")))
    environment.once("database", DATABASE, migrations, lambda: manage("migrate", "--noinput", env=env))
    if run([PYTHON, "manage.py", "seed_demo"], env=env) != 0:
        raise Problem("The demo school could not be made: see above.")
    UNFINISHED.unlink(missing_ok=True)


def manage(*arguments: str, env: dict[str, str]) -> None:
    output = run_logged([PYTHON, "manage.py", *arguments], env=env)
    if output is not None:
        raise Problem(f"{output}\n`manage.py {arguments[0]}` failed: see above.")


def serve(port: int, env: dict[str, str]) -> NoReturn:
    """Serve until a stop signal."""
    options = [
        "--worker-class=gthread",
        "--workers=1",
        "--threads=8",
        "--graceful-timeout=2",
        "--log-level=warning",
    ]
    run(
        [PYTHON, "-m", "gunicorn", *options, "--no-control-socket", f"--bind={HOST}:{port}", "school.wsgi"],
        env=env,
    )
    raise Problem("The server stopped by itself: see above.")


if __name__ == "__main__":
    run_tool(main)
