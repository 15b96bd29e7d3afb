"""HTTP behind the ASGI front: Django's WSGI handler in a fixed pool of threads, one hop there and one back.

A request's body is read before a thread is taken, so that slow phones hold memory and no thread, and an
answer that is not a stream crosses back as a whole. Both are why this is not `a2wsgi`, which hops for each
message and whose threads wait for each piece of a body.
"""

import asyncio
import contextvars
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import Any

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WsgiThreads:
    """An ASGI application for `http` scopes around Django's WSGI handler.

    At most `threads` requests are worked on at once; more wait. Of a body that is longer than `max_body`
    bytes the handler sees one byte more than that, and it is for the handler to refuse it.
    """

    def __init__(self, application: WsgiApplication, *, threads: int, max_body: int) -> None:
        self._application = application
        self._max_body = max_body
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, self._max_body)
        if body is None:
            return
        loop = asyncio.get_running_loop()

        def send_now(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send(message), loop).result()  # type: ignore[arg-type]

        run = contextvars.copy_context().run
        environ = environ_of(scope, body)
        for message in await loop.run_in_executor(self._pool, run, self._answer, environ, send_now):
            await send(message)

    def _answer(self, environ: Environ, send_now: Callable[[Message], None]) -> list[Message]:
        """In a thread: run the handler and return what is still to be sent; a stream goes out from here."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        answer = self._application(environ, start_response)
        try:
            if not getattr(answer, "streaming", False):
                return [start, {"type": "http.response.body", "body": b"".join(answer)}]
            send_now(start)
            for chunk in answer:
                send_now({"type": "http.response.body", "body": chunk, "more_body": True})
            return [{"type": "http.response.body", "body": b""}]
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


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


def environ_of(scope: Scope, body: bytes) -> Environ:
    """The WSGI environment of a request (PEP 3333)."""
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
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    _add_headers(environ, scope["headers"])
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))  # a chunked body names none
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
