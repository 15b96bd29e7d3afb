"""The live protocol as an AsyncAPI 3 document, out of the structs that are decoded and encoded."""

from typing import Any, get_args

import msgspec
import yaml

from consciousness import announcements
from consciousness.announcements import Announcement, Answer, Aside, Durable
from consciousness.frames import (
    AnyCommand,
    BranchSwitch,
    MessageEdit,
    MessageRead,
    MessageSend,
    Ping,
    ReplyChoose,
    SessionResume,
    TurnCancel,
    TurnRegenerate,
    TurnRetry,
    Typing,
)
from timetravelers.kit.api.schema import PROBLEM
from timetravelers.kit.live.codes import SUBPROTOCOL, Close
from timetravelers.kit.live.frames import Command
from timetravelers.kit.live.tickets import TICKET_SECONDS

Json = dict[str, Any]

ADDRESS = "/ws/v1/sessions/{uid}/"
CHANNEL = "#/channels/session"
SCHEMAS = "#/components/schemas/{name}"

# How each command is answered if all is well; None: not at all. Whatever the command, the answer may be an `error`.
ANSWERS: dict[type[Command], type[Answer] | None] = {
    SessionResume: announcements.SessionReady,
    MessageSend: announcements.MessageAccepted,
    MessageEdit: announcements.MessageAccepted,
    MessageRead: None,
    TurnCancel: announcements.TurnAccepted,
    TurnRetry: announcements.TurnAccepted,
    TurnRegenerate: announcements.TurnAccepted,
    BranchSwitch: announcements.BranchAccepted,
    ReplyChoose: announcements.ReplyAccepted,
    Typing: None,
    Ping: announcements.Pong,
}
WHY_CLOSED = {
    Close.RESTART: "The server restarts. The frame before says in how many milliseconds to come back.",
    Close.UNAUTHORIZED: "The access token expired or was revoked: refresh it and come back.",
    Close.GONE: "There is no such session any more.",
    Close.IDLE: "Nothing was heard of the phone for too long; a ping is enough.",
    Close.SUPERSEDED: "The person has opened more sockets than one may have; this was the oldest.",
    Close.TOO_LARGE: "A frame was too large, or not text.",
    Close.TOO_FAST: "Too many frames a minute.",
}
ABOUT = """\
One socket is one device's line to one session. Every frame is a JSON object with `type`, `id` and `data`.
Durable events are numbered by `seq`, without gaps, in each session; after a lost connection a phone says
`session.resume` with the last number it holds and hears what came after it. Client ids make repetition harmless.
Asides have no number and may be lost. `GET /api/v1/sessions/{uid}/events/` tells the same events over REST.
Phones ignore fields and types that they do not know: both may be added.
"""


def document() -> Json:
    """All of it."""
    commands, events, asides, answers = _commands(), _kinds(Durable), _kinds(Aside), _kinds(Answer)
    messages = {
        **{one.__name__: _message(one, _command_frame(one)) for one in commands},
        **{one.__name__: _message(one, _frame(one, seq=True), one.kind) for one in events},
        **{one.__name__: _message(one, _frame(one), one.kind) for one in asides},
        **{one.__name__: _message(one, _frame(one, reply_to=True), one.kind) for one in answers},
        "Error": _error(),
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "TimeTravelers live sessions", "version": "1.0.0", "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {"house": _server()},
        "channels": {"session": _channel(messages)},
        "operations": {
            **{_operation_name(one): _obey(one) for one in commands},
            "tellEvents": _tell("Everything that happened, in order, once the phone has resumed.", events),
            "tellAsides": _tell("What only matters now, to phones that are up to date.", asides),
        },
        "components": {
            "schemas": _schemas(commands),
            "messages": messages,
            "securitySchemes": _security_schemes(),
        },
    }


def page() -> str:
    """As YAML."""
    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)


def _commands() -> list[type[Command]]:
    return list(get_args(AnyCommand))


def _kinds(base: type[Announcement]) -> list[type[Announcement]]:
    return [one for one in base.__subclasses__() if one.__module__ == announcements.__name__]


# Frames -----------------------------------------------------------------------------------------------


def _schemas(commands: list[type[Command]]) -> Json:
    told = [one for base in (Durable, Aside, Answer) for one in _kinds(base)]
    _, components = msgspec.json.schema_components([*commands, *told], ref_template=SCHEMAS)
    data = {name: _untitled(schema) for name, schema in components.items()}
    return {**dict(sorted(data.items())), "Problem": _problem()}


