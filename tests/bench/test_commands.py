"""`python -m bench` when there is nothing to measure, and the database it works in."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.environment import missing, own_database

NAMES = [
    "context",
    "enumeration",
    "live",
    "me",
    "recall",
    "retrieval",
    "search",
    "sockets",
    "tell",
    "tell_learning",
    "tell_quality",
]


def bench(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_the_benches_are_listed_without_engines() -> None:
    done = bench("--list")
    assert (done.returncode, done.stdout.split()) == (0, NAMES)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["you"], f"no such bench: you (there are: {', '.join(NAMES)})"),
        (["--rounds", "6"], "--rounds has to be at least 7"),
        ([], "DATABASE_URL, REDIS_URL not set; `make bench`"),
    ],
)
def test_a_mistake_in_the_asking_is_one_clear_line(arguments: list[str], complaint: str) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_engines_count_as_missing_when_empty() -> None:
    assert missing({"DATABASE_URL": "", "REDIS_URL": "redis://here"}) == ["DATABASE_URL"]


def name_of(environment: Mapping[str, str]) -> str:
    return urlsplit(environment["DATABASE_URL"]).path.removeprefix("/")


def exists(name: str) -> bool:
    """Whether there is a database of that name; tests beside this one make others."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def test_a_bench_works_in_a_database_of_its_own_that_goes_even_when_somebody_is_connected() -> None:
    with ExitStack() as stack:
        with own_database(os.environ) as own:
            name = name_of(own)
            assert name != name_of(os.environ)
            assert exists(name)
            stack.enter_context(closing(psycopg.connect(own["DATABASE_URL"])))
            assert own["DJANGO_SETTINGS_MODULE"] == "bench.settings"
        assert not exists(name)


def test_the_database_goes_when_the_bench_fails() -> None:
    names: list[str] = []
    with pytest.raises(RuntimeError, match="broken"):
        _fail_within(names)
    assert [exists(name) for name in names] == [False]


def _fail_within(names: list[str]) -> None:
    with own_database(os.environ) as own:
        names.append(name_of(own))
        raise RuntimeError("broken")
