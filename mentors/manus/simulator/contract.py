"""The Manus v2 contract as a judge: of requests, strictly, and of answers and webhook bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mentors.manus.simulator.refusals import Refusal
from timetravelers.kit.content import own_yaml

CONTRACT = Path(__file__).resolve().parent.parent / "contract" / "manus-v2.yaml"
URN = "urn:manus-v2"
MESSAGE = "#/components/schemas/Message"
MOST_DIGITS = 9
LONGEST_COMPLAINT = 160
FILE_SOURCES = frozenset({"file_id", "file_url", "file_data"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; the pointers lead to its schemas in the contract."""

    endpoint: str
    method: str
    parameters: tuple[Mapping[str, Any], ...]
    request_pointer: str | None
    answer_pointer: str
    always_present: tuple[str, ...]


class Contract:
    """Checks frames against the YAML; immutable, safe to share between threads."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        resource: Resource[Any] = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(URN, resource)
        self._operations = dict(_operations(document))
        self._validators: dict[tuple[str, bool], Draft202012Validator] = {}

    def operation(self, endpoint: str) -> Operation | None:
        """The operation behind an endpoint name such as `task.create`."""
        return self._operations.get(endpoint)

    def rate_limits(self) -> dict[str, int | None]:
        """Requests a minute by endpoint; None is unlimited as far as is known."""
        return dict(self.document["x-rate-limits"]["limits"])

    def check_query(self, operation: Operation, query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The query's values, typed and with defaults; raises Refusal on what is not documented."""
        known = {parameter["name"]: parameter for parameter in operation.parameters}
        for name, values in query.items():
            if name not in known:
                raise Refusal("invalid_argument", f"unknown parameter {name!r}")
            if len(values) != 1:
                raise Refusal("invalid_argument", f"parameter {name!r} given more than once")
        return {
            name: value
            for name, parameter in known.items()
            if (value := self._parameter(parameter, query.get(name))) is not None
        }

    def check_body(self, operation: Operation, body: object) -> dict[str, Any]:
        """The body, if it is as documented; raises Refusal, for fields that no documentation names too."""
        if operation.request_pointer is None or not isinstance(body, dict):
            raise Refusal("invalid_argument", "a JSON object is expected")
        problems = self.problems(operation.request_pointer, body, strict=True)
        if not problems and "message" in body:
            problems = self._message_problems(body["message"])
        if problems:
            raise Refusal("invalid_argument", "; ".join(problems[:3]))
        return body

    def answer_problems(self, endpoint: str, status: int, body: Mapping[str, Any]) -> list[str]:
        """What in an answer of ours is not as documented."""
        operation = self._operations[endpoint]
        if status != HTTPStatus.OK:
            return self.problems("#/components/schemas/ErrorResponse", body, strict=True)
        missing = [f"{name} is missing" for name in operation.always_present if name not in body]
        return missing + self.problems(operation.answer_pointer, body, strict=True)

    def with_loose_numbers(self, operation: Operation, fields: dict[str, Any]) -> dict[str, Any]:
        """An answer with its 64-bit integers as strings of digits, which has been seen in the wild."""
        loosened: dict[str, Any] = self._loosened({"$ref": operation.answer_pointer}, fields)
        return loosened

    def _loosened(self, schema: Mapping[str, Any], value: Any) -> Any:
        schema = self._pointed_at(schema["$ref"]) if "$ref" in schema else schema
        if isinstance(value, dict):
            known = schema.get("properties", {})
            return {name: self._loosened(known.get(name, {}), one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._loosened(schema.get("items", {}), one) for one in value]
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return str(value) if is_number and schema.get("format") == "int64" else value

    def _pointed_at(self, pointer: str) -> Mapping[str, Any]:
        node: Any = self.document
        for step in pointer.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/")]
        found: Mapping[str, Any] = node
        return found

    def problems(self, pointer: str, instance: object, *, strict: bool) -> list[str]:
        """What is wrong with `instance` by the schema at `pointer`; `strict` also names unknown fields."""
        key = (pointer, strict)
        if key not in self._validators:
            schema: dict[str, Any] = {"$ref": URN + pointer}
            if strict:
                schema["unevaluatedProperties"] = False
            self._validators[key] = Draft202012Validator(schema, registry=self._registry)
        return [f"{error.json_path}: {_brief(error.message)}" for error in self._validators[key].iter_errors(instance)]

    def _message_problems(self, message: Mapping[str, Any]) -> list[str]:
        problems = self.problems(MESSAGE, message, strict=True)
        parts = message.get("content")
        if problems or not isinstance(parts, list):
            return problems
        wrong = (part for part in parts if part["type"] != "text" and len(FILE_SOURCES & part.keys()) != 1)
        return ["a file or voice part needs exactly one of file_id, file_url, file_data" for _ in wrong]

    def _parameter(self, parameter: Mapping[str, Any], values: Sequence[str] | None) -> object:
        name, schema = parameter["name"], parameter["schema"]
        if values is None:
            if parameter.get("required"):
                raise Refusal("invalid_argument", f"parameter {name!r} is required")
            return schema.get("default")
        value = _typed(values[0], schema.get("type"))
        errors = list(Draft202012Validator(schema).iter_errors(value))
        if errors:
            raise Refusal("invalid_argument", f"parameter {name!r}: {_brief(errors[0].message)}")
        return value


@cache
def load_contract() -> Contract:
    """The contract that ships with the project; read once."""
    return Contract(own_yaml(CONTRACT.read_bytes()))


def _operations(document: Mapping[str, Any]) -> list[tuple[str, Operation]]:
    found = []
    for path, methods in document["paths"].items():
        if not path.startswith("/v2/"):
            continue
        for method, description in methods.items():
            endpoint = path.removeprefix("/v2/")
            found.append((endpoint, _operation(endpoint, path, method, description)))
    return found


def _operation(endpoint: str, path: str, method: str, description: Mapping[str, Any]) -> Operation:
    base = f"#/paths/{path.replace('/', '~1')}/{method}"
    media = "content/application~1json/schema"
    schema = description["responses"]["200"]["content"]["application/json"]["schema"]
    return Operation(
        endpoint=endpoint,
        method=method.upper(),
        parameters=tuple(description.get("parameters", ())),
        request_pointer=f"{base}/requestBody/{media}" if "requestBody" in description else None,
        answer_pointer=f"{base}/responses/200/{media}",
        always_present=tuple(schema.get("x-always-present-inferred", ())),
    )


def _typed(text: str, kind: str | None) -> object:
    if kind == "integer":
        return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _brief(message: str) -> str:
    return message if len(message) <= LONGEST_COMPLAINT else f"{message[:LONGEST_COMPLAINT]}…"
