"""Primary keys as they come in from outside: in an address, a query string or a hidden field."""

import re

from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """A primary key in an address: a number the database can hold. A longer one is an address that does not exist."""

    regex = "[0-9]{1,18}"


def key_of(text: object) -> int | None:
    """`text` as a primary key, None when it is none."""
    return int(str(text)) if re.fullmatch(KeyConverter.regex, str(text), re.ASCII) else None
