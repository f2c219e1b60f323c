"""Running other programs: none outlives us, what they print is kept, and trouble is said in one line."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from pwd import struct_passwd
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOG = VAR / "setup.log"

Command = Sequence[str | Path]
INTERRUPTED = 130
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 15  # seconds
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Problem(Exception):
    """Trouble somebody can do something about: its text says what, in one line."""


def say(text: str) -> None:
    print(text, flush=True)


def run_tool(main: Callable[[], int]) -> NoReturn:
    """Exit with what `main` returns; a stop signal or a Problem ends it without a traceback."""

    def stop(signum: int, frame: object) -> NoReturn:
        for each in _STOP_SIGNALS:  # cleaning up is short and is not interrupted
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in _STOP_SIGNALS:
        signal.signal(each, stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(INTERRUPTED)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        sys.exit(1)
    except PermissionError as error:
        print(
            f"\nThis user may not write {error.filename}: use the user who owns the folder.", file=sys.stderr
        )
        sys.exit(1)


def start(
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    user: struct_passwd | None = None,
    output: IO[str] | None = None,
) -> subprocess.Popen[str]:
    """Start a program, as `user` if that is not us, with both its outputs to `output` or our terminal.

    It gets a process group of its own, for `end`, and is stopped by the kernel if we are killed.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        cwd="/" if user else ROOT,
        env=env,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),
    )


def end(process: subprocess.Popen[str], stop_with: signal.Signals = signal.SIGTERM) -> None:
    """Ask the process and its group to stop, insist after a while; does nothing when all are gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, stop_with)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def running(
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    user: struct_passwd | None = None,
    output: IO[str] | None = None,
    stop_with: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[str]]:
    """A program, as for `start`, that is ended when the block is left, however it is left."""
    process = start(command, env=env, user=user, output=output)
    try:
        yield process
    finally:
        end(process, stop_with)


def run(
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    stop_with: signal.Signals = signal.SIGTERM,
) -> int:
    """Run a program to its end on our terminal; its exit code."""
    with running(command, env=env, stop_with=stop_with) as process:
        return process.wait()


def run_logged(command: Command, *, env: Mapping[str, str] | None = None) -> str | None:
    """Run a program to its end with its output in the log; None if it succeeded, else that output."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a+", encoding="utf-8", errors="replace") as log:
        print("\n$", *command, file=log, flush=True)
        before = log.tell()
        with running(command, env=env, output=log) as process:
            if process.wait() == 0:
                return None
        log.seek(before)
        return log.read()
