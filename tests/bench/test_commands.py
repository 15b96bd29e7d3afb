"""`python -m bench` when there is nothing to measure, and the database it works in."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.environment import missing, own_database


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
    assert (done.returncode, done.stdout.split()) == (0, ["enumeration", "me"])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["you"], "no such bench: you (there are: enumeration, me)"),
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


def databases() -> set[str]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_bench_works_in_a_database_of_its_own_that_goes_even_when_somebody_is_connected() -> None:
    before = databases()
    with own_database(os.environ) as own:
        name = urlsplit(own["DATABASE_URL"]).path.removeprefix("/")
        assert databases() == before | {name}
        forgotten = psycopg.connect(own["DATABASE_URL"])
        assert own["DJANGO_SETTINGS_MODULE"] == "bench.settings"
    assert databases() == before
    forgotten.close()


def test_the_database_goes_when_the_bench_fails() -> None:
    before = databases()
    with pytest.raises(RuntimeError, match="broken"), own_database(os.environ):
        raise RuntimeError("broken")
    assert databases() == before
