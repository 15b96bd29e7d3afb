"""The written protocol: every frame that is sent or received has to be one that the document describes."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from consciousness.asyncapi import document

Json = dict[str, Any]


def assert_sent(frame: Json) -> None:
    """A command as the document has it."""
    _assert_one_of(_names("receive"), frame)


def assert_received(frame: Json) -> None:
    """An event, an aside, an answer or an error as the document has it, and with nothing more in it."""
    _assert_one_of(_names("send"), frame)


def _assert_one_of(names: tuple[str, ...], frame: Json) -> None:
    trouble = {name: [error.message for error in _validator(name).iter_errors(frame)] for name in names}
    assert [] in trouble.values(), f"nothing in the document is like {frame}: {_nearest(trouble, frame)}"


def _nearest(trouble: dict[str, list[str]], frame: Json) -> dict[str, list[str]]:
    messages = document()["components"]["messages"]
    return {name: errors for name, errors in trouble.items() if messages[name]["name"] == frame.get("type")}


@cache
def _names(action: str) -> tuple[str, ...]:
    """What the house receives, or else sends; an answer is sent."""
    found: dict[str, None] = {}
    for operation in document()["operations"].values():
        said = operation["messages"] if operation["action"] == action else []
        answered = operation.get("reply", {}).get("messages", []) if action == "send" else []
        found |= dict.fromkeys(one["$ref"].rpartition("/")[2] for one in [*said, *answered])
    return tuple(found)


@cache
def _validator(name: str) -> Draft202012Validator:
    whole = _closed(document())
    schema = {"$ref": f"#/components/messages/{name}/payload", "components": whole["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _closed(part: Any) -> Any:
    """Phones ignore what they do not know; here, what the document does not know is wrong."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _closed(value) for key, value in part.items()}
    is_object = found.get("type") == "object" and "properties" in found
    return {"additionalProperties": False, **found} if is_object else found
