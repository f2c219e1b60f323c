"""A new key for what is encrypted: all of it is renewed, nothing is lost, and what cannot be read is named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, connections, models
from pytest_django import Settings

from buddies.models import Signal, SupportRequest
from school import clock, encryption
from school.encryption import encrypted_fields
from school.fields import EncryptedTextField, cipher
from school.models import Membership, Parent, School
from tests.cast import AddBuddy, ClientOf, Signalled

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    """What the school wrote until today."""
    settings.FIELD_KEYS = [OLD]


@pytest.fixture
def written(school: School, add_buddy: AddBuddy, signalled: Signalled) -> None:
    """Some of everything that is encrypted."""
    for number in range(5):
        Parent.objects.create(
            school=school, created_at=clock.now(), phone=f"06-{number}", email="a@b.invalid"
        )
    add_buddy()
    signalled()


def stored(model: type[models.Model], field: str) -> dict[Any, str]:
    """What stands in the column itself, for each row that has something there."""
    column = model._meta.get_field(field).column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {model._meta.db_table} WHERE {column} <> ''")  # noqa: S608
        return dict(cursor.fetchall())


def all_stored() -> dict[str, dict[Any, str]]:
    return {f"{model.__name__}.{field}": stored(model, field) for model, field in encrypted_fields()}


def texts() -> dict[str, list[Any]]:
    """Everything that is encrypted, as it reads."""
    return {
        f"{model.__name__}.{field}": list(model._base_manager.order_by("pk").values_list(field, flat=True))
        for model, field in encrypted_fields()
    }


def opens(key: str, value: str) -> bool:
    return encryption._opens(Fernet(key), value)


def test_every_encrypted_field_is_found() -> None:
    found = {(model, field) for model, field in encrypted_fields()}
    assert {(Parent, "phone"), (Signal, "called"), (SupportRequest, "note")} <= found
    assert {model._meta.app_label for model, _field in found} == {"school", "buddies", "meetings"}
    there = sum(
        isinstance(field, EncryptedTextField)
        for model in apps.get_models()
        for field in model._meta.local_fields
    )
    assert len(found) == there


def test_old_key_can_be_dropped_afterwards(
    written: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts()
    settings.FIELD_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    assert "school.Parent.phone: 5 renewed, 0 up to date" in capsys.readouterr().out
    settings.FIELD_KEYS = [NEW]
    assert texts() == before
    assert before["Parent.phone"].count("06-3") == 1, "the control: there was something to read"


def test_running_again_writes_nothing(
    written: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    once = all_stored()
    capsys.readouterr()
    call_command("rotate_keys")
    assert all_stored() == once
    assert "school.Parent.phone: 0 renewed, 5 up to date" in capsys.readouterr().out


def test_killed_half_way_it_finishes_when_run_again(
    written: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts()
    settings.FIELD_KEYS = [NEW, OLD]
    monkeypatch.setattr(encryption, "BATCH", 2)
    replace = encryption._replace
    done: list[object] = []

    def killed(*args: Any) -> bool:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(args)
        return replace(*args)

    monkeypatch.setattr(encryption, "_replace", killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_keys")
    renewed = [opens(NEW, value) for value in stored(Parent, "phone").values()]
    assert True in renewed or any(opens(NEW, value) for value in stored(Parent, "email").values())
    monkeypatch.setattr(encryption, "_replace", replace)
    call_command("rotate_keys")
    settings.FIELD_KEYS = [NEW]
    assert texts() == before


def test_check_changes_nothing_and_fails_while_something_is_old(written: None, settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    once = all_stored()
    with pytest.raises(CommandError, match=r"school\.Parent\.phone: 5 still need an older key"):
        call_command("rotate_keys", check=True)
    assert all_stored() == once
    call_command("rotate_keys")
    call_command("rotate_keys", check=True)


def test_value_of_an_unknown_key_is_counted_and_left_alone(
    written: None, school: School, settings: Settings
) -> None:
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    lost = Parent.objects.create(school=school, created_at=clock.now(), phone="06-geheim")
    value = stored(Parent, "phone")[lost.pk]
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CommandError) as error:
        call_command("rotate_keys")
    [line] = str(error.value).splitlines()
    assert line.startswith("school.Parent.phone: 1 cannot be read with any of FIELD_KEYS")
    assert "geheim" not in line
    assert value not in line
    after = stored(Parent, "phone")
    assert after.pop(lost.pk) == value
    assert all(opens(NEW, each) for each in after.values()), "the others are renewed all the same"


def test_what_is_no_key_is_refused_without_showing_it(settings: Settings) -> None:
    settings.FIELD_KEYS = ["geen-sleutel-maar-wel-geheim"]
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS must be Fernet keys") as error:
        cipher()
    assert "geheim" not in str(error.value)


def test_page_with_an_unreadable_value_fails_without_content(
    written: None,
    teacher: Membership,
    client_of: ClientOf,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = client_of(teacher)
    value = next(iter(stored(Signal, "called").values()))
    settings.FIELD_KEYS = [NEW]
    browser.raise_request_exception = False
    response = browser.get("/de-wilgen/signalen/mijn/")
    assert response.status_code == 500
    assert "Er ging iets mis" in response.content.decode()
    assert "Signal.called was written with another key." in caplog.text
    assert value not in caplog.text
    assert value not in response.content.decode()


@pytest.fixture
def writer(transactional: None) -> Iterator[threading.Event]:
    """Stops a thread that goes on writing."""
    stop = threading.Event()
    yield stop
    stop.set()


def test_what_is_changed_meanwhile_is_never_overwritten(
    writer: threading.Event, school: School, settings: Settings
) -> None:
    rows = [
        Parent.objects.create(school=school, created_at=clock.now(), phone=f"06-{number}").pk
        for number in range(40)
    ]
    settings.FIELD_KEYS = [NEW, OLD]
    last: dict[int, str] = {}
    failed: list[Exception] = []

    def write() -> None:
        try:
            number = 0
            while not writer.is_set():
                pk, number = rows[number % len(rows)], number + 1
                Parent.objects.filter(pk=pk).update(phone=f"nieuw {number}")
                last[pk] = f"nieuw {number}"
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(last) < 5:
            pass
        for _ in range(3):
            # What the writer was first with has the new key already, so nothing is left.
            call_command("rotate_keys")
    finally:
        writer.set()
        thread.join()
    assert failed == []
    phones = dict(Parent.objects.filter(pk__in=last).values_list("pk", "phone"))
    assert phones == last
    assert all(opens(NEW, value) for value in stored(Parent, "phone").values())


def test_change_between_reading_and_writing_wins(
    school: School, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Parent.objects.create(school=school, created_at=clock.now(), phone="06-1")
    settings.FIELD_KEYS = [NEW, OLD]
    replace = encryption._replace

    def late(*args: Any) -> bool:
        Parent.objects.filter(pk=row.pk).update(phone="06-2")
        return replace(*args)

    monkeypatch.setattr(encryption, "_replace", late)
    call_command("rotate_keys")
    assert Parent.objects.get(pk=row.pk).phone == "06-2"
