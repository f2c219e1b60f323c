"""What the code may not do anywhere, read from the code itself."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from buddies import consent_texts, due
from buddies.models import Purpose
from meetings import due as meetings_due
from school import due as school_due

ROOT = Path(__file__).resolve().parents[1]
APPS = ("school", "buddies", "meetings")
LONGEST = 400

# Queryset methods that a view or form may call on a manager: each gives only what is this member's to see.
DOORS = {
    "about",  # a refusal by the parent of a request that is open on the screen
    "active",  # memberships, of the user who is signed in
    "answered_by",
    "nominated_by",
    "of",
    "owned_by",
    "sent_as",  # what this member sent before with the same form
    "themes_with_someone",  # yes or not yet, per theme, without names (R3)
    "tips_of",
    "told_by",
    "visible_to",
}
# Rows that belong to a theme or to a person: from the school alone nobody may list them.
PERSONAL_SETS = {
    "background_set",
    "buddy_set",
    "checkin_set",
    "consent_set",
    "donotask_set",
    "experience_set",
    "guardianship_set",
    "judgement_set",
    "keptapart_set",
    "match_set",
    "parent_set",
    "referral_set",
    "signal_set",
    "supportrequest_set",
}
# What people agreed to never changes: a new wording is a new version, with a line of its own here.
CONSENT_TEXTS = {
    "disclose_name/2026-1/nl.txt": "81a14a1e00ca644e6adf748a6c60512bca80dab53a555f25dfc8da5a1b3e0b28",
    "match/2026-1/ar.txt": "367267b4a0e087632eb53286010646b183ecfe5de215825220476b58d93b4c96",
    "match/2026-1/en.txt": "50c8d066e9bc0e964619bd0b74202e676e2c6b0514f899e5875b5947008272b9",
    "match/2026-1/nl-je.txt": "6bf02be0f9fc7e2d49ea699a3465fa936c5f05759b6df61ae47b4423e2d2c8ff",
    "match/2026-1/nl.txt": "23945ff35ef7056e3f4eb8e26e88a15f0d90701611817ca2cbae822cd499398a",
    "match/2026-1/pl.txt": "70b9fcbe467a608b902642be29ba387eff4288c5e800b145a602fe120c2270b1",
    "match/2026-1/tr.txt": "c01ee90d4215445c14f3ad25bd00b862c5d3b6ac4c7624e5b39f7b4ce380e32d",
    "same_background/2026-1/nl.txt": "9af1fe74816723cd680f99fc517a4e75af1cd10101f9501259f4099ffefeae90",
    "search/2026-1/nl.txt": "1cb93e7e91ce10cbb3b50b9ade03f997e8865bdccbfd36e2d79f450ab44776ce",
    "share_contact/2026-1/ar.txt": "56da3068b8e3d3746bdbda6c5f89806078c8a0929a65fdf1c191ebc24e3b350d",
    "share_contact/2026-1/en.txt": "41c42f9c56bd52e631afab11de1e568c52de5017769d5aa23626392606e6e00b",
    "share_contact/2026-1/nl-je.txt": "4e07c0da526afa3f130ab71cb94e549fb81b05932759b135e33f59defed43afd",
    "share_contact/2026-1/nl.txt": "6b824de3db155827a3531c4b54f7cc816296a8f2d5884f6fb30a9318a97e0d50",
    "share_contact/2026-1/pl.txt": "e8062b23963e2973abd9fe42a221b85a65617f611d3cfe3886635106b2ee779d",
    "share_contact/2026-1/tr.txt": "c263e6e9bffd8c329571ca5182bde4600b921fb88f6261251ed10c8d27c6cc07",
    "share_experience/2026-1/nl.txt": "3f333b826e327c10daf9c8be898a57e72201de9d7f08a81b99e23a7e8ba05af0",
    "tell_teacher/2026-1/nl.txt": "5771a69b24cb8a7520706f4677e34e518bb932c215b869c1b2d527c8ce624c50",
}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The Python files below `folders`, by their path from the root, without migrations."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def views_and_forms() -> list[tuple[str, ast.Module]]:
    """The thin edge: modules and packages called views or forms."""
    return [
        (path, tree)
        for path, tree in sources(*APPS)
        if {"views", "forms"} & {part.removesuffix(".py") for part in Path(path).parts}
    ]


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call in `tree`, by the name of what is called: "audit.record", "_"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_views_and_forms_are_found() -> None:
    paths = {path for path, _tree in views_and_forms()}
    assert {"school/views/site.py", "school/forms/base.py", "buddies/views/matches.py"} <= paths


def test_views_and_forms_read_through_a_door() -> None:
    """`Model.objects` without a scope would show what is not this member's (invariant 5)."""
    unscoped = []
    for path, tree in views_and_forms():
        doors = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in DOORS
        }
        unscoped += [
            f"{path}:{node.lineno} {ast.unparse(node)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_default_manager", "_base_manager")
            and id(node) not in doors
        ]
    assert unscoped == []


