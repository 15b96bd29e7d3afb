"""Several devices in one session: who is told what, and who has to go."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import pytest
import redis

from demo.phone import Phone
from tests.live.conftest import sign_up
from tests.live.stack import Stack
from tests.live.talk import ask, closed_with, new_session, raw_socket, receive
from tests.live.test_revocation import signed_in_again

MOST = 20  # sockets of one person, as the settings say


@pytest.fixture
def person(running: Stack) -> Iterator[Phone]:
    """Somebody whose sockets nobody else counts."""
    somebody = sign_up(running)
    yield somebody
    somebody.close()


def test_typing_is_told_to_the_other_devices_now_and_then(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as here, raw_socket(phone, session) as there:
        for socket in (here, there):
            assert ask(socket, "session.resume", {"after_seq": 0})["type"] == "session.ready"
        for number in range(3):
            here.send(f'{{"type":"typing","id":"t-{number}"}}')
        assert ask(here, "ping")["type"] == "pong", "who types hears nothing of it"
        assert receive(there)["type"] == "typing"
        assert ask(there, "ping")["type"] == "pong", "and only once"
    assert phone.get(f"/sessions/{session}/events/", after=0)["events"] == []


def test_what_was_read_is_told_to_the_other_devices(phone: Phone, session: str) -> None:
    said = phone.post(f"/sessions/{session}/messages/", {"client_id": "c-1", "text": "Hello there"})
    with raw_socket(phone, session) as here, raw_socket(phone, session) as there:
        newest = phone.get(f"/sessions/{session}/events/", after=0)["seq"]
        for socket in (here, there):
            ready = ask(socket, "session.resume", {"after_seq": 2**40})
            assert ready["type"] == "session.ready"
            newest = max(newest, ready["data"]["seq"])
        here.send(f'{{"type":"message.read","id":"r","data":{{"seq":{said["seq"]}}}}}')
        told = next(frame for frame in iter(lambda: receive(there), None) if frame["type"] == "message.read")
    assert told["data"] == {"seq": said["seq"]}
    assert "seq" not in told, "it is in no log"


def test_the_oldest_of_too_many_sockets_goes(person: Phone) -> None:
    session = new_session(person)
    with ExitStack() as opened:
        sockets = [opened.enter_context(raw_socket(person, session)) for _ in range(MOST + 1)]
        assert closed_with(sockets[0]) == 4409
        assert ask(sockets[1], "ping")["type"] == "pong"
        assert ask(sockets[-1], "ping")["type"] == "pong"


def test_a_deleted_session_closes_its_sockets(phone: Phone, session: str) -> None:
    with raw_socket(phone, session) as here, raw_socket(phone, new_session(phone)) as elsewhere:
        assert ask(here, "ping")["type"] == "pong"
        assert phone.send("DELETE", f"/sessions/{session}/").status_code < 300
        began = time.monotonic()
        assert closed_with(here) == 4404
        assert time.monotonic() - began < 2.0
        assert ask(elsewhere, "ping")["type"] == "pong"


def test_without_a_ring_a_revoked_person_is_out_within_two_seconds(running: Stack, person: Phone) -> None:
    """Every subscription is cut as soon as it is there, so that only the pulse can know."""
    other, session_token = signed_in_again(running, person)
    with raw_socket(other, new_session(person)) as there, no_subscriptions(running):
        assert ask(there, "ping")["type"] == "pong"
        other.send("DELETE", "/_allauth/app/v1/auth/session", headers={"X-Session-Token": session_token})
        ended = time.monotonic()
        assert closed_with(there) == 4401
        assert time.monotonic() - ended < 2.0


@contextmanager
def no_subscriptions(stack: Stack) -> Iterator[None]:
    """Within, whoever subscribes to anything is cut off."""
    is_over = Event()

    def cut() -> None:
        with redis.Redis.from_url(stack.redis_url) as client:
            while not is_over.wait(0.02):
                client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")

    cutting = Thread(target=cut)
    cutting.start()
    try:
        yield
    finally:
        is_over.set()
        cutting.join()
