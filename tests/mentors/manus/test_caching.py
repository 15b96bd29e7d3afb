"""Answers asked for once and used by many: lifetimes, one asker at a time, and nothing personal lying about."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event, Semaphore
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from mentors.manus import errors
from mentors.manus.caching import (
    LIFETIMES,
    MOST_FINISHED,
    Finished,
    FinishedTasks,
    SharedCache,
    SingleFlight,
    looks,
)
from mentors.manus.client import ManusClient
from tests.mentors.manus.conftest import KEY, make_client
from tests.mentors.manus.contract import SentRequest
from tests.mentors.manus.dead_valkey import valkey_gone
from tests.mentors.manus.scripted import ok, refused, scripted
from tests.mentors.manus.stampede import stampede
from timetravelers.kit.limits import valkey

PATIENCE = 20.0


@pytest.fixture
def account() -> str:
    return uuid4().hex


def cached_client(url: str, account: str) -> ManusClient:
    return make_client(url, cache=SharedCache(account, patience=PATIENCE))


def kept(account: str) -> list[bytes]:
    return list(valkey().scan_iter(match=f"{settings.REDIS_PREFIX}:manus:answer:{account}:*"))


def figure(endpoint: str, result: str) -> int:
    return looks().get((endpoint, result), 0)


def everything(request: SentRequest) -> tuple[int, Any]:
    return {
        "project.list": ok(data=[{"id": "p1", "name": "Ada"}]),
        "project.create": ok(project={"id": "p2"}),
        "file.detail": ok(file={"id": "f1", "status": "uploaded", "filename": "Jane Doe CV.pdf", "odd": 1}),
        "file.delete": ok(),
        "webhook.publicKey": ok(public_key="PEM", algorithm="RSA-SHA256"),
        "usage.availableCredits": ok(data={"total_credits": "17"}),
        "task.detail": ok(task={"id": "t1"}),
    }[request.endpoint]


READS = {
    "project.list": lambda c, **how: c.list_projects(**how),
    "file.detail": lambda c, **how: c.file_detail("f1", **how),
    "webhook.publicKey": lambda c, **how: c.webhook_public_key(**how),
    "usage.availableCredits": lambda c, **how: c.available_credits(**how),
}


def test_every_cached_endpoint_has_a_lifetime() -> None:
    assert set(READS) == set(LIFETIMES)
    assert all(1 <= lifetime.seconds <= 3600 for lifetime in LIFETIMES.values())


@pytest.mark.parametrize("endpoint", READS)
def test_what_may_be_kept_is_asked_for_once(endpoint: str, account: str) -> None:
    before = {result: figure(endpoint, result) for result in ("hit", "miss")}
    with scripted(everything) as server:
        first = READS[endpoint](cached_client(server.url, account))
        again = READS[endpoint](cached_client(server.url, account))
        assert len(server.requests) == 1
        assert (again, again.simulated) == (first, first.simulated)
        (key,) = kept(account)
        assert 0 < valkey().pttl(key) <= LIFETIMES[endpoint].seconds * 1000
        READS[endpoint](cached_client(server.url, account), fresh=True)
        assert len(server.requests) == 2
    assert figure(endpoint, "hit") - before["hit"] == 1
    assert figure(endpoint, "miss") - before["miss"] == 2


def test_what_is_not_listed_is_asked_for_each_time(account: str) -> None:
    with scripted(everything) as server:
        client = cached_client(server.url, account)
        client.task_detail("t1")
        client.task_detail("t1")
    assert len(server.requests) == 2


def test_accounts_do_not_share_answers(account: str) -> None:
    with scripted(everything) as server:
        cached_client(server.url, account).list_projects()
        cached_client(server.url, uuid4().hex).list_projects()
    assert len(server.requests) == 2


def test_a_change_of_ours_is_seen_at_once(account: str) -> None:
    with scripted(everything) as server:
        client = cached_client(server.url, account)
        client.list_projects()
        client.file_detail("f1")
        client.create_project("Bo")
        client.delete_file("f1")
        client.list_projects()
        client.file_detail("f1")
    assert len(server.to("project.list")) == 2
    assert len(server.to("file.detail")) == 2


def test_a_file_on_its_way_is_looked_at_again_soon(account: str) -> None:
    with scripted(lambda _: ok(file={"id": "f1", "status": "pending"})) as server:
        cached_client(server.url, account).file_detail("f1")
    (key,) = kept(account)
    assert 0 < valkey().pttl(key) <= 2000


def test_nothing_of_a_person_lies_in_valkey(account: str) -> None:
    with scripted(everything) as server:
        client = cached_client(server.url, account)
        assert client.file_detail("file-of-jane").file.filename == "Jane Doe CV.pdf"
        again = client.file_detail("file-of-jane")
    assert again.file.unknown == {"odd": 1}
    (key,) = kept(account)
    value = valkey().get(key)
    assert isinstance(value, bytes)
    assert b"jane" not in (value + key).lower()


def test_errors_are_not_kept(account: str) -> None:
    answers = iter([refused(403, "permission_denied"), ok(data=[])])
    with scripted(lambda _: next(answers)) as server:
        client = cached_client(server.url, account)
        with pytest.raises(errors.PermissionDenied):
            client.list_projects()
        assert client.list_projects().data == []


def test_what_cannot_be_read_is_as_good_as_nothing(account: str) -> None:
    with scripted(everything) as server:
        client = cached_client(server.url, account)
        client.list_projects()
        client.file_detail("f1")
        for key in kept(account):
            valkey().set(key, b"1\xff{nonsense")
        assert client.list_projects().data[0].id == "p1"
        assert client.file_detail("f1").file.id == "f1"
    assert len(server.requests) == 4


def test_without_valkey_one_asks_each_time(account: str) -> None:
    with scripted(everything) as server, valkey_gone():
        client = cached_client(server.url, account)
        assert client.list_projects().data[0].id == "p1"
        client.list_projects()
        client.create_project("Bo")
    assert len(server.to("project.list")) == 2


def test_of_fifty_threads_and_two_processes_one_asks(account: str) -> None:
    """The provider answers only once everybody is asking."""
    everybody = Event()

    def slow(request: SentRequest) -> tuple[int, Any]:
        assert everybody.wait(100)
        return everything(request)

    with scripted(slow) as server, ThreadPoolExecutor(1) as pool:
        others = [_other_process(server.url, account) for _ in range(2)]
        try:
            mine = pool.submit(stampede, server.url, KEY, account, 50)
            assert all(_line(other) == "ready" for other in others)
            everybody.set()
            told = [mine.result(100), *(_line(other).split(",") for other in others)]
        finally:
            everybody.set()
            for other in others:
                other.communicate(timeout=60)
        assert len(server.to("project.list")) == 1
    assert told == [["p1"] * 50, ["p1"] * 10, ["p1"] * 10]


def _other_process(url: str, account: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.mentors.manus.stampede", url, KEY, account, "10"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "timetravelers.settings", "REDIS_PREFIX": settings.REDIS_PREFIX},
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


class Counting(Event):
    """Tells how many have begun to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self.waiting.release()
        return super().wait(timeout)


