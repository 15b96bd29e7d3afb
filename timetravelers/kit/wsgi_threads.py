"""HTTP behind the ASGI front: Django's WSGI handler in fixed threads, one hop there and one hop back.

A request's body is read before a thread is taken, so that slow phones hold memory and no thread, and an
answer that is not a stream crosses back as a whole. Both are why this is not `a2wsgi`, which hops for each
message and whose threads wait for each piece of a body.
"""

import asyncio
import contextvars
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Work = Callable[[], list[Message]]
Done = asyncio.Future[list[Message]]


class WsgiThreads:
    """An ASGI application for `http` scopes around Django's WSGI handler.

    At most `threads` requests are worked on at once; more wait. Of a body that is longer than `max_body`
    bytes the handler sees one byte more than that, and it is for the handler to refuse it. `larger` names
    the routes (method, and path with `{uid}` for any) with limits of their own; what is more than `max_body` there
    waits on disk.
    """

    def __init__(
        self,
        application: WsgiApplication,
        *,
        threads: int,
        max_body: int,
        larger: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self._application = application
        self._max_body = max_body
        self._larger = _by_method(larger or {})
        self._jobs: SimpleQueue[tuple[Work, Done]] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"http-{n}", daemon=True) for n in range(threads)]
        self._is_working = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self._limit_of_its_own(scope["method"], scope["path"])
        if most is None:
            body = await read_body(receive, self._max_body)
            if body is not None:
                await self._exchange(environ_of(scope, BytesIO(body), len(body)), send)
            return
        with SpooledTemporaryFile(max_size=self._max_body) as file:
            length = await spool_body(receive, file, most)
            if length is not None:
                await self._exchange(environ_of(scope, file, length), send)

    def _limit_of_its_own(self, method: str, path: str) -> int | None:
        return next((most for route, most in self._larger.get(method, ()) if route.fullmatch(path)), None)

    async def _exchange(self, environ: Environ, send: Send) -> None:
        loop = asyncio.get_running_loop()
        exchange = _Exchange(self._application, environ, send, loop)
        run = contextvars.copy_context().run
        for message in await self._in_a_thread(partial(run, exchange.answer), loop.create_future()):
            await send(message)

    def _in_a_thread(self, work: Work, done: Done) -> Done:
        if not self._is_working:
            self._is_working = True
            for thread in self._threads:
                thread.start()
        self._jobs.put((work, done))
        return done

    def _work(self) -> None:
        while True:
            _do(*self._jobs.get())


def _by_method(larger: Mapping[tuple[str, str], int]) -> dict[str, list[tuple[re.Pattern[str], int]]]:
    """The routes with limits of their own; most methods have none, and pay nothing."""
    found: dict[str, list[tuple[re.Pattern[str], int]]] = {}
    for (method, path), most in larger.items():
        found.setdefault(method, []).append((re.compile(re.escape(path).replace(r"\{uid\}", "[0-9a-f-]{36}")), most))
    return found


def _do(work: Work, done: Done) -> None:
    outcome: list[Message] | BaseException
    try:
        outcome = work()
    except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
        outcome = error
    with suppress(RuntimeError):  # the loop has closed: nobody waits any more
        done.get_loop().call_soon_threadsafe(_settle, done, outcome)


def _settle(done: Done, outcome: list[Message] | BaseException) -> None:
    if done.done():  # cancelled
        return
    if isinstance(outcome, BaseException):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)


@dataclass(slots=True)
class _Exchange:
    """One request on its way through the handler, in a thread."""

    application: WsgiApplication
    environ: Environ
    send: Send
    loop: asyncio.AbstractEventLoop

    def answer(self) -> list[Message]:
        """Run the handler and return what is still to be sent; the pieces of a stream go out from here."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        chunks: Any = self.application(self.environ, start_response)
        with closing(chunks):
            if not chunks.streaming:
                return [start, {"type": "http.response.body", "body": b"".join(chunks)}]
            self._send_now(start)
            for chunk in chunks:
                self._send_now({"type": "http.response.body", "body": chunk, "more_body": True})
        return [{"type": "http.response.body", "body": b""}]

    def _send_now(self, message: Message) -> None:
        """Send from the thread and wait until the server has room for more."""

        async def sending() -> None:
            await self.send(message)

        asyncio.run_coroutine_threadsafe(sending(), self.loop).result()


async def read_body(receive: Receive, most: int) -> bytes | None:
    """The request's body, of a longer one the first `most` + 1 bytes; None if the caller has gone."""
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body[: most + 1])


async def spool_body(receive: Receive, file: IO[bytes], most: int) -> int | None:
    """Write what `read_body` would return to a file, rewind it and return its length; None if the caller has gone."""
    left = most + 1
    while left > 0:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        left -= file.write(message.get("body", b"")[:left])
        if not message.get("more_body", False):
            break
    file.seek(0)
    return most + 1 - left


def environ_of(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The WSGI environment of a request (PEP 3333), with so many bytes of body."""
    root = _as_wsgi(scope.get("root_path", ""))
    server_name, server_port = scope.get("server") or ("localhost", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": _as_wsgi(scope["path"]).removeprefix(root),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    _add_headers(environ, scope["headers"])
    if length:
        environ.setdefault("CONTENT_LENGTH", str(length))  # a chunked body names none
    return environ


def _as_wsgi(path: str) -> str:
    """Text as WSGI wants it: UTF-8 bytes that pretend to be Latin-1."""
    return path if path.isascii() else path.encode("utf-8").decode("latin-1")


def _add_headers(environ: Environ, headers: Sequence[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        key = _environ_key(name)
        if key is None:
            continue
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text


@lru_cache(maxsize=512)
def _environ_key(name: bytes) -> str | None:
    """The key of a header; none for one with an underscore, which could pass for another (X_Forwarded_For)."""
    if b"_" in name:
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{key}"
