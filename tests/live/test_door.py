"""Who is let in to a session's socket; everybody else is refused before the handshake is over."""

import time
from typing import Any

import jwt
import pytest
from websockets.exceptions import InvalidStatus

from demo.line import SUBPROTOCOL
from demo.phone import Phone
from tests.live.stack import Stack
from tests.live.talk import ask, closed_with, new_session, raw_socket


def aged(stack: Stack, token: str, *, expires_in: float) -> str:
    """The same access token, signed by the house's own key, with another end."""
    key = stack.state.environment["DJANGO_SECRET_KEY"]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    named = {"kid": jwt.get_unverified_header(token)["kid"]}
    return jwt.encode({**claims, "exp": int(time.time() + expires_in)}, key, algorithm="HS256", headers=named)


def refused(phone: Phone, session: str, **options: Any) -> bool:
    """Whether the server answers the handshake with a refusal, without a word on why."""
    with pytest.raises(InvalidStatus) as refusal, raw_socket(phone, session, **options):
        pass
    return refusal.value.response.status_code == 403 and not refusal.value.response.body


def ticket(phone: Phone, session: str) -> str:
    return f"?ticket={phone.post(f'/sessions/{session}/tickets/')['ticket']}"


def test_a_token_in_the_header_opens_the_door(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as connection:
        assert connection.subprotocol == SUBPROTOCOL
        ready = ask(connection, "session.resume", {"after_seq": 0})
    assert ready["type"] == "session.ready"
    assert ready["data"] == {"seq": 0, "session": session, "state": "open"}


def test_a_ticket_opens_the_door_once(phone: Phone, session: str) -> None:
    query = ticket(phone, session)
    with raw_socket(phone, session, token="", query=query) as connection:
        assert ask(connection, "ping")["type"] == "pong"
    assert refused(phone, session, token="", query=query)


def test_a_ticket_is_for_one_session(phone: Phone, session: str) -> None:
    query = ticket(phone, new_session(phone))
    assert refused(phone, session, token="", query=query)
    assert refused(phone, session, token="", query=query)


def test_the_trusted_origin_may_enter(phone: Phone, session: str) -> None:
    with raw_socket(phone, session, origin=phone.base_url) as connection:
        assert ask(connection, "ping")["type"] == "pong"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", ""])
def test_a_page_from_elsewhere_may_not(phone: Phone, session: str, origin: str) -> None:
    assert refused(phone, session, headers={"Origin": origin})


@pytest.mark.parametrize("offered", [None, ["timetravelers.v2"], ["graphql-ws"]])
def test_another_protocol_is_refused(phone: Phone, session: str, offered: Any) -> None:
    assert refused(phone, session, subprotocols=offered)


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=guessed", "?ticket=%00", "?ticket=a&ticket=b"])
def test_nobody_known_is_refused(phone: Phone, session: str, query: str) -> None:
    assert refused(phone, session, token="", query=query)


def test_a_token_in_the_address_is_not_even_read(phone: Phone, session: str) -> None:
    for name in ("ticket", "token", "access_token"):
        assert refused(phone, session, token="", query=f"?{name}={phone.access_token}")


def test_forged_and_foreign_tokens_are_refused(phone: Phone, session: str, stack: Stack) -> None:
    head, claims, signature = phone.access_token.split(".")
    for token in ("nonsense", f"{head}.{claims}.", f"{head}.{claims}.{signature[::-1]}", phone.refresh_token):
        assert refused(phone, session, token=token)
    assert refused(phone, session, token=aged(stack, phone.access_token, expires_in=-1))


def test_somebody_elses_session_is_as_good_as_none(phone: Phone, other_phone: Phone, session: str) -> None:
    assert refused(other_phone, session)
    assert refused(other_phone, "01a20457-0000-7000-8000-000000000000")
    answer = other_phone.send("POST", f"/sessions/{session}/tickets/")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


def test_there_is_nothing_beside_the_door(phone: Phone, session: str) -> None:
    assert refused(phone, f"{session}/more")
    assert refused(phone, "not-a-uuid")


def test_a_token_that_expires_ends_the_visit(phone: Phone, session: str, stack: Stack) -> None:
    token = aged(stack, phone.access_token, expires_in=2)
    with raw_socket(phone, session, token=token) as connection:
        assert ask(connection, "ping")["type"] == "pong"
        began = time.monotonic()
        assert closed_with(connection) == 4401
        assert time.monotonic() - began < 6
