"""The key in a personal link: made here, and known to the database by its fingerprint only."""

from __future__ import annotations

import hashlib
import secrets

KEY_BYTES = 24


def new_key() -> str:
    """A key nobody can guess: 192 bits of chance, as 32 characters that fit in an address."""
    return secrets.token_urlsafe(KEY_BYTES)


def fingerprint(key: str) -> str:
    """What is stored of `key`. A plain hash is enough: there is too much chance in a key to try them all."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
