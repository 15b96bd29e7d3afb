"""How a log line leaves the house, whatever is in it and whatever has become of the stream."""

import io
import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.logs import LogLines
from timetravelers.kit.logs import LineLogger, configure_logging
from timetravelers.kit.observability import begin_context

log = structlog.get_logger("tests.of.logs")
facts = st.dictionaries(
    st.text(max_size=5),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.uuids() | st.binary(max_size=4),
    max_size=4,
)


def test_a_line_says_when_what_where_and_in_which_request(log_lines: LogLines) -> None:
    chosen = begin_context()
    log.warning("something_happened", count=3)
    [line] = log_lines()
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {
        "event": "something_happened",
        "count": 3,
        "level": "warning",
        "logger": "tests.of.logs",
        "request_id": chosen,
    }


def test_libraries_lines_look_alike(log_lines: LogLines) -> None:
    log.error("ours")
    logging.getLogger("some.library").error("theirs")
    ours, theirs = log_lines()
    assert set(theirs) - {"request_id"} == set(ours) - {"request_id"}
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("theirs", "some.library", "error")


def test_what_is_below_the_level_is_not_written(log_lines: LogLines) -> None:
    log.debug("too_fine")
    logging.getLogger("some.library").debug("too fine")
    assert log_lines() == []


@given(facts, st.text(max_size=9))
def test_anything_makes_exactly_one_line(given_facts: dict[str, Any], event: str) -> None:
    stream = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LineLogger, "stream", stream)
        log.info(event, **{f"x{key}": value for key, value in given_facts.items()})
    [line] = stream.getvalue().split(b"\n")[:-1]
    assert json.loads(line)["event"] == event


@pytest.mark.parametrize("odd", ["\ud800", 2**70, float("nan"), object, {1: 2}])
def test_what_json_cannot_say_is_still_logged(log_lines: LogLines, odd: object) -> None:
    log.info("odd", value=odd)
    assert [line["event"] for line in log_lines()] == ["odd"]


def test_a_stream_that_is_gone_loses_the_line_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.BytesIO()
    closed.close()
    monkeypatch.setattr(LineLogger, "stream", closed)
    log.error("lost")
    with (tmp_path / "only-for-reading").open("w+b") as file, Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(LineLogger, "stream", full)
        log.error("lost")
        monkeypatch.setattr(LineLogger, "stream", file)
        log.error("kept")
        file.seek(0)
        assert json.loads(file.read())["event"] == "kept"


def test_the_console_style_is_text_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, before = io.BytesIO(), structlog.get_config()
    monkeypatch.setattr(LineLogger, "stream", stream)
    try:
        configure_logging(level="INFO", style="console")
        structlog.get_logger("fresh").info("hello", name="\ud800é")
    finally:
        structlog.configure(**before)
    assert b"hello" in stream.getvalue()
    assert "é".encode() in stream.getvalue()