def test_threads_share_an_error_too() -> None:
    flights: SingleFlight[int] = SingleFlight()
    asked, inside, go_on = count(), Event(), Event()

    def work() -> int:
        next(asked)
        inside.set()
        assert go_on.wait(20)
        raise errors.Unavailable(endpoint="x")

    def ask(_: int) -> str:
        with pytest.raises(errors.Unavailable):
            flights.do("key", work, patience=20)
        return "down"

    with ThreadPoolExecutor(10) as pool:
        leader = pool.submit(ask, 0)
        assert inside.wait(20)
        landed = flights._flights["key"].landed = Counting()
        others = [pool.submit(ask, number) for number in range(1, 10)]
        assert all(landed.waiting.acquire(timeout=20) for _ in others)
        go_on.set()
        assert {one.result(20) for one in (leader, *others)} == {"down"}
    assert next(asked) == 1
    assert flights._flights == {}


def test_whoever_waits_too_long_asks_for_themselves() -> None:
    flights: SingleFlight[int] = SingleFlight()
    inside, go_on = Event(), Event()

    def stuck() -> int:
        inside.set()
        assert go_on.wait(20)
        return 1

    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(flights.do, "key", stuck, patience=20)
        assert inside.wait(20)
        assert flights.do("key", lambda: 2, patience=0.01) == (2, False)
        go_on.set()
        assert leader.result(20) == (1, False)


def test_a_lock_whose_holder_died_does_not_hold_for_ever(account: str) -> None:
    with scripted(everything) as server:
        client = make_client(server.url, cache=SharedCache(account, patience=0.05))
        valkey().set(f"{settings.REDIS_PREFIX}:manus:answer:{account}:project.list:all:lock", "dead")
        assert client.list_projects().data[0].id == "p1"


def test_finished_tasks_are_forgotten_in_time_and_by_number() -> None:
    now = [0.0]
    tasks = FinishedTasks(lambda: now[0])
    history = Finished("e9", (), simulated=False, complete=True)
    tasks.keep("t", history)
    assert tasks.get("t", "e9") is history
    assert tasks.get("t", "e10") is None
    assert tasks.get("t", "e9") is None
    tasks.keep("t", history)
    now[0] = 301.0
    assert tasks.get("t", "e9") is None
    for number in range(MOST_FINISHED + 1):
        tasks.keep(f"t{number}", history)
    assert tasks.get("t0", "e9") is None
    assert tasks.get("t1", "e9") is history