def test_nobody_lists_people_from_the_school() -> None:
    modules = [*views_and_forms(), *((p, t) for p, t in sources(*APPS) if p.endswith("worklist.py"))]
    listed = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in PERSONAL_SETS
        and ast.unparse(node.value).endswith("school")
    ]
    assert listed == []


def test_nothing_sends_mail_by_itself() -> None:
    """Only the library that sends new passwords does; nothing goes to a parent or buddy (R24, invariant 6)."""
    senders = {
        "send_mail",
        "send_mass_mail",
        "mail_admins",
        "mail_managers",
        "EmailMessage",
        "EmailMultiAlternatives",
    }
    found = [
        f"{path} {name}"
        for path, tree in sources(*APPS)
        for name, _call in calls(tree)
        if name.rpartition(".")[2] in senders
    ]
    assert found == []


def test_time_comes_from_the_clock() -> None:
    """Else the demo school cannot grow in the past, and tests cannot move the calendar."""
    readers = {"timezone.now", "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"}
    without_argument = {"localdate", "localtime", "timezone.localdate", "timezone.localtime"}
    found = [
        f"{path}:{call.lineno} {name}"
        for path, tree in sources(*APPS)
        for name, call in calls(tree)
        if (name in readers or (name in without_argument and not call.args)) and path != "school/clock.py"
    ]
    assert found == []


def test_environment_is_read_in_settings_only() -> None:
    readers = {"os.environ", "os.getenv"}
    found = {
        path
        for path, tree in sources(*APPS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in readers
    }
    assert found - {"school/wsgi.py"} == {"school/settings.py"}


def test_names_are_written_by_save() -> None:
    """The keys that names are found and sorted by follow them only then (see `DerivedKeyField`)."""
    found = [
        f"{path}:{call.lineno}"
        for path, tree in sources(*APPS)
        for name, call in calls(tree)
        if name.endswith(".update")
        and {"first_name", "last_name"} & {keyword.arg for keyword in call.keywords}
    ]
    assert found == []


def test_log_is_told_words_of_ours_only() -> None:
    """An action is written out in the code: no name or note can slip into the log."""
    found: list[str] = []
    for path, tree in sources(*APPS):
        for name, call in calls(tree):
            if name not in ("audit.record", "audit.record_account", "record_account", "_move"):
                continue
            action = call.args[2 if name == "_move" else 0]
            choices = [action.body, action.orelse] if isinstance(action, ast.IfExp) else [action]
            for choice in choices:
                word = choice.value if isinstance(choice, ast.Constant) else ""
                passed_on = isinstance(choice, ast.Name) and choice.id == "action" and name != "_move"
                if not passed_on and not re.fullmatch(r"[a-z]+\.[a-z_]+", str(word)):
                    found.append(f"{path}:{call.lineno} {ast.unparse(action)}")
    assert found == []


@pytest.mark.parametrize("path", [*settings.WORKLIST, *settings.DUE_JOBS])
def test_what_settings_name_is_there(path: str) -> None:
    assert callable(import_string(path))


def test_every_job_is_run() -> None:
    """A job that settings do not name never erases anything (invariant 9)."""
    jobs = {
        f"{module.__name__}.{name}"
        for module in (school_due, due, meetings_due)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert jobs == set(settings.DUE_JOBS)


def test_consent_texts_never_change() -> None:
    found = {
        str(path.relative_to(consent_texts.FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in consent_texts.FOLDER.rglob("*")
        if path.is_file()
    }
    assert found == CONSENT_TEXTS


@pytest.mark.parametrize("purpose", Purpose)
def test_purpose_has_a_text(purpose: Purpose) -> None:
    assert consent_texts.text(purpose).strip()


def our_files() -> Iterator[Path]:
    """Everything written by us, without what is fetched or made."""
    for folder in (*APPS, "tests", "tools", "templates", "static"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js"} and not {"vendor", "migrations"} & set(
                path.parts
            ):
                yield path


def test_files_are_short() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in our_files()
    }
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


FORBIDDEN_IN_TEMPLATES = {
    "an inline style": r"\sstyle\s*=",
    "an inline handler": r"\son[a-z]+=[^=]|\shx-on",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a style block": r"<style",
    "a script address": r"javascript:",
    "a file of another site": r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
    "text that is not escaped": r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b",
}

# Here crispy puts fields that are rendered already, and Django a list in the hint about passwords.
RENDERED_BEFORE = {
    "templates/bootstrap5/layout/fieldset.html",
    "templates/bootstrap5/layout/help_text_and_errors.html",
}


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_templates_hold_nothing_the_browser_would_refuse(what: str) -> None:
    pattern = re.compile(FORBIDDEN_IN_TEMPLATES[what], re.IGNORECASE)
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    }
    assert set(found) - (RENDERED_BEFORE if "escaped" in what else set()) == set(), found
