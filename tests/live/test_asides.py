"""What is in no log: half a reply and a place in the queue, for phones that are listening and up to date."""

import json
from typing import Any
from uuid import UUID

import redis
from django.test import override_settings

from consciousness.groups import session_group
from demo.phone import Phone
from tests.live.stack import Stack
from tests.live.talk import ask, raw_socket, receive
from timetravelers.kit.live.bells import aside, pack

PIECE = {"turn": "01a20457-0000-7000-8000-000000000000", "offset": 0, "text": "Begin sm"}


def say_aside(stack: Stack, session: str, kind: str, data: dict[str, Any]) -> None:
    """What a worker does."""

    frame = json.dumps({"type": kind, "id": "x", "data": data})
    with override_settings(SECRET_KEY=stack.state.environment["DJANGO_SECRET_KEY"]):
        bells = aside(session_group(UUID(session)), frame)
    bells.origin = "a worker"
    with redis.Redis.from_url(stack.redis_url) as client:
        client.publish(f"{stack.redis_prefix}:live:bells", pack(bells))


def test_whoever_has_resumed_hears_it_and_nobody_before(stack: Stack, phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as early, raw_socket(phone, session) as ready:
        ask(ready, "session.resume", {"after_seq": 0})
        say_aside(stack, session, "turn.delta", PIECE)
        heard = receive(ready)
        assert (heard["type"], heard["data"]) == ("turn.delta", PIECE)
        assert "seq" not in heard
        assert ask(early, "ping")["type"] == "pong"


def test_it_is_in_no_log(stack: Stack, phone: Phone, session: str) -> None:
    before = phone.get(f"/sessions/{session}/events/", after=0)
    say_aside(stack, session, "turn.queued", {"turn": PIECE["turn"], "position": 2, "eta_s": 40})
    assert phone.get(f"/sessions/{session}/events/", after=0) == before


def test_a_phone_without_a_socket_can_ask_where_it_stands(stack: Stack, phone: Phone, session: str) -> None:
    said = phone.post(f"/sessions/{session}/messages/", {"client_id": "c-1", "text": "Hello there"})
    told = phone.get(f"/sessions/{session}/turns/{said['turn']}/")
    assert told["turn"]["uid"] == said["turn"]
    assert set(told) == {"turn", "position", "eta_s"}