def _problem() -> Json:
    """As over REST; a server that says goodbye adds when to come back."""
    retry = {"type": "integer", "minimum": 0, "description": "With `server_restarting`: come back then."}
    return {**PROBLEM, "properties": {**PROBLEM["properties"], "retry_after_ms": retry}}


def _untitled(schema: Json) -> Json:
    """Without what the name says already."""
    return {key: value for key, value in schema.items() if key != "title"}


def _command_frame(command: type[Command]) -> Json:
    return _ref("schemas", command.__name__)


def _frame(kind: type[Announcement], *, seq: bool = False, reply_to: bool = False) -> Json:
    """The envelope around an announcement."""
    fields: Json = {"type": {"const": kind.kind}, "id": {"type": "string"}}
    required = ["type", "id", "data"]
    if seq:
        fields |= {"seq": {"type": "integer", "minimum": 1}, "at": {"type": "string", "format": "date-time"}}
        required += ["seq", "at"]
    if reply_to:
        fields["reply_to"] = {"type": "string", "description": "The `id` of the command, if it had one."}
    fields["data"] = _ref("schemas", kind.__name__)
    return {"type": "object", "required": required, "properties": fields}


def _message(struct: type[msgspec.Struct], payload: Json, kind: str | None = None) -> Json:
    name = kind or struct.__struct_config__.tag
    return {"name": name, "summary": _first_line(struct), "payload": payload}


def _error() -> Json:
    fields: Json = {"type": {"const": "error"}, "id": {"type": "string"}, "reply_to": {"type": "string"}}
    fields["data"] = _ref("schemas", "Problem")
    payload = {"type": "object", "required": ["type", "id", "data"], "properties": fields}
    return {
        "name": "error",
        "summary": "A command could not be obeyed, or the server says goodbye.",
        "payload": payload,
    }


def _first_line(struct: type[msgspec.Struct]) -> str:
    return (struct.__doc__ or "").strip().splitlines()[0]


# Channel and operations -------------------------------------------------------------------------------


def _channel(messages: Json) -> Json:
    return {
        "address": ADDRESS,
        "description": "Refused with 403 before the handshake is over, without a word on why, unless all is right.",
        "parameters": {"uid": {"description": "Of the session."}},
        "messages": {name: _ref("messages", name) for name in messages},
        "bindings": {"ws": {"method": "GET", "query": _query(), "headers": _headers()}},
        "x-close-codes": {int(code): why for code, why in WHY_CLOSED.items()},
    }


def _query() -> Json:
    about = f"Single use, for {TICKET_SECONDS} seconds, in place of the header: POST /api/v1/sessions/{{uid}}/tickets/"
    return {"type": "object", "properties": {"ticket": {"type": "string", "description": about}}}


def _headers() -> Json:
    return {
        "type": "object",
        "required": ["Sec-WebSocket-Protocol"],
        "properties": {
            "Sec-WebSocket-Protocol": {"const": SUBPROTOCOL},
            "Authorization": {"type": "string", "description": "Bearer and an access token."},
            "Origin": {"type": "string", "description": "Browsers send it; foreign ones are refused."},
        },
    }


def _server() -> Json:
    security = [_ref("securitySchemes", name) for name in _security_schemes()]
    return {"host": "timetravelers.example", "protocol": "wss", "security": security}


def _security_schemes() -> Json:
    return {
        "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "ticket": {"type": "httpApiKey", "in": "query", "name": "ticket"},
    }


def _operation_name(command: type[Command]) -> str:
    name = command.__name__
    return name[0].lower() + name[1:]


def _obey(command: type[Command]) -> Json:
    answer = ANSWERS[command]
    named = ["Error"] if answer is None else [answer.__name__, "Error"]
    return {
        "action": "receive",
        "channel": {"$ref": CHANNEL},
        "summary": _first_line(command),
        "messages": [_of_channel(command.__name__)],
        "reply": {"channel": {"$ref": CHANNEL}, "messages": [_of_channel(name) for name in named]},
    }


def _tell(summary: str, kinds: list[type[Announcement]]) -> Json:
    named = [_of_channel(one.__name__) for one in kinds]
    return {"action": "send", "channel": {"$ref": CHANNEL}, "summary": summary, "messages": named}


def _of_channel(message: str) -> Json:
    return {"$ref": f"{CHANNEL}/messages/{message}"}


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
