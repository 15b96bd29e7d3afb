"""Fetching files by signed addresses: on the event loop, so that a slow reader holds no thread and no connection."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson
from django.utils.http import content_disposition_header

from consciousness.errors import FileLinkExpired, FileNotFound
from consciousness.file_links import PATH, Variant, variant_of
from consciousness.file_store import clean_name, file_storage, thumbnail_name
from consciousness.vetting.layout import THUMBNAIL_TYPE
from timetravelers.kit.api.problems import CONTENT_TYPE, MethodNotAllowed, as_domain_error, error_headers, problem
from timetravelers.kit.errors import RateLimited, Unavailable
from timetravelers.kit.live.database import fetch
from timetravelers.kit.observability import REQUEST_ID_HEADER, begin_context

ROUTE = re.compile(rf"^{PATH}(?P<uid>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})/$")
_FILE = "SELECT user_id, key, name, media_type, sha256 FROM consciousness_file WHERE uid = %s AND state = 'ready'"
RANGE = re.compile(r"^bytes=(\d{0,12})-(\d{0,12})$")
PIECE = 256 * 1024
# So many are fetched from one process at a time, and so many of them of one person's files.
MOST_AT_ONCE = 200
MOST_OF_ONE = 12
# Who takes longer to read a piece is not reading.
PIECE_SECONDS = 60.0
# Whatever a browser is made to think of the file, it runs nothing out of it, and keeps nothing.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Accept-Ranges": "bytes",
}

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

# Whose files are being fetched; nobody's until that has been looked up.
_under_way: dict[object, int | None] = {}


@dataclass(frozen=True, slots=True)
class _Stored:
    """What has to be known of a file to send it."""

    owner: int
    key: str
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is sent: the bytes of a file from `start` on, up to `stop`."""

    body: IO[bytes]
    size: int
    start: int
    stop: int
    headers: dict[str, str]

    @property
    def is_whole(self) -> bool:
        return (self.start, self.stop) == (0, self.size)


def is_download(path: str) -> bool:
    """Whether a path is this route's."""
    return ROUTE.match(path) is not None


async def application(scope: Scope, _receive: Receive, send: Send) -> None:
    """`GET /files/{uid}/?sig=...`, whole or a range of it; nobody has to sign in, the address says enough."""
    asked = {key.decode("latin1"): value.decode("latin1") for key, value in scope["headers"]}
    request_id = begin_context(asked.get(REQUEST_ID_HEADER.lower()))
    own = {**HEADERS, REQUEST_ID_HEADER: request_id}
    token = object()
    _under_way[token] = None
    try:
        piece = await _open(scope, asked, token)
    except asyncio.CancelledError:
        raise
    except Exception as exc:  # noqa: BLE001 - as everywhere, whatever it was becomes a problem
        await _refuse(scope, send, own, exc)
    else:
        with piece.body, suppress(TimeoutError):
            await _answer(scope["method"], piece, own, send)
    finally:
        del _under_way[token]


async def _open(scope: Scope, asked: dict[str, str], token: object) -> _Piece:
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed
    if len(_under_way) > MOST_AT_ONCE:
        raise Unavailable(retry_after=5)
    match = ROUTE.match(scope["path"])
    uid = UUID(match["uid"]) if match else UUID(int=0)
    variant = variant_of(uid, parse_qs(scope["query_string"].decode("latin1")).get("sig", [""])[0])
    rows = await fetch(_FILE, (uid,))
    if not rows:
        raise FileNotFound
    file = _Stored(*rows[0])
    if sum(owner == file.owner for owner in _under_way.values()) >= MOST_OF_ONE:
        raise RateLimited(retry_after=5)
    _under_way[token] = file.owner
    return await asyncio.to_thread(_piece, file, variant, asked)


def _piece(file: _Stored, variant: Variant, asked: dict[str, str]) -> _Piece:
    """Opening may mean fetching from a bucket: not for the event loop."""
    is_small = variant is Variant.THUMBNAIL
    name = thumbnail_name(file.key) if is_small else clean_name(file.key)
    try:
        body = file_storage().open(name)
    except FileNotFoundError:
        raise FileLinkExpired from None
    tag = f'"{file.sha256}{"-small" if is_small else ""}"'
    start, stop = _range(asked, tag, body.size)
    body.seek(start)
    called = "thumbnail.webp" if is_small else file.name
    headers = {
        "Content-Type": THUMBNAIL_TYPE if is_small else _type_of(file),
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=called) or "",
        "ETag": tag,
    }
    return _Piece(body, body.size, start, stop, headers)


def _type_of(file: _Stored) -> str:
    return f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type


def _range(asked: dict[str, str], tag: str, size: int) -> tuple[int, int]:
    """The one range that was asked for, if it makes sense; otherwise all of it."""
    wanted = RANGE.match(asked.get("range", ""))
    if wanted is None or asked.get("if-range", tag) != tag or not any(wanted.groups()):
        return 0, size
    first, last = wanted.groups()
    if not first:
        return max(0, size - int(last)), size
    start, stop = int(first), min(size, int(last) + 1 if last else size)
    return (start, stop) if start < stop else (0, size)


async def _answer(method: str, piece: _Piece, own: dict[str, str], send: Send) -> None:
    """Raises TimeoutError, in the middle of the answer, if nobody reads it: the server then hangs up."""
    headers = {**own, **piece.headers, "Content-Length": str(piece.stop - piece.start)}
    status = HTTPStatus.OK
    if not piece.is_whole:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {piece.start}-{piece.stop - 1}/{piece.size}"
    await _begin(send, status, headers)
    left = 0 if method == "HEAD" else piece.stop - piece.start
    while left > 0 and (body := await asyncio.to_thread(piece.body.read, min(PIECE, left))):
        left -= len(body)
        async with asyncio.timeout(PIECE_SECONDS):
            await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, send: Send, own: dict[str, str], exc: Exception) -> None:
    error = as_domain_error(exc)
    body = orjson.dumps(problem(error, instance=scope["path"]))
    headers = {**own, "Content-Type": CONTENT_TYPE, **error_headers(error), "Content-Length": str(len(body))}
    await _begin(send, error.status, headers)
    await send({"type": "http.response.body", "body": body})


async def _begin(send: Send, status: int, headers: dict[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode("latin1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": pairs})
