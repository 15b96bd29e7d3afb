"""Two web processes with open pairs of sockets to them, and slices of talk over those."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bench.live.people import end_turns, open_sessions
from bench.live.recipe import PREFIX, PUBSUB_PREFIX, RecipeMessage
from bench.server import HOST, Server, ServerFailed, stop_load, web_processes

OURS = "/ws/v1/sessions/"
SESSIONS = 200
# Messages a session has on their way: a phone does not wait for an answer before it says the next thing.
WINDOW = 2


@dataclass(frozen=True, slots=True)
class Talking:
    """A load process whose sockets are open."""

    process: subprocess.Popen[str]
    servers: tuple[Server, ...]

    def slice(self, kind: str, seconds: float, window: int = WINDOW) -> dict[str, float]:
        """One slice of talk: `rate` in messages a second, `p50` and `p99` in seconds. Raises ServerFailed."""
        end_turns()
        return dict(json.loads(self.order({"kind": kind, "seconds": seconds, "window": window})))

    def order(self, what: dict[str, Any]) -> str:
        """Send one line, return the answer's."""
        if self.process.stdin is None or self.process.stdout is None:
            raise TypeError("The load process is spoken to by its pipes.")
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise ServerFailed("\n".join(["The load process gave up.", *(server.tail() for server in self.servers)]))
        return answer


@contextmanager
def talking(sessions: int = SESSIONS) -> Iterator[Talking]:
    """Half of the pairs have both sockets at one web process, half one at each."""
    with connection.schema_editor() as editor:
        editor.create_model(RecipeMessage)
    people = open_sessions(sessions)
    with web_processes(2) as servers, load_process() as process:
        talk = Talking(process, servers)
        prefixes = {"ours": OURS, "recipe": PREFIX, "recipe over pub/sub": PUBSUB_PREFIX}
        kinds = {
            kind: [line(servers, each, f"{prefix}{uid}/", token) for each, (uid, token) in enumerate(people)]
            for kind, prefix in prefixes.items()
        }
        talk.order({"kinds": kinds})
        yield talk


def line(servers: tuple[Server, ...], each: int, path: str, token: str) -> dict[str, Any]:
    """Where a pair talks: all four ways of spreading two sockets over two processes take turns."""
    says, hears = servers[each % 2], servers[each // 2 % 2]
    addresses = {"says": f"ws://{HOST}:{says.port}{path}", "hears": f"ws://{HOST}:{hears.port}{path}"}
    return {**addresses, "token": token, "resumes": path.startswith(OURS)}


@contextmanager
def load_process() -> Iterator[subprocess.Popen[str]]:
    """A load process that waits for its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.live.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        stop_load(process)
