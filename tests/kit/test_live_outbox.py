"""What is on its way to a phone: in order, at once while it reads, and little while it does not."""

import asyncio
import gc
from typing import Any

import pytest

from timetravelers.kit.live.eager import start
from timetravelers.kit.live.outbox import MOST_FRAMES, Outbox


class Connection:
    """A connection that takes frames only while its gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.taken: list[Any] = []
        self.is_gone = False

    async def send(self, message: dict[str, Any]) -> None:
        await self.gate.wait()
        if self.is_gone:
            raise ConnectionResetError
        self.taken.append(message["n"])


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_phone_that_reads_gets_everything_at_once() -> None:
    async def talk() -> tuple[list[Any], int]:
        connection = Connection()
        connection.gate.set()
        outbox = Outbox(connection.send, lambda: None)
        for number in range(3):
            outbox.put({"n": number})
        return connection.taken, len(asyncio.all_tasks())

    taken, tasks = asyncio.run(talk())
    assert taken == [0, 1, 2]
    assert tasks == 1, "nothing but the test itself"


def test_a_phone_that_does_not_read_is_kept_in_order_and_reported_once_it_has_caught_up() -> None:
    async def talk() -> tuple[list[Any], list[bool], int]:
        connection = Connection()
        drained: list[int] = []
        outbox = Outbox(connection.send, lambda: drained.append(1))
        full = []
        for number in range(MOST_FRAMES + 1):
            full.append(outbox.is_full)
            outbox.put({"n": number})
        full.append(outbox.is_full)
        await _settle()
        assert not drained
        connection.gate.set()
        await outbox.emptied()
        return connection.taken, full, len(drained)

    taken, full, drained = asyncio.run(talk())
    assert taken == list(range(MOST_FRAMES + 1))
    assert full == [False] * (MOST_FRAMES + 1) + [True]
    assert drained == 1


def test_the_last_word_takes_the_place_of_all_that_waits() -> None:
    async def talk() -> list[Any]:
        connection = Connection()
        outbox = Outbox(connection.send, lambda: None)
        for number in range(5):
            outbox.put({"n": number})
        outbox.put_last({"n": "close"})
        connection.gate.set()
        await outbox.emptied()
        return connection.taken

    assert asyncio.run(talk()) == [0, "close"]


def test_a_phone_that_has_gone_is_not_waited_for() -> None:
    async def talk() -> bool:
        connection = Connection()
        outbox = Outbox(connection.send, lambda: None)
        outbox.put({"n": 0})
        outbox.put({"n": 1})
        connection.is_gone = True
        connection.gate.set()
        await outbox.emptied()
        assert connection.taken == []
        with pytest.raises(ConnectionResetError):
            outbox.put({"n": 2})
        return outbox.is_idle

    assert asyncio.run(talk())


def test_work_that_waits_twice_and_is_cancelled_cleans_up() -> None:
    async def talk() -> list[str]:
        seen: list[str] = []

        async def work() -> None:
            try:
                await asyncio.sleep(0)
                seen.append("once")
                await asyncio.Event().wait()
            finally:
                seen.append("cleaned up")

        task = start(work())
        assert task is not None
        await _settle()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return seen

    assert asyncio.run(talk()) == ["once", "cleaned up"]


def test_an_abandoned_outbox_is_let_go() -> None:
    """A phone that went while it lagged leaves neither a task nor its frames behind."""

    async def talk() -> tuple[list[Any], int, bool]:
        connection = Connection()
        outbox = Outbox(connection.send, lambda: None)
        for number in range(5):
            outbox.put({"n": number})
        outbox.abandon()
        outbox.abandon()
        del outbox
        await _settle()
        connection.gate.set()
        await _settle()
        gc.collect()
        return connection.taken, len(asyncio.all_tasks()), any(type(kept) is Outbox for kept in gc.get_objects())

    assert asyncio.run(talk()) == ([], 1, False)
