"""Running a coroutine as far as it goes without waiting: what need not wait costs no task."""

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any


def start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
    """Run `work` until it waits for something; the rest is the task returned, None if nothing is left.

    Raises what `work` raises before it waits. Not for work that asks which task it is in.
    """
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return asyncio.create_task(_finish(work, waits_for))


async def _finish(work: Coroutine[Any, Any, None], waits_for: Any) -> None:
    await _rest(work, waits_for)


@coroutine
def _rest(work: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Wait for what `work` waits for already, then go on with it, passing on what is thrown at it."""
    try:
        while True:
            try:
                answer = yield waits_for
            except BaseException as thrown:  # noqa: BLE001 - a cancellation too is for the work
                waits_for = work.throw(thrown)
            else:
                waits_for = work.send(answer)
    except StopIteration:
        return
