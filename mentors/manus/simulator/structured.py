"""Structured output: which schemas Manus takes, and the result that ends a turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from mentors.manus.simulator.records import Json
from mentors.manus.simulator.refusals import Refusal
from mentors.rehearsal.shapes import empty_value

KEYWORDS = frozenset(
    {
        "type", "enum", "description", "anyOf", "$ref", "$defs", "items", "properties", "required",
        "additionalProperties",
    }
)  # fmt: skip
TYPES = frozenset({"string", "number", "integer", "boolean", "null", "object", "array"})
DEEPEST = 5
MOST_NODES = 2_000
EXTRACTION_FAILED = "Failed to extract structured output"


def check_schema(schema: Json) -> None:
    """Raises Refusal, in the documented words, for a schema outside the documented subset."""
    problem = next(_problems(schema), None)
    if problem is None:
        problem = _unsound(schema)
    if problem is not None:
        raise Refusal("invalid_argument", f"structured_output_schema: {problem}")


def _problems(schema: Json) -> Iterator[str]:
    if schema.get("type") != "object":
        yield 'the root must have "type" object'
    nodes: list[tuple[str, Any, int]] = [("", schema, 1)]
    for count, (path, node, depth) in enumerate(nodes):
        if not isinstance(node, dict) or depth > DEEPEST or count > MOST_NODES:
            yield f"{path or '.'}: not a valid JSON Schema, or nested deeper than {DEEPEST}"
            return
        yield from _problems_of(path, node)
        nodes += _children(path, node, depth)


def _problems_of(path: str, node: Json) -> Iterator[str]:
    place = path or "."
    for keyword in node.keys() - KEYWORDS:
        yield f'{place}: unsupported keyword "{keyword}"'
    if not node.keys() & {"type", "anyOf", "$ref", "enum"}:
        yield f'{place}: must have a "type" field'
    if not str(node.get("$ref", "#")).startswith("#"):
        yield f"{place}: a reference must point into the schema"
    kinds = node.get("type", [])
    if not set(kinds if isinstance(kinds, list) else [kinds]) <= TYPES:
        yield f"{place}: not a valid JSON Schema"
    if kinds == "object" or "properties" in node:
        yield from _object_problems(place, node)


def _object_problems(place: str, node: Json) -> Iterator[str]:
    if node.get("additionalProperties") is not False:
        yield f'{place}: "additionalProperties" must be set to false'
    properties = node.get("properties", {})
    if not isinstance(properties, dict) or set(node.get("required", ())) != set(properties):
        yield f'{place}: "required" must include all properties'


def _children(path: str, node: Json, depth: int) -> list[tuple[str, Any, int]]:
    found = [(f"{path}.items", node["items"], depth + 1)] if "items" in node else []
    for keyword, level in (("properties", depth + 1), ("$defs", depth)):
        named = node.get(keyword)
        if isinstance(named, dict):
            found += [(f"{path}.{name}", child, level) for name, child in named.items()]
    choices = node.get("anyOf")
    if isinstance(choices, list):
        found += [(f"{path}.anyOf", child, depth) for child in choices]
    return found


def _unsound(schema: Json) -> str | None:
    try:
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, registry=Registry()).is_valid(empty_value(schema))
    except (SchemaError, Unresolvable, LookupError, RecursionError, TypeError, ValueError):
        return "not a valid JSON Schema"
    return None
