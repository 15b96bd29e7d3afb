"""Time in work: how many months a set of employments covers."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from timetravelers.kit.clock import now

MONTHS_A_YEAR = 12
MOST_YEARS = 70  # what a profile may state, and so what may be computed
AHEAD_OF_UTC = timedelta(hours=14)


def latest_day() -> date:
    """The latest day that it is anywhere now: nobody's today lies in the future."""
    return (now() + AHEAD_OF_UTC).date()


class Span(NamedTuple):
    """From the first month to the last, both included; `ended` None goes on. Only year and month count."""

    started: date
    ended: date | None


def months_covered(spans: Iterable[Span], today: date) -> int:
    """How many calendar months lie in at least one of the spans; a month in two of them counts once.

    Months after `today` do not count, and a span that ends before it starts covers nothing.
    """
    total, reached = 0, -1  # `reached` is the last month counted so far
    for first, last in sorted(_as_numbers(span, today) for span in spans):
        total += max(0, last - max(first - 1, reached))
        reached = max(reached, last)
    return total


def years_covered(spans: Iterable[Span], today: date) -> int:
    """Whole years of `months_covered`, at most MOST_YEARS."""
    return min(months_covered(spans, today) // MONTHS_A_YEAR, MOST_YEARS)


def _as_numbers(span: Span, today: date) -> tuple[int, int]:
    present = _number(today)
    last = present if span.ended is None else min(_number(span.ended), present)
    return _number(span.started), last


def _number(day: date) -> int:
    return day.year * MONTHS_A_YEAR + day.month - 1
