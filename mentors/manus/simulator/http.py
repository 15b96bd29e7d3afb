"""The simulator's sockets and threads: requests in, answers out, each as broken as its fault wants."""

from __future__ import annotations

import select
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from threading import BoundedSemaphore, Event
from urllib.parse import parse_qs, urlsplit

import structlog

from mentors.manus.simulator.app import App
from mentors.manus.simulator.bucket import Bucket
from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.exchange import Answer, Ending, Request, error_answer
from mentors.manus.simulator.files import BUCKET
from mentors.manus.transport import SIMULATOR_HEADER, is_loopback

log = structlog.get_logger(__name__)

# A message may carry a file of 20 MB, which is 27 MB in base64.
LARGEST_BODY = 32 * 1024 * 1024
DRAINED = 1024 * 1024
IDLE_SECONDS = 75
MOST_CONNECTIONS = 256
MOST_DIGITS = 12
POLL_SECONDS = 0.1


class HttpServer(ThreadingHTTPServer):
    """Bounded in connections; a connection above the bound waits in the listen queue."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    app: App
    bucket: Bucket
    clock: Clock
    public_url: str | None = None

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.stopping = Event()
        self._slots = BoundedSemaphore(MOST_CONNECTIONS)
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    @property
    def base_url(self) -> str:
        """Where clients find this server: as configured, or by the address it listens on."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        while not self._slots.acquire(timeout=POLL_SECONDS):
            if self.stopping.is_set():
                self.shutdown_request(request)
                return
        self._open.add(request)  # type: ignore[arg-type]  # TCP: always a socket
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:
        log.debug("simulator_connection_broken", error=type(sys.exception()).__name__)

    def close_connections(self) -> None:
        """End connections that clients keep open, so that no thread outlives the server for long."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Counted:
    """A body as it is read, and how much of it has been."""

    def __init__(self, source: BufferedIOBase) -> None:
        self._source = source
        self.count = 0

    def read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self.count += len(chunk)
        return chunk


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ManusSimulator"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: HttpServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        """Take an upload as it comes, without holding it in memory; whatever is left unread ends the connection."""
        length = self._length()
        if length is None:
            return
        source = _Counted(self.rfile)
        answer = self.server.bucket.put(self._request(b""), length, source)
        unread = length - source.count
        if unread:
            self.close_connection = True
            source.read(min(unread, DRAINED))
        self._give(answer)

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        request = self._request(body)
        if request.method == "GET" and request.path.startswith(BUCKET):
            self._give(self.server.bucket.get(request))
        else:
            self._give(self.server.app.handle(request))

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True, errors="replace"),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            from_loopback=is_loopback(str(self.client_address[0])),
        )

    def _length(self) -> int | None:
        """How long the body says it is; None when it was refused, and the connection with it."""
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdigit()):
            self.send_error(400, "a Content-Length is needed")
            return None
        if len(length) > MOST_DIGITS:
            self.send_error(413, "the body is too large")
            return None
        return int(length)

    def _body(self) -> bytes | None:
        """The request's body; None when it was refused, and the connection with it."""
        length = self._length()
        if length is None:
            return None
        if length > LARGEST_BODY:
            self.send_error(413, "the body is too large")
            return None
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        return body

    def _give(self, answer: Answer) -> None:
        if answer.ending is Ending.HANG:
            self._wait(answer.delay)
        if answer.ending in (Ending.HANG, Ending.CUT):
            self.close_connection = True
            return
        if answer.delay:
            self._wait(answer.delay)
        whole = self._head(answer) + answer.body
        half = len(whole) - len(answer.body) // 2 - 1
        self.close_connection |= answer.ending is Ending.CUT_HALFWAY
        self.wfile.write(whole[:half] if answer.ending is Ending.CUT_HALFWAY else whole)

    def _head(self, answer: Answer) -> bytes:
        lines = [
            f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {len(answer.body)}",
            f"{SIMULATOR_HEADER}: 1",
            f"Connection: {'close' if self.close_connection else 'keep-alive'}",
        ]
        if answer.retry_after is not None:
            lines.append(f"Retry-After: {answer.retry_after}")
        if answer.location:
            lines.append(f"Location: {answer.location}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _wait(self, seconds: float) -> None:
        """Wait on the simulator's clock, but neither beyond the server's end nor for a client that has gone."""
        clock = self.server.clock
        end = clock.now() + seconds
        while not clock.reached(end) and not self.server.stopping.is_set():
            clock.wait_until(end, at_most=POLL_SECONDS)
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refusals of what is not even a request, in the usual envelope; the connection ends."""
        self.close_connection = True
        name = "internal" if code >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_argument"
        self._give(error_answer(code, name, message or "bad request", "req_refused"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        return
