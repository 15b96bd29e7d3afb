"""A callback receiver that keeps what it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec

from tests.http_servers import running


@dataclass(frozen=True)
class Letter:
    """One delivery as it arrived."""

    body: bytes
    signature: str | None
    timestamp: str | None

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found


@dataclass
class Inbox:
    """`status` is what deliveries are answered with."""

    url: str = ""
    status: int = 200
    letters: list[Letter] = field(default_factory=list)

    def of_type(self, event_type: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.fields["event_type"] == event_type]


@contextmanager
def receiving(status: int = 200) -> Iterator[Inbox]:
    """A receiver on a free port of this machine."""
    inbox = Inbox(status=status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = self.headers
            inbox.letters.append(Letter(body, headers["X-Webhook-Signature"], headers["X-Webhook-Timestamp"]))
            self.send_response(inbox.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with running(Handler) as base_url:
        inbox.url = f"{base_url}/hooks/manus/?account=1"
        yield inbox
