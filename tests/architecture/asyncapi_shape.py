"""The shape of an AsyncAPI 3 document, as far as ours goes: the parts it uses, each with what the standard asks of it.

Stricter than the standard in one thing: what is not listed here is not allowed, but for extensions (`x-...`).
"""

from typing import Any

Json = dict[str, Any]

REF: Json = {
    "type": "object",
    "required": ["$ref"],
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
    "additionalProperties": False,
}
TEXT: Json = {"type": "string", "minLength": 1}
REFS: Json = {"type": "array", "items": REF, "minItems": 1}


def shape(required: list[str], **properties: Any) -> Json:
    """An object with these parts, some of them required."""
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }


def many(value: Json) -> Json:
    """A map from names as components may have them."""
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": r"^[\w.-]+$"},
        "additionalProperties": value,
    }


SECURITY_SCHEME: Json = {
    "oneOf": [
        shape(["type", "scheme"], type={"const": "http"}, scheme=TEXT, bearerFormat=TEXT, description=TEXT),
        shape(
            ["type", "in", "name"],
            type={"const": "httpApiKey"},
            name=TEXT,
            description=TEXT,
            **{"in": {"enum": ["query", "header", "cookie"]}},
        ),
    ]
}
SCHEMA: Json = {"$ref": "http://json-schema.org/draft-07/schema#"}
WS_BINDING = shape([], method={"enum": ["GET", "POST"]}, query=SCHEMA, headers=SCHEMA, bindingVersion=TEXT)
CHANNEL = shape(
    ["address", "messages"],
    address=TEXT,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    servers=REFS,
    messages=many(REF),
    parameters=many(shape([], description=TEXT, enum={"type": "array"}, default=TEXT, location=TEXT)),
    bindings=shape([], ws=WS_BINDING),
)
OPERATION = shape(
    ["action", "channel"],
    action={"enum": ["send", "receive"]},
    channel=REF,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    messages=REFS,
    reply=shape([], channel=REF, messages=REFS),
)
MESSAGE = shape(["payload"], name=TEXT, title=TEXT, summary=TEXT, description=TEXT, payload=SCHEMA)
SERVER = shape(
    ["host", "protocol"],
    host={"type": "string", "pattern": "^[^/:]+(:[0-9]+)?$"},
    protocol={"enum": ["ws", "wss"]},
    pathname=TEXT,
    description=TEXT,
    security=REFS,
)
DOCUMENT = shape(
    ["asyncapi", "info"],
    asyncapi={"const": "3.0.0"},
    id=TEXT,
    info=shape(["title", "version"], title=TEXT, version=TEXT, description=TEXT),
    defaultContentType=TEXT,
    servers=many(SERVER),
    channels=many(CHANNEL),
    operations=many(OPERATION),
    components=shape([], schemas=many(SCHEMA), messages=many(MESSAGE), securitySchemes=many(SECURITY_SCHEME)),
)
