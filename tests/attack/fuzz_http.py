"""Requests that are hardly HTTP any more, sent to a real server: none of them is a fault of ours, none stops it.

python -m tests.attack.fuzz_http 3000        # a second number repeats a run
"""

from __future__ import annotations

import os
import random
import socket
import sys
import time
from pathlib import Path

from django.core.management import call_command

from tools.process import run_tool, running, say

from .scratch import free_port, scratch, server

PATIENCE = 20  # seconds
# The server's own words for what it does not speak; 500 and the like would be ours.
OURS = (500, 502, 503, 504)

LINES = [
    b"GET / HTTP/1.1",
    b"GET /over/ HTTP/1.0",
    b"POST /account/login/ HTTP/1.1",
    b"POST /o/geen-sleutel/ HTTP/1.1",
    b"GET http://example.com/over/ HTTP/1.1",
    b"GET /%00%ff/../..//etc/passwd HTTP/1.1",
    b"GET /static/%2e%2e/%2e%2e/school/settings.py HTTP/1.1",
    b"GET /de-wilgen/\x00 HTTP/1.1",
    b"GET /\xff\xfe HTTP/1.1",
    b"GET",
    b"GET /",
    b"get / http/1.1",
    b"CONNECT example.com:443 HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"GET / HTTP/9.9",
    b"PRI * HTTP/2.0",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1",
]
HEADERS = [
    b"Host: 127.0.0.1",
    b"Host: example.com",
    b"Host: ",
    b"Content-Length: 7",
    b"Content-Length: -1",
    b"Content-Length: 99999",
    b"Content-Length: 1e3",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: x9k",
    b"Content-Type: application/x-www-form-urlencoded",
    b"Content-Type: multipart/form-data; boundary=x9k",
    b"Content-Type: multipart/form-data",
    b"Content-Type: text/html; charset=utf-7",
    b"Content-Encoding: gzip",
    b'Cookie: sessionid="abcdefgh\\000"; csrftoken=\x80',
    b"Cookie: " + b"a=b; " * 1500,
    b"Expect: 100-continue",
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"X-Forwarded-For: x9k",
    b"X_Forwarded_For: 10.0.0.1",
    b" folded",
    b"No colon",
    b": no name",
    b"Na\x00me: value",
    b"Range: bytes=5-1",
    b"If-Modified-Since: x9k",
    b"Accept-Encoding: br;q=x9k",
]
BODIES = [
    b"",
    b"login=a",
    b"5\r\nlogin\r\n0\r\n\r\n",
    b"zz\r\nlogin\r\n",
    b"-1\r\n\r\n",
    b"ffffffffffffffffff\r\n",
    b'--x9k\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x9k--\r\n',
    b'--x9k\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n%%",
    b"\x1f\x8b\x08\x00",
    b"a=" + b"b" * 3_000_000,
    b"&".join(b"a%d=b" % number for number in range(1500)),
]


def main() -> int:
    """Exit code 0 if the server answered everything, and still does."""
    count, *seed = sys.argv[1:]
    chosen = int(seed[0]) if seed else random.randrange(10**6)  # no secret
    with scratch("sqlite") as folder:
        call_command("migrate", verbosity=0)
        wrong = attack(int(count), random.Random(chosen), folder / "log")
    for what in wrong:
        say(f"  WRONG {what}")
    say(f"seed {chosen}: {count} requests, {len(wrong)} wrong")
    return 1 if wrong else 0


def attack(count: int, dice: random.Random, log: Path) -> list[str]:
    """What went wrong with `count` requests."""
    port, wrong = free_port(), []
    with log.open("w") as output, running(server(port), env=os.environ, output=output):
        wait(port)
        for _nth in range(count):
            request = made(dice)
            status, page = answer(port, request)
            if status in OURS or b"Traceback" in page:
                wrong.append(f"{status} for {request[:300]!r}")
        wait(port)
    if "Traceback" in log.read_text(errors="replace"):
        wrong.append(f"in the log: {log.read_text(errors='replace')[-2000:]}")
    return wrong


def made(dice: random.Random) -> bytes:
    """A request of known parts, in which now and then something is changed."""
    headers = [b"Host: 127.0.0.1"] if dice.random() < 0.8 else []
    headers += dice.choices(HEADERS, k=dice.randint(0, 5))
    newline = b"\r\n" if dice.random() < 0.9 else b"\n"
    request = bytearray(newline.join([dice.choice(LINES), *headers, b"", b""]) + dice.choice(BODIES))
    for _nth in range(dice.choice((0, 0, 1, 3))):
        at = dice.randrange(len(request))
        request[at : at + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
    return bytes(request[: dice.randint(0, len(request))] if dice.random() < 0.1 else request)


def answer(port: int, request: bytes) -> tuple[int, bytes]:
    """The status (0 when the server only hung up) and the whole answer. Raises TimeoutError when there is none."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            # it hung up while we were still talking
    words = received.split(b" ", 2)
    return (int(words[1]) if len(words) > 1 and words[1].isdigit() else 0), received


def wait(port: int) -> None:
    """Until the server shows an ordinary page."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            status, _page = answer(
                port, b"GET /over/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            assert status == 200, status
        except (AssertionError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    run_tool(main)
