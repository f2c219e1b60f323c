"""Foreign keys over more than one column: two rows that must belong together, do."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models.constraints import BaseConstraint


class TiedKey(BaseConstraint):
    """A second, composite foreign key beside `field`, kept by the database itself.

    `ties` maps columns of this table to columns of the target: with `field="consent"` and
    `ties={"parent": "parent"}` the consent must be of the same parent as this row. A null in any of the
    columns lifts it. The target needs a unique constraint over the same columns. It is checked at commit.
    """

    def __init__(self, *, field: str, ties: Mapping[str, str], name: str) -> None:
        super().__init__(name=name)
        self.field, self.ties = field, dict(ties)

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        target = model._meta.get_field(self.field).remote_field.model
        own = [model._meta.get_field(name).column for name in (*self.ties, self.field)]
        theirs = [target._meta.get_field(name).column for name in (*self.ties.values(), target._meta.pk.name)]
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({', '.join(map(quote, own))}) "
            f"REFERENCES {quote(target._meta.db_table)} ({', '.join(map(quote, theirs))}) DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Nothing to say to a form: a row that breaks this is a fault of ours, and the database refuses it."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"field": self.field, "ties": self.ties}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TiedKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def same_school(model: str, *fields: str) -> list[TiedKey]:
    """For each of `fields` of `model`: the row it points at belongs to the same school."""
    return [
        TiedKey(field=field, ties={"school": "school"}, name=f"{model}_{field}_same_school")
        for field in fields
    ]


def one_of(
    field: str, choices: type[models.TextChoices], name: str, *, blank: bool = False
) -> models.CheckConstraint:
    """`field` holds one of `choices`, or with `blank` nothing."""
    allowed = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)
