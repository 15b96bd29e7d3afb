"""The Manus v2 contract as a judge, by an OpenAPI 3.1 validator: of what our client sends and of what answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).resolve().parents[3] / "mentors" / "manus" / "contract" / "manus-v2.yaml"
URN = "urn:manus-v2"
MEDIA = "content/application~1json/schema"
FILE_SOURCES = frozenset({"file_id", "file_url", "file_data"})


@dataclass(frozen=True)
class SentRequest:
    """One request as it went over the wire; header names in any case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def endpoint(self) -> str:
        return urlsplit(self.target).path.removeprefix("/v2/")

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


def document() -> dict[str, Any]:
    """The contract as it is written."""
    return json.loads(_text())  # type: ignore[no-any-return]  # json says nothing of types


def request_problems(request: SentRequest) -> list[str]:
    """What in a request is not as the contract has it, unknown fields and parameters included; empty is right."""
    path = f"/v2/{request.endpoint}"
    methods = document()["paths"].get(path, {})
    operation = methods.get(request.method.lower())
    if operation is None:
        return [f"{request.method} {path} is no operation"]
    found = [*_header_problems(request), *_query_problems(operation, urlsplit(request.target).query)]
    if "requestBody" not in operation:
        return found + (["a body where none belongs"] if request.body else [])
    pointer = f"{_pointer(path, request.method)}/requestBody/{MEDIA}"
    return found + _body_problems(pointer, request)


def answer_problems(endpoint: str, status: int, body: Any, *, loose_numbers: bool = False) -> list[str]:
    """What in an answer is not as the contract has it: fields missing, unknown or of the wrong type.

    With `loose_numbers` a 64-bit integer may come as a string of digits.
    """
    path = f"/v2/{endpoint}"
    ((method, _),) = document()["paths"][path].items()
    pointer = f"{_pointer(path, method)}/responses/200/{MEDIA}"
    if status != 200:
        pointer = "#/components/schemas/ErrorResponse"
    return _problems(pointer, body, loose_numbers=loose_numbers)


def webhook_problems(body: Any) -> list[str]:
    """What in a webhook's body is not as the contract has it."""
    kinds = {"task_created": "WebhookTaskCreated", "task_stopped": "WebhookTaskStopped"}
    kind = kinds.get(str(body.get("event_type"))) if isinstance(body, dict) else None
    return _problems(f"#/components/schemas/{kind}", body) if kind else ["no documented event_type"]


def _header_problems(request: SentRequest) -> list[str]:
    found = []
    if not request.header("x-manus-api-key"):
        found.append("x-manus-api-key is missing")
    if request.header("authorization"):
        found.append("Authorization beside the key")
    if request.body and (request.header("content-type") or "").partition(";")[0] != "application/json":
        found.append("the body is not said to be JSON")
    return found


def _query_problems(operation: Mapping[str, Any], query: str) -> Iterator[str]:
    given = parse_qs(query, keep_blank_values=True, strict_parsing=bool(query))
    known = {one["name"]: one for one in operation.get("parameters", ())}
    yield from (f"unknown parameter {name}" for name in given.keys() - known.keys())
    for name, parameter in known.items():
        values = given.get(name, [])
        if parameter["required"] and len(values) != 1:
            yield f"parameter {name} must be there once"
        for value in values:
            typed = _typed(value, parameter["schema"].get("type"))
            yield from (f"{name}: {one.message}" for one in OAS31Validator(parameter["schema"]).iter_errors(typed))


def _typed(text: str, kind: str | None) -> object:
    if kind == "integer":
        return int(text) if text.isdigit() else text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _body_problems(pointer: str, request: SentRequest) -> list[str]:
    try:
        body = json.loads(request.body)
    except ValueError:
        return ["the body is not JSON"]
    found = _problems(pointer, body)
    content = body.get("message", {}).get("content") if not found else None
    parts = [part for part in content if part["type"] != "text"] if isinstance(content, list) else []
    return found + ["exactly one source a part" for part in parts if len(FILE_SOURCES & part.keys()) != 1]


def _problems(pointer: str, instance: Any, *, loose_numbers: bool = False) -> list[str]:
    errors = _validator(pointer, loose_numbers=loose_numbers).iter_errors(instance)
    return [f"{error.json_path}: {error.message}"[:200] for error in errors]


def _pointer(path: str, method: str) -> str:
    return f"#/paths/{path.replace('/', '~1')}/{method.lower()}"


@cache
def _validator(pointer: str, *, loose_numbers: bool) -> OAS31Validator:
    resource: Resource[Any] = DRAFT202012.create_resource(_strict(document(), loose_numbers=loose_numbers))
    registry: Registry[Any] = Registry().with_resource(URN, resource)
    checker = OAS31Validator.FORMAT_CHECKER
    return OAS31Validator({"$ref": URN + pointer}, registry=registry, format_checker=checker)


def _strict(node: Any, *, loose_numbers: bool) -> Any:
    """The contract with nothing left open: only named properties, and those present that always are."""
    if isinstance(node, list):
        return [_strict(one, loose_numbers=loose_numbers) for one in node]
    if not isinstance(node, dict):
        return node
    if loose_numbers and node.get("format") == "int64":
        return {"anyOf": [node, {"type": "string", "pattern": "^-?[0-9]+$"}]}
    strict = {key: _strict(value, loose_numbers=loose_numbers) for key, value in node.items()}
    if node.get("type") == "object" and isinstance(node.get("properties"), dict):
        strict.setdefault("additionalProperties", False)
        strict.setdefault("required", list(node.get("x-always-present-inferred", ())))
    return strict


@cache
def _text() -> str:
    # Through JSON once: parsing YAML takes a second, and each caller gets a document of its own.
    return json.dumps(yaml.safe_load(CONTRACT.read_text(encoding="utf-8")))
