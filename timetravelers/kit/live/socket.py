"""The base of every socket: refuse before accept, read typed frames in an own loop, and know when to close.

No thread is visited for a frame and no task belongs to a socket but the server's own.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from timetravelers.kit.api.problems import as_domain_error, problem
from timetravelers.kit.errors import DomainError, Unavailable
from timetravelers.kit.limits import LocalWindow
from timetravelers.kit.live.codes import SUBPROTOCOL, Close
from timetravelers.kit.live.frames import encode, frame_id
from timetravelers.kit.live.outbox import Outbox, Send
from timetravelers.kit.observability import begin_context

log = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Refused(Exception):
    """The socket is not let in."""


class Closing(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code)
        self.code = code


class Restarting(Unavailable):
    """This process is about to end; another one takes over. `retry_after_ms` says when to come back."""

    code = "server_restarting"
    title = "The server is restarting"


class LiveSocket:
    """Subclasses implement `admit`, `receive_text`, `drained` and `leave`.

    Frames of one socket are handled one after another; none may do long work.
    """

    idle_seconds: ClassVar[float] = 0.0

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self.open = False
        self.heard_at = time.monotonic()
        self.outbox = Outbox(send, self._caught_up)
        self._is_slow = False
        self._max_bytes: int = settings.LIVE_MAX_FRAME_BYTES
        self._receive = receive
        self._send = send
        self._frames = LocalWindow(limit=settings.LIVE_FRAMES_PER_MINUTE)

    async def admit(self) -> None:
        """Check who is calling and what for; raises Refused."""
        raise Refused

    def admitted(self) -> None:
        """The handshake is over; may not wait."""

    async def receive_text(self, text: str) -> None:
        """Handle one frame; a DomainError is sent back as an `error` frame."""

    def drained(self) -> None:
        """A phone that read too slowly has read everything; may not wait."""

    def leave(self) -> None:
        """Undo what `admitted` did; called once, however the socket ends."""

    # The connection's life ----------------------------------------------------------------------------

    @classmethod
    def as_asgi(cls) -> Any:
        """The ASGI application: a socket for each connection."""

        async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            await cls(scope, receive, send).serve()

        return application

    async def serve(self) -> None:
        """Serve the connection; whatever ends it, what `admitted` did is undone and nothing of it goes on."""
        await self._receive()
        begin_context(self.header("x-request-id"))
        if not await self._let_in():
            return
        try:
            self.admitted()
            await self._listen()
        finally:
            self.open = False
            self.leave()
            self.outbox.abandon()

    async def _let_in(self) -> bool:
        try:
            self._check_origin()
            self._check_subprotocol()
            await self.admit()
        except Refused:
            await self._send({"type": "websocket.close", "code": int(Close.UNAUTHORIZED)})
            return False
        await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        self.open = True
        return True

    async def _listen(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            if not self.open:
                continue
            self.heard_at = time.monotonic()
            text = message.get("text")
            try:
                self._check_frame(text)
                await self._answer(text or "")
            except Closing as closing:
                self.close(closing.code)
            if self.outbox.is_full:
                # Who sends without reading is not read from either.
                await self.outbox.emptied()

    def close(self, code: Close) -> None:
        """Close the socket and say why; what was not sent by now never is."""
        if self.open:
            self.open = False
            log.info("socket_closed", code=int(code))
            self._hand(self.outbox.put_last, {"type": "websocket.close", "code": int(code)})

    def send_away(self, retry_after_ms: int) -> None:
        """Say when to come back, and close."""
        self.send_problem(Restarting(extra={"retry_after_ms": retry_after_ms}))
        self.close(Close.RESTART)

    def check_idle(self) -> None:
        """Close the socket if nothing was heard of its phone for too long."""
        if self.idle_seconds and time.monotonic() - self.heard_at > self.idle_seconds:
            self.close(Close.IDLE)

    # Frames -------------------------------------------------------------------------------------------

    async def _answer(self, text: str) -> None:
        try:
            await self.receive_text(text)
        except Closing:
            raise
        except Exception as exc:  # noqa: BLE001 - whatever it was, the phone gets a problem and keeps its socket
            self.send_error(exc, reply_to=frame_id(text))

    def send_text(self, text: str) -> None:
        """One frame to the phone, unless the socket is closed by now; never waits."""
        if self.open:
            self._hand(self.outbox.put, {"type": "websocket.send", "text": text})
            if self.outbox.is_full and not self._is_slow:
                # From now on it only hears later that there is more.
                self._is_slow = True
                log.info("socket_is_slow")

    def _caught_up(self) -> None:
        self._is_slow = False
        self.drained()

    def _hand(self, put: Callable[[dict[str, Any]], None], message: dict[str, Any]) -> None:
        try:
            put(message)
        except (OSError, RuntimeError):
            # The phone has gone, or is closing; the word of its disconnect is on its way to us.
            self.open = False

    def send_error(self, error: Exception, *, reply_to: str | None) -> None:
        """The same problem object as over REST."""
        self.send_problem(as_domain_error(error), reply_to=reply_to)

    def send_problem(self, error: DomainError, *, reply_to: str | None = None) -> None:
        """The same for what is a domain error already."""
        self.send_text(encode("error", problem(error, instance=self.scope["path"]), reply_to=reply_to))

    def _check_frame(self, text: str | None) -> None:
        most = self._max_bytes
        if text is None or (len(text) * 4 > most and len(text.encode()) > most):
            raise Closing(Close.TOO_LARGE)
        if self._frames.wait("frames") > 0:
            raise Closing(Close.TOO_FAST)

    # Who ----------------------------------------------------------------------------------------------

    def header(self, name: str) -> str | None:
        """A request header of the handshake."""
        wanted = name.encode()
        return next((value.decode("latin1") for key, value in self.scope["headers"] if key == wanted), None)

    def _check_origin(self) -> None:
        """Browsers say where a page is from, phones do not; a foreign page may not use its visitor's rights."""
        origin = self.header("origin")
        if origin is not None and _base(origin) not in {_base(trusted) for trusted in settings.TRUSTED_ORIGINS}:
            raise Refused

    def _check_subprotocol(self) -> None:
        if SUBPROTOCOL not in self.scope.get("subprotocols", []):
            raise Refused


def _base(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
