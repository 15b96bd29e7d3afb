"""What an agent may wait for: a message, or a confirmation whose shape it says."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from mentors.manus.simulator.records import Json
from mentors.manus.simulator.refusals import Refusal

QUESTION = "messageAskUser"
CONFIRMATION = "terminalExecute"
ASKED = "Before I answer: what would be different for you if this went well?"
BY_MESSAGE = frozenset({QUESTION, "cascadeAskUser"})
# The one confirmation whose refusal ends the waiting.
REFUSED_FOR_GOOD = "webdevRequestSecrets"

ACCEPT: Json = {"accept": {"type": "boolean"}}
CONFIRMATIONS: dict[str, tuple[str, Json, list[str]]] = {
    "terminalExecute": ("May I run a command?", {**ACCEPT, "always_allow": {"type": "boolean"}}, []),
    "deployAction": ("May I put this on the web?", {**ACCEPT, "global_allow": {"type": "boolean"}}, []),
    "gmailSendAction": ("Shall I send this mail?", {**ACCEPT, "save_draft": {"type": "boolean"}}, []),
    "outlookSendMailsAction": ("Shall I send these mails?", {**ACCEPT, "save_draft": {"type": "boolean"}}, []),
    "apiHighCreditNotice": (
        "Going on will cost a good deal. Shall I?",
        {"action": {"type": "string", "enum": ["accept", "reject", "do_not_show_again"]}},
        ["action"],
    ),
    "needConnectMyBrowser": (
        "Which of your browsers may I use?",
        {"action": {"type": "string", "enum": ["select", "skip"]}, "client_id": {"type": "string"}},
        ["action"],
    ),
    "videoGenerate": (
        "Which quality shall the film have?",
        {"choice": {"type": "string", "enum": ["standard", "premium"]}},
        ["choice"],
    ),
    REFUSED_FOR_GOOD: (
        "I need a secret to go on.",
        {
            **ACCEPT,
            "secrets": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
                    "required": ["key", "value"],
                    "additionalProperties": False,
                },
            },
        },
        ["accept"],
    ),
}


def is_question(kind: str) -> bool:
    """Whether task.sendMessage answers it, and not task.confirmAction."""
    return kind in BY_MESSAGE


def said_while_waiting(kind: str) -> str:
    """What the agent says when it begins to wait."""
    if is_question(kind):
        return ASKED
    return CONFIRMATIONS[kind][0] if kind in CONFIRMATIONS else "May I go on?"


def input_schema(kind: str) -> Json:
    """The JSON Schema of the input that a confirmation takes."""
    _, properties, required = CONFIRMATIONS.get(kind, ("", ACCEPT, []))
    schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def check_input(schema: Json, given: Json) -> None:
    """Raises Refusal for an input that does not fit what the event asked for."""
    problem = next(Draft202012Validator(schema).iter_errors(given), None)
    if problem is not None:
        raise Refusal("invalid_argument", f"input does not fit confirm_input_schema at {problem.json_path}")


def is_refusal(given: Json) -> bool:
    """Whether an input says no."""
    return given.get("accept") is False or given.get("action") in ("reject", "skip")


def keeps_waiting(kind: str, given: Json) -> bool:
    """`accept: false` produces no event and the task waits on, with one documented exception."""
    return given.get("accept") is False and kind != REFUSED_FOR_GOOD
