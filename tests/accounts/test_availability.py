"""Weekly windows of time."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from accounts.availability import DAYS, Window, has_overlap, in_order, is_backward, is_end, is_start

clocks = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.integers(0, 59))
ends = clocks | st.just("24:00")


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start, end = draw(clocks), draw(ends)
    return {"day": draw(st.sampled_from(DAYS[:2])), "from": min(start, end), "to": max(start, end)}


def minutes(window: Window) -> set[tuple[str, int]]:
    """Every minute of a window by itself."""
    first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (window["from"], window["to"]))
    return {(window["day"], minute) for minute in range(first, last)}


@given(week=st.lists(windows().filter(lambda window: not is_backward(window)), max_size=5))
def test_windows_overlap_when_they_share_a_minute(week: list[Window]) -> None:
    shared = len(set().union(*map(minutes, week))) < sum(len(minutes(window)) for window in week)
    assert has_overlap(week) == shared


@given(week=st.lists(windows(), max_size=5), order=st.randoms(use_true_random=False))
def test_the_order_of_a_week_does_not_depend_on_the_order_of_saying(week: list[Window], order: Random) -> None:
    shuffled = list(week)
    order.shuffle(shuffled)
    assert in_order(shuffled) == in_order(week)


@given(text=st.text(max_size=6))
def test_a_time_of_day_is_four_digits_and_a_colon(text: str) -> None:
    valid = is_start(text)
    if valid:
        assert len(text) == 5
        assert text.isascii()
        assert int(text[:2]) < 24
        assert int(text[3:]) < 60
    assert is_end(text) == (valid or text == "24:00")
