"""Keeps out of the log what its reader may not have: the keys of links, with which they could answer for somebody or
choose somebody's password, and rows of the database."""

from __future__ import annotations

import logging
import re

# The key is the part of the address after /o/, as it stands in "Not Found: /o/…/" or "GET /o/…/ HTTP/1.1".
_LINK = re.compile(r"(/o/|/password/reset/key/)[^/\s\"'?#]+")
# PostgreSQL adds the whole row to what it refuses ("Failing row contains …"), or the value ("Key (email)=…").
_ROW = re.compile(r"(DETAIL:).*?(?=\n(?:CONTEXT|HINT):|\n\n|\Z)", re.DOTALL)


class WithoutLinks(logging.Formatter):
    """Writes a line of the log, with its traceback, and leaves out the key of every link and every row in it."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW.sub(r"\1 …", _LINK.sub(r"\1…", super().format(record)))
