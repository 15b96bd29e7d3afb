"""The environment: what is missing is named, what has the wrong type is named, and who wins is known."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from timetravelers import env
from timetravelers.env import REQUIRED, read_env
from timetravelers.runtime.locks import FolderLock
from timetravelers.runtime.state import LOCK_FILE, RuntimeState, write_state

COMPLETE = dict.fromkeys(REQUIRED, "x") | {"DATABASE_URL": "postgres://u@h/d", "REDIS_URL": "redis://h:1/0"}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of this test's own, with neither `.env` nor data."""
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    return tmp_path


def test_all_that_is_missing_is_named_at_once() -> None:
    found = read_env({})
    assert set(found.missing) == set(REQUIRED)
    with pytest.raises(ImproperlyConfigured) as refused:
        found.require_complete()
    assert all(name in str(refused.value) for name in REQUIRED)


@pytest.mark.parametrize("name", REQUIRED)
def test_an_empty_value_is_a_missing_one(name: str) -> None:
    assert read_env(COMPLETE | {name: ""}).missing == (name,)


def test_nothing_is_missing() -> None:
    read_env(COMPLETE).require_complete()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXY_COUNT", "one"),
        ("PROXY_COUNT", "1.5"),
        ("WEB_THREADS", "ten"),
        ("MAX_BODY_BYTES", "1MB"),
        ("TURN_POLL", "4s"),
        ("TURN_LEASE", "nan"),
        ("MANUS_READ_TIMEOUT", "inf"),
        ("HTTPS", "maybe"),
        ("DEVELOPMENT", "2"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_env(COMPLETE | {name: value})
    assert str(refused.value).startswith(f"{name} must be ")
    assert value not in str(refused.value)


@pytest.mark.parametrize(("value", "meant"), [("true", True), ("YES", True), ("1", True), ("off", False), ("0", False)])
def test_ways_to_say_yes_and_no(value: str, *, meant: bool) -> None:
    assert read_env({"DEVELOPMENT": value}).development is meant


def test_values_have_their_types() -> None:
    found = read_env({"TURN_POLL": "0.25", "WEB_THREADS": "3", "ALLOWED_HOSTS": "a.example, b.example,"})
    assert (found.turn["poll"], found.web_threads, found.allowed_hosts) == (0.25, 3, ("a.example", "b.example"))


def test_a_secret_that_begins_with_a_dollar_is_taken_as_it_is() -> None:
    assert read_env({"DJANGO_SECRET_KEY": "$ecret", "ecret": "other"}).secret_key == "$ecret"


def test_secrets_do_not_show() -> None:
    secrets = ["DJANGO_SECRET_KEY", "JWT_SIGNING_KEY", "MANUS_API_KEY", "METRICS_TOKEN", "EMAIL_URL", "DATABASE_URL"]
    assert "hunter2" not in repr(read_env(dict.fromkeys(secrets, "hunter2")))


def test_https_follows_the_public_address() -> None:
    assert read_env({"PUBLIC_BASE_URL": "https://x.example/"}).https is True
    assert read_env({"PUBLIC_BASE_URL": "https://x.example/"}).public_base_url == "https://x.example"
    assert read_env({"PUBLIC_BASE_URL": "https://x.example", "HTTPS": "no"}).https is False


def test_a_file_stands_behind_the_process_and_leaves_it_alone(project: Path) -> None:
    text = "# a note\nexport REDIS_PREFIX=from-file\nLOG_LEVEL='DEBUG'\nEMAIL_FROM=\"A <a@example.org>\"\n\n"
    (project / ".env").write_text(text)
    found = read_env({"LOG_LEVEL": "ERROR"})
    assert (found.redis_prefix, found.log_level, found.email_from) == ("from-file", "ERROR", "A <a@example.org>")
    assert os.environ.get("REDIS_PREFIX") != "from-file"


@pytest.fixture
def running(project: Path) -> Iterator[Path]:
    """A house that runs on this project's data folder, and has said where."""
    (project / ".data").mkdir()
    lock = FolderLock(project / ".data" / LOCK_FILE)
    lock.acquire()
    recorded = {"DATABASE_URL": "postgres://recorded@h/d", "REDIS_URL": "redis://recorded:1/0", "LOG_LEVEL": "WARNING"}
    write_state(project / ".data", RuntimeState(os.getpid(), "http://x", "", recorded))
    yield project
    lock.release()


def test_what_a_running_house_recorded_comes_last(running: Path) -> None:
    (running / ".env").write_text("LOG_LEVEL=DEBUG\n")
    found = read_env({"REDIS_URL": "redis://mine:1/0"})
    assert found.database_url == "postgres://recorded@h/d"
    assert (found.redis_url, found.log_level) == ("redis://mine:1/0", "DEBUG")


def test_who_has_a_database_of_their_own_does_not_meet_the_running_house(running: Path) -> None:
    found = read_env({"DATABASE_URL": "postgres://mine@h/d"})
    assert found.database_url == "postgres://mine@h/d"
    assert "REDIS_URL" in found.missing


def test_what_a_dead_house_recorded_does_not_count(project: Path) -> None:
    (project / ".data").mkdir()
    write_state(project / ".data", RuntimeState(1, "http://x", "", {"DATABASE_URL": "postgres://dead@h/d"}))
    assert "DATABASE_URL" in read_env({}).missing
