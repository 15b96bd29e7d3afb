"""Sockets that are open and silent: the least that Channels can do for one, and what they weigh."""

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from bench.live.talking import Talking, line, load_process
from bench.server import Server, web_process

BARE = "/ws/bench/bare/"
SETTLE_SECONDS = 4.0
WARM_PAIRS = 25


class BareConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """Accepts, and that is all: no layer, no database, no checks."""

    channel_layer_alias = "none"

    async def connect(self) -> None:
        await self.accept(subprotocol=(self.scope["subprotocols"] or [None])[0])


def weigh(prefix: str, people: Sequence[tuple[str, str]], sockets: int) -> float:
    """Kilobytes of a web process for each of so many idle sockets, once it has had some."""
    _allow_files(sockets)
    with web_process() as server, _opened(server, prefix, people, WARM_PAIRS):
        before = memory(server)
        with _opened(server, prefix, people, sockets // 2):
            return (memory(server) - before) / sockets


@contextmanager
def _opened(server: Server, prefix: str, people: Sequence[tuple[str, str]], pairs: int) -> Iterator[None]:
    with load_process() as process:
        Talking(process, (server,)).order({"kinds": {"idle": idle_lines(server, prefix, people, pairs)}})
        time.sleep(SETTLE_SECONDS)
        yield


def idle_lines(server: Server, prefix: str, people: Sequence[tuple[str, str]], pairs: int) -> list[dict[str, Any]]:
    """So many pairs of sockets to one process, spread over the sessions of these people."""
    wanted = (people[each % len(people)] for each in range(pairs))
    return [line((server, server), 0, f"{prefix}{uid}/", token) for uid, token in wanted]


def memory(server: Server) -> float:
    """What of its memory is resident, in kilobytes."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    return float(next(row.split()[1] for row in status.splitlines() if row.startswith("VmRSS:")))


def _allow_files(sockets: int) -> None:
    """A socket is a file, here and in what is started from here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets * 2 + 1_000
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
