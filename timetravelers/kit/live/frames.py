"""The envelope of the live protocol, both ways, and how it is read and written.

Every frame is `{"type", "id", "data"}`. Answers carry `reply_to`; durable events carry `seq`. A room
declares its commands as `Command` subclasses, one tag each; what does not decode is a malformed frame.
"""

from typing import Annotated, Any, TypeVar

import msgspec

from timetravelers.kit.api.problems import Malformed
from timetravelers.kit.errors import FieldError
from timetravelers.kit.ids import uuid7

C = TypeVar("C")
FrameId = Annotated[str, msgspec.Meta(max_length=64)]


class _Identified(msgspec.Struct, frozen=True):
    id: FrameId = ""


class Command(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """A frame from the phone; `id` is chosen by the phone and comes back as `reply_to`."""

    id: FrameId = ""


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of a command's `data`."""


def decode(text: str, decoder: msgspec.json.Decoder[C]) -> C:
    """The typed command in a text frame; raises Malformed with a pointer, never anything else."""
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as exc:
        raise Malformed(errors=(_field_error(str(exc)),)) from exc


def _field_error(message: str) -> FieldError:
    sentence, _, path = message.partition(" - at `$")
    pointer = "/" + path.rstrip("`").strip(".").replace(".", "/") if path else "/"
    return FieldError(pointer, "malformed", sentence)


def frame_id(text: str) -> str | None:
    """The `id` of a frame that did not decode, so that its refusal can be told apart."""
    try:
        return msgspec.json.decode(text, type=_Identified).id or None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def encode(kind: str, data: Any, *, reply_to: str | None = None, seq: int | None = None) -> str:
    """A frame to the phone."""
    frame: dict[str, Any] = {"type": kind, "id": uuid7().hex, "data": data}
    if reply_to:
        frame["reply_to"] = reply_to
    if seq is not None:
        frame["seq"] = seq
    return msgspec.json.encode(frame).decode()


def encode_event(kind: str, seq: int, data: bytes, created_at: str) -> str:
    """A durable event's frame; `data` is JSON text out of the log and is passed on as it is."""
    return msgspec.json.encode(
        {"type": kind, "id": f"e{seq}", "seq": seq, "at": created_at, "data": msgspec.Raw(data)}
    ).decode()
