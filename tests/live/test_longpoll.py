"""The event log over REST: the same contract as the socket, without one."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from demo.phone import Phone
from tests.live.stack import Stack, eventually
from tests.live.talk import assert_log_is_whole, how_it_ended, new_session, open_line


def poll(phone: Phone, session: str, **query: Any) -> Any:
    return phone.get(f"/sessions/{session}/events/", **query)


def say(phone: Phone, session: str, text: str = "How do I begin?", client_id: str = "c") -> Any:
    return phone.post(f"/sessions/{session}/messages/", {"client_id": client_id, "text": text})


def test_an_empty_log_answers_at_once(phone: Phone, session: str) -> None:
    assert poll(phone, session) == {"events": [], "seq": 0, "more": False}


def test_it_waits_as_long_as_it_was_asked_to(phone: Phone, session: str) -> None:
    began = time.monotonic()
    assert poll(phone, session, after=0, wait=1)["events"] == []
    assert 0.9 < time.monotonic() - began < 4


def test_news_end_the_wait(phone: Phone, other_phone: Phone, session: str) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(poll, _same(phone), session, after=0, wait=20)
        time.sleep(0.5)
        said = time.monotonic()
        say(phone, session)
        answer = waiting.result(timeout=10)
        assert time.monotonic() - said < 2
    assert [event["seq"] for event in answer["events"]] == list(range(1, len(answer["events"]) + 1))
    assert answer["events"][0]["type"] == "message.created"
    assert answer["seq"] == len(answer["events"])


def test_a_conversation_without_a_socket(phone: Phone, session: str) -> None:
    said = say(phone, session)
    events: list[Any] = []
    while not any(event["type"] in {"turn.completed", "turn.failed"} for event in events):
        answer = poll(phone, session, after=len(events), wait=10)
        assert answer["events"], "nothing came"
        events += answer["events"]
    assert [event["data"]["turn"] for event in events if event["type"] == "turn.completed"] == [said["turn"]]


def test_both_transports_tell_the_same(phone: Phone, session: str) -> None:
    with open_line(phone, session) as line:
        how_it_ended(line, line.say("What is a good first step?", "c-1")["turn"])
        how_it_ended(line, line.say("And a second one?", "c-2")["turn"])
        assert_log_is_whole(phone, line)
        middle = poll(phone, session, after=4)["events"]
        assert middle[: len(line.heard) - 4] == line.heard[4:]


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1.5",
        "after=",
        "after=99999999999999999999",
        "after=\u0661",
        "wait=31",
        "wait=-1",
        "wait=0x1",
    ],
)
def test_a_query_that_makes_no_sense(phone: Phone, session: str, query: str) -> None:
    answer = phone.send("GET", f"/sessions/{session}/events/?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid")
    assert problem["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_strangers_are_told_nothing(phone: Phone, other_phone: Phone, session: str) -> None:
    path = f"/sessions/{session}/events/"
    for token in ("", "Bearer nonsense", "Basic x", f"Bearer {phone.refresh_token}"):
        answer = phone.send("GET", path, headers={"Authorization": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    foreign = other_phone.send("GET", path)
    missing = other_phone.send("GET", "/sessions/01a20457-0000-7000-8000-000000000000/events/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["code"] == missing.json()["code"] == "session_not_found"


def test_it_only_reads(phone: Phone, session: str) -> None:
    answer = phone.send("POST", f"/sessions/{session}/events/", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_nothing_of_a_poll_remains(phone: Phone, stack: Stack) -> None:
    before = stack.subscriptions()
    with ThreadPoolExecutor(1) as threads:
        for _ in range(3):
            session = new_session(phone)
            waiting = threads.submit(poll, _same(phone), session, after=0, wait=5)
            time.sleep(0.2)
            say(phone, session)
            assert waiting.result()["events"]
    assert poll(phone, new_session(phone), wait=1)["events"] == []
    eventually(lambda: stack.subscriptions() <= before, "the end of all subscriptions")


def test_waiting_phones_do_not_keep_others_waiting(phone: Phone, session: str, stack: Stack) -> None:
    with ThreadPoolExecutor(25) as threads:
        waiting = [threads.submit(poll, _same(phone), session, after=0, wait=3) for _ in range(25)]
        time.sleep(0.8)
        began = time.monotonic()
        phone.get("/me/")
        assert time.monotonic() - began < 1.5
        assert not any(one.done() for one in waiting)
        assert all(one.result()["events"] == [] for one in waiting)


def _same(phone: Phone) -> Phone:
    """The same person on another connection, since a phone's is not for several threads."""
    twin = Phone(phone.base_url)
    twin.access_token = phone.access_token
    return twin
