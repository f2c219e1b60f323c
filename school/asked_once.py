"""Reading something about a member once, however often a page needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from .models import Membership

P = ParamSpec("P")
T = TypeVar("T")


def asked_once(
    read: Callable[Concatenate[Membership, P], T],
) -> Callable[Concatenate[Membership, P], T]:
    """The decorated function asks the database once for as long as that membership object lives. Every request finds
    its membership anew, so what somebody lost is gone on the next one; its other arguments can be hashed."""

    @wraps(read)
    def kept(membership: Membership, /, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = vars(membership).setdefault("_asked_once", {})
        key = (read, args, tuple(kwargs.items()))
        if key not in asked:
            asked[key] = read(membership, *args, **kwargs)
        found: T = asked[key]
        return found

    return kept
