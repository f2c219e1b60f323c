"""Keeps personal links out of the log: whoever reads the log could else answer for somebody."""

from __future__ import annotations

import logging
import re

# The key is the part of the address after /o/, as it stands in "Not Found: /o/…/" or "GET /o/…/ HTTP/1.1".
_LINK = re.compile(r"(/o/)[^/\s\"'?#]+")


class WithoutLinks(logging.Formatter):
    """Writes a line of the log, with its traceback, and leaves out the key of every personal link in it."""

    def format(self, record: logging.LogRecord) -> str:
        return _LINK.sub(r"\1…", super().format(record))
