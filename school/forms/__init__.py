"""The forms of this app, and what the forms of all apps come from."""

from .base import (
    BaseForm,
    Chips,
    ChipsMultiple,
    DayField,
    NoteField,
    SubmissionField,
    SubmissionForm,
    TidyCharField,
    field_of,
)

__all__ = [
    "BaseForm",
    "Chips",
    "ChipsMultiple",
    "DayField",
    "NoteField",
    "SubmissionField",
    "SubmissionForm",
    "TidyCharField",
    "field_of",
]
