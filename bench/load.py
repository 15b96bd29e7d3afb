"""Load in a process of its own: raw keep-alive sockets send one prepared request over and over.

It shares the processor with the server, so it does as little as it can for each answer. Only the standard
library is imported, which makes it quick to start.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

PATIENCE = 10.0  # seconds until a silent server counts as broken
_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


class BadAnswer(Exception):
    """The server said something else than 200, or nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to send, where, over how many connections, and for how many seconds."""

    host: str
    port: int
    request: bytes
    connections: int
    seconds: float


def get(path: str, headers: Mapping[str, str]) -> bytes:
    """A GET request as bytes. It asks for the connection to be kept, as HTTP/1.1 does by default."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def answer_size(received: bytes) -> int | None:
    """The bytes of the whole answer once its headers are complete, else None; raises BadAnswer."""
    end = received.find(_END_OF_HEADERS)
    if end < 0:
        return None
    if not received.startswith(b"HTTP/1.1 200 "):
        raise BadAnswer(received[:600].decode("latin-1"))
    head = received[:end].lower()
    start = head.find(_LENGTH)
    if start < 0:
        raise BadAnswer("An answer names no length.")
    start += len(_LENGTH)
    line_end = head.find(b"\r\n", start)
    length = int(head[start:] if line_end < 0 else head[start:line_end])
    return end + len(_END_OF_HEADERS) + length


class Connection:
    """One socket with one request under way."""

    def __init__(self, load: Load) -> None:
        self.socket = socket.create_connection((load.host, load.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = load.request
        self._received = b""
        self._size: int | None = None

    def ask(self) -> None:
        """Send the request."""
        self.socket.sendall(self._request)

    def has_answered(self) -> bool:
        """Read what has come; true when that makes a whole answer. Raises BadAnswer."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise BadAnswer("The server closed the connection.")
        self._received += chunk
        if self._size is None:
            self._size = answer_size(self._received)
        if self._size is None or len(self._received) < self._size:
            return False
        if len(self._received) > self._size:
            raise BadAnswer("The server sent more than it announced.")
        self._received, self._size = b"", None
        return True


def generate(load: Load) -> float:
    """Keep every connection busy for the given time; returns answers a second. Raises BadAnswer, OSError."""
    connections = [Connection(load) for _ in range(load.connections)]
    try:
        with selectors.DefaultSelector() as selector:
            for connection in connections:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            return _rate(selector, load.seconds)
    finally:
        for connection in connections:
            connection.socket.close()


def _rate(selector: selectors.BaseSelector, seconds: float) -> float:
    connections = [key.data for key in selector.get_map().values()]
    started = time.perf_counter()
    for connection in connections:
        connection.ask()
    answers = 0
    while (moment := time.perf_counter()) < started + seconds:
        for connection in _answered(selector):
            connection.ask()
            answers += 1
    _drain(selector, len(connections))
    return answers / (moment - started)


def _drain(selector: selectors.BaseSelector, waiting: int) -> None:
    """Take the last answers, so that the next measurement finds an idle server."""
    while waiting > 0:
        waiting -= len(_answered(selector))


def _answered(selector: selectors.BaseSelector) -> list[Connection]:
    """The connections on which a whole answer has come, after waiting for some; raises BadAnswer."""
    ready = selector.select(PATIENCE)
    if not ready:
        raise BadAnswer(f"The server has been silent for {PATIENCE:g} seconds.")
    return [key.data for key, _ in ready if key.data.has_answered()]


def main() -> int:
    """Read a Load as JSON from standard input and print its rate; a bad answer is told on standard error."""
    asked = json.load(sys.stdin)
    try:
        rate = generate(Load(**{**asked, "request": asked["request"].encode("latin-1")}))
    except (BadAnswer, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    print(rate)
    return 0


if __name__ == "__main__":
    sys.exit(main())
