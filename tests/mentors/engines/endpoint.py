"""A chat completions endpoint on this machine: a real HTTP server that answers as a test tells it to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from tests.http_servers import running


@dataclass
class Script:
    """One answer: a status, headers, and chunks that are sent with pauses; `hang_up` cuts the connection."""

    chunks: list[bytes]
    status: int = 200
    content_type: str = "text/event-stream"
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    hang_up: bool = False


@dataclass
class ChatEndpoint:
    """Answers with the next of its scripts, and with the last one from then on."""

    url: str = ""
    scripts: list[Script] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    cut_off: Event = field(default_factory=Event)

    def next(self) -> Script:
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]


def piece(text: str, finish: str | None = None) -> bytes:
    """One event of a stream."""
    frame = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return f"data: {json.dumps(frame)}\n\n".encode()


def stream(*texts: str, **facts: Any) -> Script:
    """A whole answer in pieces."""
    return Script([*(piece(text) for text in texts), piece("", "stop"), b"data: [DONE]\n\n"], **facts)


def whole(text: str) -> Script:
    """The same from an endpoint that does not stream."""
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]})
    return Script([body.encode()], content_type="application/json")


def refusing(status: int, code: str = "", **headers: str) -> Script:
    """A refusal as endpoints give it."""
    body = json.dumps({"error": {"message": "Something with a secret in it", "type": "x", "code": code}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Script([body.encode()], status=status, content_type="application/json", headers=named)


@contextmanager
def serving(*scripts: Script) -> Iterator[ChatEndpoint]:
    """The endpoint on a free port; gone, with all its threads, at the end."""
    endpoint = ChatEndpoint(scripts=list(scripts))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            endpoint.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            endpoint.headers.append(dict(self.headers))
            endpoint.paths.append(self.path)
            script = endpoint.next()
            self.send_response(script.status)
            self.send_header("Content-Type", script.content_type)
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self._send(script)

        def _send(self, script: Script) -> None:
            try:
                for chunk in script.chunks:
                    self.wfile.write(chunk)
                    self.wfile.flush()
                    time.sleep(script.pause)
            except OSError:
                endpoint.cut_off.set()
            if script.hang_up:
                self.connection.close()

    with running(Handler) as base_url:
        endpoint.url = f"{base_url}/v1"
        yield endpoint
