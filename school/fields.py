"""Model fields of our own: text that is encrypted at rest, and keys derived from names."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import IsNull

from . import text


class UnreadableField(Exception):
    """A stored value cannot be read with the present FIELD_KEYS."""


@lru_cache(maxsize=2)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:  # whose message and traceback could show a key
        raise ImproperlyConfigured("FIELD_KEYS must be Fernet keys: see docs/running.md.") from None


def cipher() -> MultiFernet:
    """The cipher for the keys in settings; the first key writes, all of them read. Raises ImproperlyConfigured."""
    return _cipher(tuple(settings.FIELD_KEYS))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # the stubs' parameters do not exist at run time
    """Text stored encrypted. The empty string stays empty, so that a constraint can say "nothing is stored".

    Raises `UnreadableField` when a value was written with a key we do not have, and `FieldError` on any
    lookup but `isnull` and the exact empty string: what is encrypted cannot be searched.
    """

    def get_internal_type(self) -> str:
        return "TextField"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return cipher().encrypt(value.encode()).decode("ascii") if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode("ascii")).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            raise UnreadableField(
                f"{self.model.__name__}.{self.name} was written with another key."
            ) from error

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        if lookup_name == "exact":
            return _OnlyEmpty
        raise FieldError(f"{self.name} is encrypted: {lookup_name} cannot be used on it.")

    def get_transform(self, lookup_name: str) -> Any:
        return None


class _OnlyEmpty(models.lookups.Exact):  # type: ignore[type-arg]  # likewise
    """`field = ''`, the one comparison that says something about an encrypted field."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs != "":
            raise FieldError("An encrypted field can only be compared with the empty string.")
        super().__init__(lhs, rhs)


class DerivedKeyField(models.CharField):  # type: ignore[type-arg]  # likewise
    """A key computed from other fields of the row whenever it is saved, and by `bulk_create`.

    Not by what writes columns past the row: `update`, `bulk_update`, `save(update_fields=…)`.
    """

    def __init__(self, *, derive: Callable[..., str], sources: Sequence[str], **kwargs: Any) -> None:
        self.derive, self.sources = derive, tuple(sources)
        kwargs |= {"max_length": 400, "editable": False}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"derive": self.derive, "sources": self.sources}

    def db_parameters(self, connection: Any) -> Any:
        # A PostgreSQL of a Dutch school would leave out the spaces when it sorts; letter by letter, as SQLite does.
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | collation

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = self.derive(*(getattr(model_instance, source) for source in self.sources))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def search_key_field(*sources: str) -> DerivedKeyField:
    """The key a search box looks in."""
    return DerivedKeyField(derive=text.search_key, sources=sources, db_index=True)


def sort_key_field(*sources: str) -> DerivedKeyField:
    """The key a list is ordered by."""
    return DerivedKeyField(derive=text.sort_key, sources=sources, db_index=True)
