"""A trace tells where an error came from and what led to it, and quotes nobody's data."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from accounts.models import Skill
from timetravelers.kit.traces import format_trace

Work = Callable[[], object]
SECRET = "what-somebody-wrote"


def trace_of(work: Work) -> str:
    """The trace of what `work` raises."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is
        work()
    return format_trace((raised.type, raised.value, raised.tb))


def fail() -> None:
    raise KeyError("inner")


def fail_from() -> None:
    try:
        fail()
    except KeyError as exc:
        raise ValueError("outer") from exc


def fail_alone() -> None:
    try:
        fail()
    except KeyError:
        raise ValueError("outer") from None


def test_the_cause_comes_before_what_it_led_to() -> None:
    trace = trace_of(fail_from)
    assert trace.index("KeyError: 'inner'") < trace.index("ValueError: outer")
    assert "in fail_from" in trace


def test_what_was_suppressed_is_not_shown() -> None:
    assert "inner" not in trace_of(fail_alone)


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    trace = format_trace((ValueError, first, None))
    assert (trace.count("first"), trace.count("second")) == (1, 1)


def run(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def make_twins() -> None:
    for _ in range(2):
        Skill.objects.create(key=SECRET, name=SECRET, kind=Skill.Kind.SKILL)


def take_too_long() -> None:
    run("SET LOCAL statement_timeout = 20")
    run("SELECT pg_sleep(2), %s", SECRET)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("work", "kind", "gist"),
    [
        (lambda: run("SELECT %s::int", SECRET), DataError, "SQLSTATE 22P02"),
        (lambda: Skill.objects.create(key=SECRET, name=SECRET * 100), DataError, "SQLSTATE 22001"),
        (lambda: Skill.objects.filter(key=SECRET + "\0").first(), DataError, "SQLSTATE None"),
        (make_twins, IntegrityError, 'violates unique constraint "accounts_skill_key_key"'),
        (take_too_long, OperationalError, "statement timeout"),
    ],
)
def test_what_a_database_says_is_told_without_values(work: Work, kind: type[Exception], gist: str) -> None:
    with pytest.raises(kind):
        work_in_savepoint(work)
    trace = trace_of(lambda: work_in_savepoint(work))
    assert gist in trace
    assert SECRET not in trace
    assert kind.__name__ in trace


def work_in_savepoint(work: Work) -> None:
    with transaction.atomic():
        work()
