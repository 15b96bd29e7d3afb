"""Expressions of time, read on Wednesday 15 October 2025."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consciousness.recall.times import spans_in

ASKED = datetime(2025, 10, 15, 12, tzinfo=UTC)


def days_of(question: str, zone: str = "UTC") -> list[tuple[str, str]]:
    """First and last day of each span."""
    where = ZoneInfo(zone)
    spans = spans_in(question, ASKED.replace(tzinfo=where), where)
    return [(str(each.begins.date()), str((each.ends - timedelta(seconds=1)).date())) for each in spans]


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("what did I say on 2025-03-07?", "2025-03-07", "2025-03-07"),
        ("what happened on the 7th of March", "2025-03-07", "2025-03-07"),
        ("what happened on 7 May 2023?", "2023-05-07", "2023-05-07"),
        ("who called on May 7, 2023", "2023-05-07", "2023-05-07"),
        ("where was I on December 24th", "2024-12-24", "2024-12-24"),
        ("what did we plan in March", "2025-03-01", "2025-03-31"),
        ("what did we plan in November", "2024-11-01", "2024-11-30"),
        ("how was I in november last year", "2024-11-01", "2024-11-30"),
        ("what about last October", "2024-10-01", "2024-10-31"),
        ("what did I do this May", "2025-05-01", "2025-05-31"),
        ("what was in June 2023", "2023-06-01", "2023-06-30"),
        ("at the beginning of July", "2025-07-01", "2025-07-11"),
        ("at the end of last February", "2025-02-19", "2025-02-28"),
        ("what did I say about my job in spring", "2025-03-01", "2025-05-31"),
        ("last spring", "2025-03-01", "2025-05-31"),
        ("last autumn", "2024-09-01", "2024-11-30"),
        ("in the fall of 2023", "2023-09-01", "2023-11-30"),
        ("two winters ago", "2023-12-01", "2024-02-29"),
        ("the winter before last", "2023-12-01", "2024-02-29"),
        ("last week", "2025-10-06", "2025-10-12"),
        ("this week", "2025-10-13", "2025-10-19"),
        ("last weekend", "2025-10-11", "2025-10-12"),
        ("last month", "2025-09-01", "2025-09-30"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("in 2023", "2023-01-01", "2023-12-31"),
        ("what did I say yesterday", "2025-10-14", "2025-10-14"),
        ("the day before yesterday", "2025-10-13", "2025-10-13"),
        ("last Tuesday", "2025-10-14", "2025-10-14"),
        ("three weeks ago", "2025-09-21", "2025-09-27"),
        ("in the last ten days", "2025-10-05", "2025-10-15"),
        ("last christmas", "2024-12-18", "2024-12-27"),
        ("before June 2024", "2024-04-02", "2024-05-31"),
        ("since last spring", "2025-03-01", "2025-10-15"),
        ("between March and May this year", "2025-03-01", "2025-05-31"),
        ("between May and August 2023", "2023-05-01", "2023-08-31"),
        ("where was she from 3 November to 10 December 2023", "2023-11-03", "2023-12-10"),
        ("what did Jon say on 2023/05/30", "2023-05-30", "2023-05-30"),
        ("the week before 9 June 2023", "2023-05-30", "2023-06-08"),
        ("two weeks before Christmas 2024", "2024-12-01", "2024-12-14"),
        ("three months after 4 May 2023", "2023-06-19", "2023-08-17"),
        ("the Sunday before 25 May 2023", "2023-05-15", "2023-05-24"),
        ("the weekend of 10 June 2023", "2023-06-07", "2023-06-13"),
        ("the week of 5 May", "2025-05-02", "2025-05-08"),
        ("two weekends ago", "2025-09-28", "2025-10-04"),
        ("the weekend before last", "2025-10-04", "2025-10-05"),
        ("the first weekend of August 2023", "2023-08-01", "2023-08-10"),
        ("around the end of 2022", "2022-08-26", "2022-12-31"),
        ("what did I cook for Thanksgiving", "2024-11-21", "2024-11-28"),
    ],
)
def test_times_that_are_named(question: str, first: str, last: str) -> None:
    assert days_of(question) == [(first, last)]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "what may I have said about the march?",
        "did grandma fall?",
        "what did he bring on his last day",
        "how long did it take",
        "what happened on 31 February",
        "what was on 2025-13-45",
        "who sprang to my help",
    ],
)
def test_what_is_no_time(question: str) -> None:
    assert days_of(question) == []


def test_seasons_are_those_of_where_one_lives() -> None:
    assert days_of("last winter", "America/Argentina/Buenos_Aires") == [("2025-06-01", "2025-08-31")]
    assert days_of("last winter", "Europe/Madrid") == [("2024-12-01", "2025-02-28")]


def test_days_begin_where_one_lives() -> None:
    (span,) = spans_in("yesterday", datetime(2025, 10, 15, 2, tzinfo=UTC), ZoneInfo("America/Lima"))
    assert span.begins.astimezone(UTC) == datetime(2025, 10, 13, 5, tzinfo=UTC)


_WORDS = """
    the a first last this end of in on before between and two 99 999 weeks years ago winter may march 31 feb 2025
    2025-02-30 0000-00-00 christmas Monday 's 31st recently year after of weekend week weekends weekend before last
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\x00", "\x01"])


@given(st.lists(_PIECES, max_size=12), st.dates(date(1902, 1, 1), date(2190, 1, 1)))
def test_no_words_can_break_it(pieces: list[str], day: date) -> None:
    asked_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for span in spans_in(" ".join(pieces), asked_at):
        assert span.begins < span.ends
        assert 0 < span.weight <= 1
