"""`manage.py ensure_first_admin`."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that does not exist yet."""
    for name in ("FIRST_ADMIN_EMAIL", "FIRST_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


def run() -> str:
    out = StringIO()
    call_command("ensure_first_admin", stdout=out)
    return out.getvalue().strip()


def test_the_first_run_makes_one_and_keeps_its_login(folder: Path) -> None:
    email, password = run().split(" ")
    admin = User.objects.get()
    assert (admin.email, admin.is_superuser, admin.is_staff) == ("admin@timetravelers.example", True, True)
    assert admin.check_password(password)
    assert len(password) >= 16
    kept = folder / "first-admin.txt"
    assert kept.read_text() == f"{email} {password}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_later_runs_make_nobody_and_say_where_the_login_is(folder: Path) -> None:
    password = run().split(" ")[1]
    again = run()
    assert str(folder / "first-admin.txt") in again
    assert password not in again
    assert User.objects.count() == 1


def test_the_login_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_ADMIN_EMAIL", "Chief@example.org")
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", "seven otters on ice")
    run()
    assert User.objects.get(email="chief@example.org").check_password("seven otters on ice")


def test_a_house_with_an_admin_of_its_own_gets_none(staff: User) -> None:
    assert run() == "An administrator exists."


def test_if_the_login_cannot_be_kept_nobody_is_made(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=r"first-admin\.txt cannot be written"):
        run()
    assert not User.objects.exists()
    assert Path(folder).is_file()


@pytest.mark.django_db(transaction=True)
def test_two_first_starts_make_one() -> None:
    said = at_once(3, lambda _: run())
    assert sum("@timetravelers.example " in str(line) for line in said) == 1
    assert User.objects.count() == 1
