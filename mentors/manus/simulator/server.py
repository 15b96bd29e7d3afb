"""The simulator as an HTTP server: sockets and threads around the application."""

from __future__ import annotations

import select
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread
from urllib.parse import parse_qs, urlsplit

import structlog

from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.app import App, Observer, Parts
from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.exchange import Answer, Ending, Request, error_answer
from mentors.manus.simulator.faults import Fault, FaultScript
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.journal import Journal
from mentors.manus.simulator.limits import SlidingWindows
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Json
from mentors.manus.simulator.routes import World
from mentors.manus.simulator.tasks import Pace, Tasks
from mentors.manus.simulator.webhooks import Courier, load_signing_key, public_key_pem
from mentors.manus.transport import SIMULATOR_HEADER, is_loopback

log = structlog.get_logger(__name__)

# A message may carry a file of 20 MB, which is 27 MB in base64.
LARGEST_BODY = 32 * 1024 * 1024
IDLE_SECONDS = 75
MOST_CONNECTIONS = 256
MOST_DIGITS = 12
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """How a simulator behaves. `rate_factor` scales the documented limits, 0 switches them off."""

    api_keys: Sequence[str]
    host: str = "127.0.0.1"
    port: int = 0
    think_seconds: float = 1.5
    rate_factor: float = 1.0
    seed: int | None = None
    data: Path | None = None
    credits: int = 100_000


class SimulatorServer:
    """A whole simulator in this process; `port` 0 takes a free one.

    `start` raises OSError when the address is taken and JournalInUse when another simulator uses the data
    folder.
    """

    def __init__(self, settings: Settings, observer: Observer | None = None) -> None:
        if not settings.api_keys or not all(settings.api_keys):
            raise ValueError("the simulator needs at least one API key")
        self.settings = settings
        self.faults = FaultScript()
        self.calls = CallLog()
        self._observer = observer
        self._running: _Running | None = None

    @property
    def url(self) -> str:
        """The base URL for a client; valid while the server runs."""
        if self._running is None:
            raise RuntimeError("the simulator is not running")
        host, port = self._running.http.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def arm(self, endpoint: str, fault: str, *, times: int | None = 1, seconds: float | None = None) -> None:
        """Add a line to the fault script; raises ValueError for a fault that does not exist."""
        self.faults.arm(Fault(endpoint=endpoint, fault=fault, times=times, seconds=seconds))

    def deliveries(self) -> list[Json]:
        """Webhook deliveries tried so far."""
        return self._running.world.courier.deliveries() if self._running else []

    def start(self) -> SimulatorServer:
        """Listen and serve in background threads; returns itself."""
        settings = self.settings
        http = _HttpServer((settings.host, settings.port), _Handler)
        try:
            journal = Journal(settings.data) if settings.data else None
        except BaseException:
            http.server_close()
            raise
        agenda = Agenda()
        key = load_signing_key(settings.data)
        courier = Courier(key, self.faults, agenda)
        memory = Memory(settings.api_keys, settings.credits, journal)
        ids = IdSource(settings.seed)
        pace = Pace(settings.think_seconds, settings.seed or 0)
        tasks = Tasks(memory=memory, agenda=agenda, courier=courier, faults=self.faults, ids=ids, pace=pace)
        world = World(memory, tasks, courier, ids, public_key_pem(key))
        contract = load_contract()
        windows = SlidingWindows(contract.rate_limits(), factor=settings.rate_factor, clock=time.monotonic)
        http.app = App(Parts(world, contract, windows, self.faults, self.calls, settings.api_keys, self._observer))
        thread = Thread(target=http.serve_forever, args=(POLL_SECONDS,), name="simulator-http", daemon=True)
        self._running = _Running(http, thread, agenda, world)
        agenda.start()
        tasks.resume()
        thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and let go of everything; what is in the journal is there at the next start."""
        running, self._running = self._running, None
        if running is None:
            return
        running.http.stopping.set()
        running.http.shutdown()
        running.thread.join(timeout=15)
        running.http.close_connections()
        running.http.server_close()
        running.agenda.stop()
        running.world.courier.stop()
        running.world.memory.close()

    def __enter__(self) -> SimulatorServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class _Running:
    http: _HttpServer
    thread: Thread
    agenda: Agenda
    world: World


class _HttpServer(ThreadingHTTPServer):
    """Bounded in connections; a connection above the bound waits in the listen queue."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    app: App

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.stopping = Event()
        self._slots = BoundedSemaphore(MOST_CONNECTIONS)
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ManusSimulator"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _HttpServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True, errors="replace"),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            from_loopback=is_loopback(str(self.client_address[0])),
        )
        self._give(self.server.app.handle(request))

    def _body(self) -> bytes | None:
        """The request's body; None when it was refused, and the connection with it."""
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdigit()):
            self.send_error(400, "a Content-Length is needed")
            return None
        if len(length) > MOST_DIGITS or int(length) > LARGEST_BODY:
            self.send_error(413, "the body is too large")
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
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
        if answer.location:
            lines.append(f"Location: {answer.location}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _wait(self, seconds: float) -> None:
        """Wait, but neither beyond the server's end nor for a client that has gone."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.wait(min(POLL_SECONDS, seconds)):
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
