"""Weekly windows in which a person has time, in their local time."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypedDict

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
END_OF_DAY = "24:00"

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")

# `from` is a word of Python, hence the call.
Window = TypedDict("Window", {"day": str, "from": str, "to": str})


def is_start(clock: str) -> bool:
    """True for a time of day from 00:00 to 23:59."""
    return _CLOCK.fullmatch(clock) is not None


def is_end(clock: str) -> bool:
    """True for a time of day, or for 24:00."""
    return clock == END_OF_DAY or is_start(clock)


def in_order(windows: Sequence[Window]) -> list[Window]:
    """The windows from Monday on; times of a fixed width sort as text."""
    return sorted(windows, key=_place)


def is_backward(window: Window) -> bool:
    """True when it ends before it begins, or at once: a night is two windows."""
    return window["to"] <= window["from"]


def has_overlap(windows: Sequence[Window]) -> bool:
    """True when two windows share time; one may begin when another ends."""
    return any(
        earlier["day"] == later["day"] and later["from"] < earlier["to"]
        for earlier, later in pairwise(in_order(windows))
    )


def _place(window: Window) -> tuple[int, str, str]:
    return DAYS.index(window["day"]), window["from"], window["to"]
