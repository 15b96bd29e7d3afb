"""HTTP as far as a phone in a thunderstorm needs it: a connection a request, and no patience without end."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

Door = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; `body` is what its JSON says."""

    status: int
    body: Any


async def ask(
    door: Door, method: str, path: str, *, body: Any = None, token: str = "", key: str = "", seconds: float = 15.0
) -> Response:
    """One request; raises OSError (TimeoutError is one) if there was no whole answer."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(*door)
        try:
            content = b"" if body is None else json.dumps(body).encode()
            writer.write(_head(f"{method} {path}", door, len(content), token, key) + content)
            await writer.drain()
            return _parse(await reader.read())
        finally:
            writer.close()


def _head(asked: str, door: Door, length: int, token: str, key: str) -> bytes:
    headers = {
        "Host": f"{door[0]}:{door[1]}",
        "Connection": "close",
        "Content-Length": str(length),
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}" if token else "",
        "Idempotency-Key": key,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"{asked} HTTP/1.1\r\n{lines}\r\n".encode()


def _parse(answer: bytes) -> Response:
    head, separator, content = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if not separator or len(content) < int(headers.get("content-length", 0)):
        raise ConnectionError("the answer was cut off")
    if headers.get("transfer-encoding") == "chunked":
        content = _whole(content)
    try:
        return Response(int(first.split(" ")[1]), json.loads(content) if content else None)
    except (ValueError, IndexError) as problem:
        raise ConnectionError(f"this is no answer: {answer[:200]!r}") from problem


def _whole(chunks: bytes) -> bytes:
    found = b""
    while True:
        size, separator, rest = chunks.partition(b"\r\n")
        length = int(size, 16) if size else 0
        if not separator or len(rest) < length:
            raise ConnectionError("the answer was cut off")
        if not length:
            return found
        found += rest[:length]
        chunks = rest[length + 2 :]
