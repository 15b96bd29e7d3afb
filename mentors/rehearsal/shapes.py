"""Values that fit a JSON Schema (the subset that structured output takes)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

DEEPEST = 8
ZEROS: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None}


def empty_value(schema: Schema) -> Any:
    """The value that fits a schema and says nothing: empty lists, empty texts, null where it may be.

    Raises LookupError for a reference to nowhere, and for objects that hold themselves without end.
    """
    return _empty(schema, schema, DEEPEST)


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema itself, past references; raises LookupError for one to nowhere or in a circle."""
    for _ in range(DEEPEST):
        if "$ref" not in schema:
            return schema
        schema = _referred(str(schema["$ref"]), root)
    raise LookupError("references in a circle")


def kinds_of(schema: Schema) -> list[str]:
    """The types a schema names."""
    kinds = schema.get("type", [])
    return list(kinds) if isinstance(kinds, list) else [kinds]


def _empty(schema: Schema, root: Schema, depth: int) -> Any:
    schema = resolved(schema, root)
    if depth == 0:
        raise LookupError("an object that holds itself without end")
    if schema.get("enum"):
        return schema["enum"][0]
    choices = schema.get("anyOf")
    if choices:
        return _emptiest(choices, root, depth)
    kinds = kinds_of(schema)
    if "null" in kinds:
        return None
    kind = kinds[0] if kinds else "null"
    if kind == "object":
        return {name: _empty(child, root, depth - 1) for name, child in schema.get("properties", {}).items()}
    return [] if kind == "array" else ZEROS[kind]


def _emptiest(choices: list[Schema], root: Schema, depth: int) -> Any:
    nullable = any("null" in kinds_of(resolved(choice, root)) for choice in choices)
    return None if nullable else _empty(choices[0], root, depth - 1)


def _referred(reference: str, root: Schema) -> Schema:
    node: Any = root
    for step in filter(None, reference.removeprefix("#").split("/")):
        node = node.get(step) if isinstance(node, dict) else None
    if isinstance(node, dict):
        return node
    raise LookupError(reference)
