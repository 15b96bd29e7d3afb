"""Each request the client makes, and each answer of the simulator to it, is as the contract has it."""

from __future__ import annotations

import base64
import inspect
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.manus import errors, outgoing, wire
from mentors.manus.client import ManusClient
from mentors.manus.outgoing import FilePart, TextPart, VoicePart
from mentors.manus.signature import sign, string_to_sign
from mentors.manus.windows import DOCUMENTED
from tests.mentors.manus import contract
from tests.mentors.manus.conftest import KEY, make_client
from tests.mentors.manus.contract import SentRequest, answer_problems, document, request_problems, webhook_problems
from tests.mentors.manus.genuine import verify
from tests.mentors.manus.scripted import refused, scripted

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
REFERENCE = "TimeTravelers 0192f0c1d2e37abc8def0123456789ab"
Call = Callable[[ManusClient], object]

CALLS: dict[str, Call] = {
    "task.create": lambda c: c.create_task(
        [TextPart("hello"), FilePart(file_id="f1"), VoicePart(file_url="https://files.example/a.ogg")],
        title=REFERENCE,
        project_id="p1",
        locale="en",
        interactive_mode=True,
        agent_profile="manus-1.6-lite",
        structured_output_schema=SCHEMA,
    ),
    "task.sendMessage": lambda c: c.send_message("t1", "more", structured_output_schema=SCHEMA),
    "task.listMessages": lambda c: c.list_messages("t1", cursor="c", limit=7, order="asc", verbose=True),
    "task.detail": lambda c: c.task_detail("t1"),
    "task.list": lambda c: c.list_tasks(cursor="c", limit=100, project_id="p1"),
    "task.update": lambda c: c.update_task("t1", title="new", visible=False),
    "task.stop": lambda c: c.stop_task("t1"),
    "task.delete": lambda c: c.delete_task("t1"),
    "task.confirmAction": lambda c: c.confirm_action("t1", "e1", {"accept": True}),
    "project.create": lambda c: c.create_project("Ada", "Be kind."),
    "project.list": lambda c: c.list_projects(),
    "file.upload": lambda c: c.upload_file("cv.pdf", io.BytesIO(b"abc"), size=3),
    "file.detail": lambda c: c.file_detail("f1"),
    "file.delete": lambda c: c.delete_file("f1"),
    "webhook.create": lambda c: c.create_webhook("https://house.example/hooks/manus/1/"),
    "webhook.list": lambda c: c.list_webhooks(),
    "webhook.delete": lambda c: c.delete_webhook("w1"),
    "webhook.publicKey": lambda c: c.webhook_public_key(),
    "usage.list": lambda c: c.list_usage(cursor="c", limit=50),
    "usage.availableCredits": lambda c: c.available_credits(),
}
MADE_OF_OTHERS = {"events_after", "history", "find_tasks", "kept_public_key"}


def sent_by(call: Call) -> SentRequest:
    """The request of a call whose answer is a plain refusal."""
    with scripted(lambda _: refused(400, "invalid_argument")) as server:
        with pytest.raises(errors.InvalidRequest):
            call(make_client(server.url))
        (request,) = server.requests
    return request


@pytest.mark.parametrize("endpoint", CALLS)
def test_the_request_is_as_documented(endpoint: str) -> None:
    request = sent_by(CALLS[endpoint])
    assert request.endpoint == endpoint
    assert request_problems(request) == []


def test_every_call_of_the_client_is_looked_at() -> None:
    public = {name for name, _ in inspect.getmembers(ManusClient, inspect.isfunction) if not name.startswith("_")}
    assert len(public - MADE_OF_OTHERS) == len(CALLS)


