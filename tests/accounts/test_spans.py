"""How many months employments cover."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.spans import MOST_YEARS, Span, months_covered, years_covered

TODAY = date(2026, 11, 22)
months = st.dates(date(1900, 1, 1), date(2040, 12, 1)).map(lambda day: day.replace(day=1))
spans = st.lists(st.builds(Span, months, st.none() | months), max_size=8)


def one_by_one(work: list[Span]) -> int:
    """The slow way: every month by itself."""
    covered = set()
    for span in work:
        last = min(span.ended or TODAY, TODAY)
        covered |= set(range(span.started.year * 12 + span.started.month, last.year * 12 + last.month + 1))
    return len(covered)


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ([], 0),
        ([("2020-01", "2020-01")], 1),
        ([("2020-01", "2020-12")], 12),
        ([("2020-01", "2020-12"), ("2020-06", "2021-05")], 17),
        ([("2020-01", "2020-12"), ("2020-03", "2020-04")], 12),
        ([("2020-01", "2020-06"), ("2020-07", "2020-12")], 12),
        ([("2020-01", "2020-02"), ("2021-01", "2021-02")], 4),
        ([("2026-11", None)], 1),
        ([("2026-01", None), ("2025-12", "2026-02")], 12),
        ([("2026-12", None)], 0),
        ([("2026-10", "2027-03")], 2),
        ([("2020-05", "2020-01")], 0),
        ([("2020-05", "2020-01"), ("2020-02", "2020-03")], 2),
    ],
)
def test_examples(work: list[tuple[str, str | None]], expected: int) -> None:
    given_spans = [
        Span(date.fromisoformat(f"{start}-01"), date.fromisoformat(f"{end}-01") if end else None) for start, end in work
    ]
    assert months_covered(given_spans, TODAY) == expected


@given(work=spans)
def test_it_is_the_union_of_months(work: list[Span]) -> None:
    assert months_covered(work, TODAY) == one_by_one(work)


@given(work=spans, more=spans, order=st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_counts_and_more_work_is_never_less(
    work: list[Span], more: list[Span], order: Random
) -> None:
    shuffled = [*work, *work]
    order.shuffle(shuffled)
    assert months_covered(shuffled, TODAY) == months_covered(work, TODAY)
    assert months_covered(work + more, TODAY) >= months_covered(work, TODAY)


@given(work=spans)
def test_years_are_whole_and_end_somewhere(work: list[Span]) -> None:
    years = years_covered(work, TODAY)
    assert 0 <= years <= MOST_YEARS
    assert years == MOST_YEARS or years * 12 <= months_covered(work, TODAY) < (years + 1) * 12
