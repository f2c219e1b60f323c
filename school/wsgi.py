"""The WSGI application that a server such as gunicorn runs."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings")
django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django; but what claims to be in another encoding than ours is handed on as Latin-1, which `OnlyUtf8Middleware`
    refuses. Some encodings (`hex`, `zip`) are not even for text: Django would fail on them before anything of ours
    could answer."""
    if not _is_utf8(environ.get("CONTENT_TYPE", "")):
        environ = {**environ, "CONTENT_TYPE": "text/plain; charset=latin-1"}
    return django(environ, start_response)


def _is_utf8(content_type: str) -> bool:
    """Whether this header says UTF-8, or nothing about an encoding."""
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except ValueError:  # too long
        return False
    charset = parameters.get("charset", "utf-8")
    return isinstance(charset, str) and charset.strip().lower() in {"utf-8", "utf8"}
