"""Chat completions as they come over the wire, read tolerantly: whole, in pieces, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from mentors.engines.port import Trouble

SERVER_FAULTS = range(500, 600)
MOST_RETRY_DIGITS = 4
# What endpoints call it when the money is gone, whatever the status.
SPENT_WORDS = re.compile(r"insufficient_quota|billing|credit", re.IGNORECASE)
_BY_STATUS: dict[int, Trouble] = {
    HTTPStatus.UNAUTHORIZED: Trouble.SHUT,
    HTTPStatus.FORBIDDEN: Trouble.SHUT,
    HTTPStatus.NOT_FOUND: Trouble.SHUT,  # the model or the address is wrong
    HTTPStatus.METHOD_NOT_ALLOWED: Trouble.SHUT,
    HTTPStatus.PAYMENT_REQUIRED: Trouble.SPENT,
    HTTPStatus.REQUEST_TIMEOUT: Trouble.DOWN,
    HTTPStatus.CONFLICT: Trouble.DOWN,
    HTTPStatus.TOO_MANY_REQUESTS: Trouble.BUSY,
}


class Refusal(Exception):
    """The endpoint did not give an answer."""

    def __init__(self, trouble: Trouble, retry_after: float | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer; `filtered` if the endpoint held it back for what was said."""

    text: str
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer; `finish` is why it is the last one."""

    text: str = ""
    finish: str | None = None


class _Said(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Said | None = None
    message: _Said | None = None
    finish_reason: str | None = None


class _Problem(msgspec.Struct):
    code: str | int | None = None
    type: str | None = None


class _Frame(msgspec.Struct):
    choices: list[_Choice] = []
    error: _Problem | str | None = None


def read_piece(data: str) -> Piece:
    """One event of a stream. Raises Refusal if it is an error, or nothing that an endpoint should say."""
    choice = _first_choice(_frame(data.encode(errors="replace")))
    if choice is None:
        return Piece()
    said = choice.delta or choice.message
    return Piece((said.content if said else None) or "", choice.finish_reason)


def read_completion(body: bytes) -> Completion:
    """An answer from an endpoint that does not stream; raises Refusal."""
    choice = _first_choice(_frame(body))
    if choice is None or choice.message is None:
        raise Refusal(Trouble.DOWN)
    return Completion(choice.message.content or "", filtered=choice.finish_reason == "content_filter")


def refusal(status: int, body: bytes, retry_after: str | None) -> Refusal:
    """What a status other than success means."""
    try:
        words = _words(msgspec.json.decode(body, type=_Frame).error)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        words = ""
    if SPENT_WORDS.search(words):
        return Refusal(Trouble.SPENT)
    fallback = Trouble.DOWN if status in SERVER_FAULTS or status < HTTPStatus.BAD_REQUEST else Trouble.BAD_WORDS
    return Refusal(_BY_STATUS.get(status, fallback), _wait(retry_after))


def _frame(body: bytes) -> _Frame:
    try:
        frame = msgspec.json.decode(body, type=_Frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refusal(Trouble.DOWN) from None
    if frame.error is not None:
        raise Refusal(Trouble.SPENT if SPENT_WORDS.search(_words(frame.error)) else Trouble.DOWN)
    return frame


def _first_choice(frame: _Frame) -> _Choice | None:
    return frame.choices[0] if frame.choices else None


def _words(problem: _Problem | str | None) -> str:
    return f"{problem.code} {problem.type}" if isinstance(problem, _Problem) else problem or ""


def _wait(retry_after: str | None) -> float | None:
    text = retry_after or ""
    return float(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_RETRY_DIGITS else None