def test_every_call_that_is_made_is_counted_as_its_quota_says() -> None:
    limits = document()["x-rate-limits"]["limits"]
    assert {name: limits[name] for name in CALLS if limits[name] is not None} == {
        name: DOCUMENTED[name] for name in CALLS if name in DOCUMENTED
    }


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=st.lists(
        st.one_of(st.builds(TextPart, texts), st.builds(lambda name: FilePart(file_id=name), texts)), max_size=4
    ),
    title=st.none() | texts,
    project=st.none() | texts,
    asks=st.booleans(),
    hidden=st.booleans(),
)
def test_whatever_is_said_the_request_is_as_documented(
    *, parts: list[Any], title: str | None, project: str | None, asks: bool, hidden: bool
) -> None:
    ask = outgoing.CreateTask(
        message=outgoing.Message(content=parts),
        title=title,
        project_id=project,
        interactive_mode=asks,
        hide_in_task_list=hidden,
    )
    headers = {"x-manus-api-key": KEY, "Content-Type": "application/json"}
    assert request_problems(SentRequest("POST", "/v2/task.create", headers, msgspec.json.encode(ask))) == []


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", "/v2/task.create", {}, b""),
        ("POST", "/v2/task.nonsense", {}, b"{}"),
        ("POST", "/v2/task.create", {"Content-Type": "text/plain"}, b'{"message": {"content": "x"}}'),
        ("POST", "/v2/task.create", {"Content-Type": "application/json"}, b'{"message": {"content": 5}}'),
        ("POST", "/v2/task.create", {"Content-Type": "application/json"}, b'{"message": {"content": "x"}, "new": 1}'),
        ("POST", "/v2/task.create", {"Content-Type": "application/json"}, b"not json"),
        ("GET", "/v2/task.list?limit=101", {}, b""),
        ("GET", "/v2/task.list?limit=many", {}, b""),
        ("GET", "/v2/task.list?colour=red", {}, b""),
        ("GET", "/v2/task.detail", {}, b""),
        ("GET", "/v2/task.detail?task_id=1", {"Authorization": "Bearer x"}, b""),
    ],
)
def test_the_judge_sees_what_is_wrong(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    with_key = {"x-manus-api-key": KEY, **headers}
    assert request_problems(SentRequest(method, target, with_key, body)) != []


def test_the_judge_misses_the_key() -> None:
    assert request_problems(SentRequest("GET", "/v2/task.list", {})) == ["x-manus-api-key is missing"]


def test_the_judge_tells_answers_apart() -> None:
    task = {"id": "t", "created_at": "1700000000"}
    detail = {"ok": True, "request_id": "r", "task": task}
    assert answer_problems("task.detail", 200, detail, loose_numbers=True) == []
    assert answer_problems("task.detail", 200, detail) != []
    assert answer_problems("task.detail", 200, {**detail, "task": {"id": "t", "new": 1}}) != []
    assert answer_problems("task.detail", 200, {"ok": True, "request_id": "r"}) != []
    assert answer_problems("task.detail", 404, detail) != []
    assert webhook_problems({"event_type": "task_stopped", "event_id": "e"}) != []
    assert contract.webhook_problems([]) != []


VECTOR = document()["x-webhook-signature"]["x-test-vector"]


def test_the_documented_string_is_what_is_signed() -> None:
    signed = string_to_sign(VECTOR["timestamp"], VECTOR["url"], VECTOR["body"].encode())
    assert signed.decode() == VECTOR["string_to_sign"]


def test_the_vector_is_signed_and_verified() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    body, moment = VECTOR["body"].encode(), int(VECTOR["timestamp"])
    signature = sign(key, moment, VECTOR["url"], body)
    base64.b64decode(signature, validate=True)
    verify(pem, signature=signature, timestamp=str(moment), url=VECTOR["url"], body=body, now=moment + 300)
    assert webhook_problems(msgspec.json.decode(body)) == []


PLAIN = {
    "ok": True,
    "request_id": "r1",
    "task_id": "t1",
    "later": {"deep": [1, {"x": None}]},
    "messages": [
        {
            "id": "e1",
            "type": "tool_used",
            "timestamp": "1704067200000",
            "tool_used": {"tool": "browser"},
            "assistant_message": {"content": "hi", "mood": "gay", "attachments": [{"url": "u", "size": 5}]},
        }
    ],
    "has_more": False,
}


def test_what_is_not_known_is_kept_at_every_level_and_written_again() -> None:
    page = wire.decode(msgspec.json.encode(PLAIN), wire.MessagesPage)
    assert page.unknown == {"later": {"deep": [1, {"x": None}]}}
    (event,) = page.messages
    assert event.timestamp == 1704067200000
    assert event.unknown == {"tool_used": {"tool": "browser"}}
    assert event.assistant_message is not None
    assert event.assistant_message.unknown == {"mood": "gay"}
    message = {**PLAIN["messages"][0], "timestamp": 1704067200000}  # type: ignore[index]  # a mapping of anything
    assert msgspec.json.decode(wire.encode(page)) == {**PLAIN, "messages": [message]}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
events = st.fixed_dictionaries(
    {"id": texts, "type": texts, "timestamp": st.integers(0, 2**53)},
    optional={"assistant_message": st.fixed_dictionaries({}, optional={"content": texts, "odd": json_values})},
)


@given(st.dictionaries(texts.filter(lambda name: name not in PLAIN), json_values, max_size=4), st.lists(events))
def test_reading_and_writing_loses_nothing(strange: dict[str, Any], listed: list[dict[str, Any]]) -> None:
    strange = {name: value for name, value in strange.items() if name not in wire.MessagesPage.__struct_fields__}
    plain = {"ok": True, "messages": listed, "has_more": True, **strange}
    page = wire.decode(msgspec.json.encode(plain), wire.MessagesPage)
    assert msgspec.json.decode(wire.encode(page)) == plain


@given(st.binary(max_size=200) | json_values.map(msgspec.json.encode))
def test_whatever_comes_is_read_or_refused(noise: bytes) -> None:
    try:
        wire.decode(noise, wire.MessagesPage)
    except msgspec.MsgspecError:
        return


@pytest.mark.parametrize(
    "sources", [{}, {"file_id": "1", "file_url": "u"}, {"file_data": "data:text/plain;base64,YQ=="}]
)
def test_a_file_has_exactly_one_source(sources: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="file"):
        FilePart(**sources)
