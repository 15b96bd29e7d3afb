"""HTTP servers that misbehave on purpose: each answers every connection with bytes of the test's choosing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class RawServer:
    """`requests` holds what was received, one entry a connection."""

    url: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def serving(*chunks: bytes, pause: float = 0.0, silent_seconds: float = 0.0) -> Iterator[RawServer]:
    """Serve the same chunks to everyone, with pauses between; then be silent, then close."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
    stop = Event()
    thread = Thread(
        target=_serve,
        args=(listener, server, chunks),
        kwargs={"pause": pause, "silent_seconds": silent_seconds, "stop": stop},
        daemon=True,
    )
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        thread.join(timeout=10)
        listener.close()


def answer(body: bytes, *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _serve(
    listener: socket.socket,
    server: RawServer,
    chunks: Sequence[bytes],
    *,
    pause: float,
    silent_seconds: float,
    stop: Event,
) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(2)
            _talk(connection, server, chunks, pause, stop)
            stop.wait(silent_seconds)


def _talk(connection: socket.socket, server: RawServer, chunks: Sequence[bytes], pause: float, stop: Event) -> None:
    try:
        server.requests.append(connection.recv(65536))
        for chunk in chunks:
            if stop.is_set():
                return
            connection.sendall(chunk)
            time.sleep(pause)
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return
