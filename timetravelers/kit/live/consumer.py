"""The base of every socket: refuse before accept, decode typed frames, dispatch, and notice when to close."""

import asyncio
import time
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import urlsplit

import structlog
from channels.consumer import AsyncConsumer, get_handler_name
from channels.exceptions import StopConsumer
from django.conf import settings

from timetravelers.kit.api.problems import as_domain_error, problem
from timetravelers.kit.errors import DomainError
from timetravelers.kit.limits import LocalWindow
from timetravelers.kit.live.channels import let_go
from timetravelers.kit.live.codes import SUBPROTOCOL, Close
from timetravelers.kit.live.frames import encode, frame_id
from timetravelers.kit.observability import begin_context

log = structlog.get_logger(__name__)

PULSE_SECONDS = 2.0


class Refused(Exception):
    """The socket is not let in."""


class Closing(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code)
        self.code = code


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]  # channels ships no types
    """Subclasses implement `admit`, `receive_text`, `pulse` and, if they join a group, `doorbell`.

    Handlers of one socket run one after another; none may do long work. A pulse every PULSE_SECONDS lets the
    subclass make good lost doorbells and check that its person may still be here.
    """

    idle_seconds: ClassVar[float] = 0.0
    open: bool = False
    _admitted: bool = False
    _pulse: asyncio.Task[None] | None = None

    async def admit(self) -> None:
        """Check who is calling and what for; raises Refused."""
        raise Refused

    async def receive_text(self, text: str) -> None:
        """Handle one frame; a DomainError is sent back as an `error` frame."""

    async def pulse(self) -> None:
        """Called every PULSE_SECONDS while the socket is open; raises Closing."""

    async def check_papers(self) -> None:
        """Look past every cache whether the person may still be here; raises Closing."""

    async def papers(self, _message: dict[str, Any]) -> None:
        """Somebody's rights were taken back: not for the next pulse to find out."""
        try:
            await self.check_papers()
        except Closing as closing:
            await self.close(closing.code)

    async def leave(self) -> None:
        """Undo what `admit` did; called once, however the socket ends."""

    # The connection's life ----------------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket; whatever ends it, what `admit` did is undone and nothing of it goes on."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._end()
            await let_go(self.channel_layer, self.channel_name)

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own dispatch visits a thread for every message to close old connections; nothing here
        # holds one.
        await getattr(self, get_handler_name(message))(message)

    async def websocket_connect(self, _message: dict[str, Any]) -> None:
        begin_context(self.header("x-request-id"))
        self.frames = LocalWindow(limit=settings.LIVE_FRAMES_PER_MINUTE)
        self.heard_at = time.monotonic()
        try:
            self._check_origin()
            self._check_subprotocol()
            await self.admit()
            self._admitted = True
        except Refused:
            await self.send({"type": "websocket.close", "code": Close.UNAUTHORIZED})
            raise StopConsumer from None
        await self.send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        self.open = True
        self._pulse = asyncio.create_task(self._beat())

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if not self.open:
            return
        text = message.get("text")
        self.heard_at = time.monotonic()
        try:
            self._check_frame(text)
            await self._answer(text or "")
        except Closing as closing:
            await self.close(closing.code)

    async def websocket_disconnect(self, _message: dict[str, Any]) -> None:
        await self._end()
        raise StopConsumer

    async def close(self, code: Close) -> None:
        """Close the socket and say why."""
        if self.open:
            await self._end()
            log.info("socket_closed", code=int(code))
            with suppress(OSError):
                await self.send({"type": "websocket.close", "code": int(code)})

    async def _end(self) -> None:
        self.open = False
        if self._pulse is not None:
            self._pulse.cancel()
        if self._admitted:
            self._admitted = False
            await self.leave()

    # Frames -------------------------------------------------------------------------------------------

    async def _answer(self, text: str) -> None:
        try:
            await self.receive_text(text)
        except Closing:
            raise
        except Exception as exc:  # noqa: BLE001 - whatever it was, the phone gets a problem and keeps its socket
            await self.send_error(as_domain_error(exc), reply_to=frame_id(text))

    async def send_text(self, text: str) -> None:
        """One frame to the phone, unless the socket is closed by now."""
        if self.open:
            try:
                await self.send({"type": "websocket.send", "text": text})
            except OSError:
                # The phone has gone; the word of its disconnect is on its way to us.
                self.open = False

    async def send_error(self, error: DomainError, *, reply_to: str | None) -> None:
        """The same problem object as over REST."""
        await self.send_text(encode("error", problem(error, instance=self.scope["path"]), reply_to=reply_to))

    def _check_frame(self, text: str | None) -> None:
        if text is None or len(text.encode()) > settings.LIVE_MAX_FRAME_BYTES:
            raise Closing(Close.TOO_LARGE)
        if self.frames.wait("frames") > 0:
            raise Closing(Close.TOO_FAST)

    # Who and when -------------------------------------------------------------------------------------

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

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            try:
                self._check_idle()
                await self.pulse()
            except Closing as closing:
                # Not from inside this task, which closing cancels.
                self._closer = asyncio.create_task(self.close(closing.code))
                return
            except Exception:
                log.warning("pulse_failed", exc_info=True)

    def _check_idle(self) -> None:
        if self.idle_seconds and time.monotonic() - self.heard_at > self.idle_seconds:
            raise Closing(Close.IDLE)


def _base(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
