"""A whole HTTP server that answers by a function of the test's, and keeps what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.http_servers import running
from tests.mentors.manus.contract import SentRequest

Reply = Callable[[SentRequest], tuple[int, Any]]


@dataclass
class Scripted:
    """`requests` in the order in which they came."""

    url: str = ""
    requests: list[SentRequest] = field(default_factory=list)

    def to(self, endpoint: str) -> list[SentRequest]:
        return [one for one in self.requests if one.endpoint == endpoint]


@contextmanager
def scripted(reply: Reply) -> Iterator[Scripted]:
    """Answer each request with the status and the JSON (or bytes) that `reply` returns."""
    server = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            request = SentRequest(self.command, self.path, dict(self.headers.items()), body)
            server.requests.append(request)
            status, content = reply(request)
            payload = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 (the base class names them)

    with running(Handler) as server.url:
        yield server


def ok(**fields: Any) -> tuple[int, dict[str, Any]]:
    """A success with these fields."""
    return 200, {"ok": True, "request_id": "r1", **fields}


def refused(status: int, code: str) -> tuple[int, dict[str, Any]]:
    """A refusal."""
    return status, {"ok": False, "request_id": "r1", "error": {"code": code, "message": "words of the provider's"}}
