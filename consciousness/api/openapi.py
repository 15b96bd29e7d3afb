"""The long poll in the API's description: it is served outside Django's router, so it is described by hand."""

from typing import Any

from consciousness.frames import MAX_SEQ
from consciousness.longpoll import LONGEST_WAIT
from timetravelers.kit.api.schema import PROBLEM_ANSWER

PATH = "/api/v1/sessions/{uid}/events/"

_EVENT = {
    "type": "object",
    "required": ["type", "id", "seq", "at", "data"],
    "properties": {
        "type": {"type": "string"},
        "id": {"type": "string"},
        "seq": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "data": {"type": "object", "additionalProperties": True},
    },
}

_ANSWER = {
    "type": "object",
    "required": ["events", "seq", "more"],
    "properties": {
        "events": {"type": "array", "items": _EVENT},
        "seq": {"type": "integer", "description": "Ask for what comes after this next time."},
        "more": {"type": "boolean", "description": "There is more already: ask again at once."},
    },
}


def _number(name: str, highest: int, description: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": highest, "default": 0}
    return {"name": name, "in": "query", "schema": schema, "description": description}


def add_long_poll(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's post-processing hook."""
    uid = {"name": "uid", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    result["paths"][PATH] = {
        "get": {
            "operationId": "session_events",
            "description": "The event log of a session; with `wait`, answers as soon as there is news.",
            "tags": ["sessions"],
            "security": [{"accessToken": []}],
            "parameters": [
                uid,
                _number("after", MAX_SEQ, "The newest seq that is held already."),
                _number("wait", LONGEST_WAIT, "Seconds to wait for news."),
            ],
            "responses": {
                "200": {"description": "Events in order", "content": {"application/json": {"schema": _ANSWER}}},
                "default": PROBLEM_ANSWER,
            },
        }
    }
    return result
