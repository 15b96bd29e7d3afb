"""How often the client asks, what it waits for, and what it asks before it does: guards, pauses, grace, search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mentors.manus import errors
from mentors.manus.calls import LONGEST_PAUSE_SECONDS
from mentors.manus.figures import CallRecord
from tests.mentors.manus.conftest import make_client
from tests.mentors.manus.contract import SentRequest
from tests.mentors.manus.raw_server import answer, serving
from tests.mentors.manus.scripted import ok, refused, scripted

NOW = 1_700_000_000.0


def event(number: int, **payload: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "type": "x", "timestamp": number, **payload}


def stopped(number: int) -> dict[str, Any]:
    return event(number, status_update={"agent_status": "stopped"})


# Pauses


def test_pauses_double_and_vary() -> None:
    for _ in range(5):
        pauses: list[float] = []
        with scripted(lambda _: refused(500, "internal")) as server, pytest.raises(errors.Unavailable):
            make_client(server.url, sleep=pauses.append).list_tasks()
        assert len(server.requests) == 3
        assert 0.125 <= pauses[0] <= 0.375
        assert 0.25 <= pauses[1] <= 0.75


@pytest.mark.parametrize(("wished", "requests"), [("1", 3), ("17", 1)])
def test_what_the_provider_wishes_is_waited_for_if_it_is_short(wished: str, requests: int) -> None:
    pauses: list[float] = []
    limited = answer(
        b'{"ok": false, "error": {"code": "rate_limited"}}', status="429 X", headers=[f"Retry-After: {wished}"]
    )
    with serving(limited) as server, pytest.raises(errors.RateLimited):
        make_client(server.url, sleep=pauses.append).list_tasks()
    assert len(server.requests) == requests
    assert all(1 <= pause <= LONGEST_PAUSE_SECONDS for pause in pauses)


def test_no_attempt_begins_once_the_patience_with_one_answer_is_used_up() -> None:
    with scripted(lambda _: refused(500, "internal")) as server, pytest.raises(errors.Unavailable):
        make_client(server.url, read_timeout=0.1).list_tasks()
    assert len(server.requests) == 1


# Guards


class Guards:
    """Two guards that tell what they saw; either may refuse."""

    def __init__(self, refuses: str = "", error: errors.ManusError | None = None) -> None:
        self.seen: list[str] = []
        self.refuses = refuses
        self.error = error

    def named(self, name: str) -> Any:
        @contextmanager
        def guard(endpoint: str) -> Iterator[None]:
            self.seen.append(f"{name} in {endpoint}")
            if name == self.refuses and self.error is not None:
                raise self.error
            try:
                yield
            except errors.ManusError as error:
                self.seen.append(f"{name} saw {type(error).__name__}")
                raise
            self.seen.append(f"{name} out")

        return guard


def guarded(url: str, guards: Guards, **settings: Any) -> Any:
    return make_client(url, breaker=guards.named("breaker"), gate=guards.named("gate"), **settings)


def test_each_attempt_passes_the_breaker_and_then_the_gate() -> None:
    answers = iter([refused(500, "internal"), ok(data=[], has_more=False)])
    guards = Guards()
    with scripted(lambda _: next(answers)) as server:
        guarded(server.url, guards).list_tasks()
    assert guards.seen == [
        "breaker in task.list",
        "gate in task.list",
        "gate saw Unavailable",
        "breaker saw Unavailable",
        "breaker in task.list",
        "gate in task.list",
        "gate out",
        "breaker out",
    ]


@pytest.mark.parametrize(
    ("guard", "error"),
    [
        ("gate", errors.Throttled(endpoint="task.list", retry_after=3)),
        ("breaker", errors.CircuitOpen(endpoint="task.list", retry_after=3)),
    ],
)
def test_a_guard_that_refuses_is_not_asked_twice_and_nothing_is_sent(guard: str, error: errors.ManusError) -> None:
    guards, records = Guards(guard, error), list[CallRecord]()
    with scripted(lambda _: ok()) as server:
        client = guarded(server.url, guards, account="one", meter=records.append)
        for call in (client.list_tasks, lambda: client.create_task("hello")):
            with pytest.raises(type(error)) as caught:
                call()
            assert caught.value.retry_after == 3
        assert server.requests == []
    assert [(one.account, one.endpoint, one.outcome, one.sent) for one in records] == [
        ("one", "task.list", type(error).__name__, False),
        ("one", "task.create", type(error).__name__, False),
    ]


def test_each_attempt_is_metered() -> None:
    answers = iter([refused(500, "internal"), ok(data=[], has_more=False)])
    records: list[CallRecord] = []
    with scripted(lambda _: next(answers)) as server:
        make_client(server.url, meter=records.append).list_tasks()
    assert [(one.outcome, one.sent) for one in records] == [("Unavailable", True), ("ok", True)]


# Right after a create


@pytest.mark.parametrize(
    ("age", "kind"), [(0, errors.NotVisibleYet), (89, errors.NotVisibleYet), (91, errors.NotFound)]
)
def test_a_new_task_that_is_not_known_is_not_visible_yet(age: float, kind: type[errors.ManusError]) -> None:
    with scripted(lambda _: refused(404, "not_found")) as server:
        client = make_client(server.url, wall=lambda: NOW)
        with pytest.raises(errors.NotFound) as caught:
            client.events_after("t1", created_at=NOW - age)
        assert type(caught.value) is kind
        assert caught.value.http_status == 404
        with pytest.raises(errors.NotFound) as plain:
            client.list_messages("t1")
        assert type(plain.value) is errors.NotFound


# Finding what a lost create made


def task_list(*pages: list[dict[str, Any]]) -> Any:
    def reply(request: SentRequest) -> tuple[int, Any]:
        number = int(request.target.partition("cursor=")[2].partition("&")[0] or 0)
        more = number + 1 < len(pages)
        return ok(data=pages[number], has_more=more, **({"next_cursor": str(number + 1)} if more else {}))

    return reply


def test_tasks_are_found_by_their_titles_newest_first() -> None:
    pages = task_list(
        [{"id": "t9", "title": "other"}, {"id": "t8", "title": "b"}],
        [{"id": "t7", "title": "a"}, {"id": "t6", "title": "a"}],
        [{"id": "t5", "title": "c"}],
    )
    with scripted(pages) as server:
        client = make_client(server.url)
        assert {title: task.id for title, task in client.find_tasks({"a", "b"}).items()} == {"a": "t7", "b": "t8"}
        assert len(server.requests) == 2
        assert client.find_tasks({"nowhere"}) == {}
        assert client.find_tasks(["c"], max_pages=2) == {}


def test_the_search_ends_with_tasks_that_are_older_than_the_create() -> None:
    old = [{"id": f"t{n}", "title": "x", "created_at": str(int(NOW) - 1000)} for n in range(3)]
    with scripted(task_list(old, old, old)) as server:
        assert make_client(server.url).find_tasks({"a"}, since=NOW) == {}
    assert len(server.requests) == 1


# The whole history of a task


def messages(events: list[dict[str, Any]]) -> Any:
    def reply(request: SentRequest) -> tuple[int, Any]:
        limit = int(request.target.partition("limit=")[2].partition("&")[0] or 50)
        return ok(task_id="t1", messages=[*reversed(events)][:limit], has_more=False)

    return reply


def test_a_finished_task_is_read_once_and_looked_at_again_by_one_event() -> None:
    events = [event(1), stopped(2)]
    with scripted(messages(events)) as server:
        client = make_client(server.url)
        assert [one.id for one in client.history("t1").events] == ["e1", "e2"]
        assert [one.id for one in client.history("t1").events] == ["e1", "e2"]
        assert [("limit=1&" in one.target + "&") for one in server.requests] == [True, False, True]
        events.append(event(3, assistant_message={"content": "new"}))
        assert [one.id for one in client.history("t1").events] == ["e1", "e2", "e3"]


def test_a_task_that_goes_on_is_not_kept() -> None:
    running = event(2, status_update={"agent_status": "running"})
    with scripted(messages([event(1), running])) as server:
        client = make_client(server.url)
        client.history("t1")
        client.history("t1")
    assert len(server.requests) == 4


@pytest.mark.parametrize("word", ["send_message", "delete_task"])
def test_whoever_changes_a_task_forgets_it(word: str) -> None:
    def reply(request: SentRequest) -> tuple[int, Any]:
        return messages([stopped(1)])(request) if request.method == "GET" else ok(task_id="t1", deleted=True)

    with scripted(reply) as server:
        client = make_client(server.url)
        client.history("t1")
        client.send_message("t1", "more") if word == "send_message" else client.delete_task("t1")
        client.history("t1")
    assert len(server.to("task.listMessages")) == 4
