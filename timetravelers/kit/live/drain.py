"""Told to stop, a process first says goodbye to its phones; then the server stops as it would have."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def drain_before_stopping(drain: Callable[[], Awaitable[None]], signum: signal.Signals = signal.SIGTERM) -> None:
    """Await `drain` on the running loop when the signal comes, then let whoever handled it before have it.

    Does nothing where signals are not heard, outside of the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    before: Any = signal.getsignal(signum)
    draining: list[asyncio.Task[None]] = []

    async def drain_and_stop() -> None:
        try:
            await drain()
        except Exception:
            log.warning("drain_failed", exc_info=True)
        _pass_on(before, signum)

    def begin() -> None:
        if not draining:
            draining.append(asyncio.create_task(drain_and_stop()))

    def heard(_signum: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(begin)

    signal.signal(signum, heard)


def _pass_on(before: Any, signum: signal.Signals) -> None:
    if callable(before):
        before(signum, None)
    else:
        signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)
