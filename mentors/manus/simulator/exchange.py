"""A request and an answer as values, apart from sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec

from mentors.manus.simulator.records import Json

JSON = "application/json"


class Ending(Enum):
    """What happens to the connection when an answer is due."""

    SEND = "send"
    CUT = "cut"
    CUT_HALFWAY = "cut_halfway"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    from_loopback: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, and how it is to go wrong; `delay` is in seconds."""

    status: int
    body: bytes
    content_type: str = JSON
    location: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    ending: Ending = Ending.SEND


def json_answer(status: int, fields: Json) -> Answer:
    return Answer(status=status, body=msgspec.json.encode(fields))


def error_answer(status: int, code: str, message: str, request_id: str) -> Answer:
    envelope = {"ok": False, "request_id": request_id, "error": {"code": code, "message": message}}
    return json_answer(status, envelope)
