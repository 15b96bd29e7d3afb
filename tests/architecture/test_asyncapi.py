"""The live protocol is written down, as AsyncAPI 3, and what is written is what is decoded and encoded."""

from collections.abc import Iterator
from functools import reduce
from typing import Any, get_args

import yaml
from jsonschema import Draft7Validator

from consciousness.asyncapi import ANSWERS, document, page
from consciousness.frames import AnyCommand
from tests.architecture.asyncapi_shape import DOCUMENT
from tests.architecture.sources import PROJECT
from timetravelers.kit.live.codes import Close

Json = dict[str, Any]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def target(reference: str) -> Any:
    return reduce(lambda part, name: part[name], reference.removeprefix("#/").split("/"), document())


def test_the_committed_page_is_what_the_frames_say() -> None:
    committed = (PROJECT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")
    assert committed == page(), "docs/asyncapi.yaml is out of date: make asyncapi"


def test_it_has_the_shape_of_asyncapi_3() -> None:
    written = yaml.safe_load(page())
    written["channels"]["session"].pop("x-close-codes")  # its keys are numbers, as they are on the wire
    assert [error.message for error in Draft7Validator(DOCUMENT).iter_errors(written)] == []


def test_the_shape_finds_what_is_wrong() -> None:
    for spoil in ("asyncapi", "info"):
        spoilt = {name: part for name, part in document().items() if name != spoil}
        assert not Draft7Validator(DOCUMENT).is_valid(spoilt)
    odd = {**document(), "operations": {"say": {"action": "shout", "channel": {"$ref": "#/channels/session"}}}}
    assert not Draft7Validator(DOCUMENT).is_valid(odd)


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(document())):
        assert isinstance(target(reference), dict), reference


def test_operations_name_messages_of_their_channel() -> None:
    for name, operation in document()["operations"].items():
        channel = operation["channel"]["$ref"]
        named = [*operation["messages"], *operation.get("reply", {}).get("messages", [])]
        assert all(one["$ref"].startswith(f"{channel}/messages/") for one in named), name


def test_every_command_is_written_down_with_its_answer() -> None:
    commands = set(get_args(AnyCommand))
    assert set(ANSWERS) == commands
    written = {
        target(one["messages"][0]["$ref"])["$ref"] for one in document()["operations"].values() if "reply" in one
    }
    assert written == {f"#/components/messages/{command.__name__}" for command in commands}


def test_every_close_code_is_written_down() -> None:
    assert set(document()["channels"]["session"]["x-close-codes"]) == {int(code) for code in Close}


def test_no_message_is_told_of_by_nobody() -> None:
    operations = document()["operations"].values()
    named = {
        one["$ref"].rpartition("/")[2]
        for operation in operations
        for one in [*operation["messages"], *operation.get("reply", {}).get("messages", [])]
    }
    assert named == set(document()["components"]["messages"])
