"""Event streams: the same events however the bytes are cut, and nothing unbounded."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.engines.sse import LONGEST_EVENT, EventReader, EventTooLong

LINES = st.text(st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"]), max_size=20)
DATA = st.lists(LINES, min_size=1, max_size=4)


def read(*chunks: bytes) -> list[str]:
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk)]


def written(events: list[list[str]], end: str) -> bytes:
    return "".join("".join(f"data: {line}{end}" for line in event) + end for event in events).encode()


@given(st.lists(DATA, max_size=4), st.sampled_from(["\n", "\r\n", "\r"]), st.lists(st.integers(0, 400), max_size=8))
def test_how_the_bytes_are_cut_makes_no_difference(events: list[list[str]], end: str, cuts: list[int]) -> None:
    # The last CR of a stream may be half of a line end, so it waits for one byte more.
    stream = written(events, end) + b":"
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert read(*chunks) == ["\n".join(event) for event in events]


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_are_read(chunks: list[bytes]) -> None:
    assert read(*chunks) == read(b"".join(chunks))


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"", []),
        (b"data: never ended\n", []),
        (b": comment\n\ndata:no blank\n\n", ["no blank"]),
        (b"event: x\nid: 7\nretry: 1\ndata: {}\n\n", ["{}"]),
        (b"\xef\xbb\xbfdata: after a mark\n\n", ["after a mark"]),
        (b"data\n\ndata:\n\n", ["", ""]),
        (b"data: \xff\xfe\n\n", ["\ufffd\ufffd"]),
        (b"\n\n\n\n", []),
    ],
)
def test_what_is_an_event(stream: bytes, events: list[str]) -> None:
    assert read(stream) == events


@pytest.mark.parametrize("chunk", [b"x" * 1000, b"data: " + b"x" * 1000 + b"\n"])
def test_an_endless_event_is_not_read(chunk: bytes) -> None:
    with pytest.raises(EventTooLong):
        read(*[chunk] * (LONGEST_EVENT // 500))
