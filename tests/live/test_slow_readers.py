"""A phone that stops reading, over real TCP: it holds up nobody, and misses nothing when it reads again."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from demo.line import SUBPROTOCOL
from demo.phone import Phone
from tests.live.stack import Stack, eventually
from tests.live.talk import open_line

# Far more than the kernel, the server and the outbox hold together.
MANY = 1_000
LARGE = 30_000

GROW = """
    WITH grown AS (UPDATE consciousness_session SET last_seq = last_seq + %s WHERE uid = %s RETURNING id, last_seq)
    INSERT INTO consciousness_sessionevent (session_id, seq, type, data, created_at)
    SELECT id, last_seq - %s + number, 'test.large', jsonb_build_object('text', repeat('x', %s)), now()
      FROM grown, generate_series(1, %s) number
"""


class Stubborn:
    """A phone on a bare TCP connection with hardly any room, that reads only when it is told to."""

    def __init__(self, phone: Phone, session: str) -> None:
        host, _, port = phone.base_url.removeprefix("http://").partition(":")
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.tcp.settimeout(20)
        self.tcp.connect((host, int(port)))
        address = parse_uri(f"ws://{host}:{port}/ws/v1/sessions/{session}/")
        self.protocol = ClientProtocol(address, subprotocols=[SUBPROTOCOL], max_size=None)
        request = self.protocol.connect()
        request.headers["Authorization"] = f"Bearer {phone.access_token}"
        self.protocol.send_request(request)
        self._send()
        self._read_some()

    def say(self, kind: str, data: dict[str, Any]) -> None:
        self.protocol.send_text(json.dumps({"type": kind, "id": "f", "data": data}).encode())
        self._send()

    def frames(self) -> Iterator[dict[str, Any]]:
        """What there is to read, read now."""
        while True:
            for event in self.protocol.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    yield json.loads(bytes(event.data))
            self._read_some()

    def _read_some(self) -> None:
        self.protocol.receive_data(self.tcp.recv(65_536))
        self._send()

    def _send(self) -> None:
        for data in self.protocol.data_to_send():
            self.tcp.sendall(data)


@contextmanager
def stubborn(phone: Phone, session: str) -> Iterator[Stubborn]:
    """Resumed, and not reading from then on."""
    opened = Stubborn(phone, session)
    try:
        opened.say("session.resume", {"after_seq": 0})
        yield opened
    finally:
        opened.tcp.close()


def slow_sockets(stack: Stack) -> int:
    """How often the house has noticed that a phone does not read."""
    return stack.house.log.read_text().count("socket_is_slow")


def test_a_reader_that_stops_holds_up_nobody_and_misses_nothing(stack: Stack, phone: Phone, session: str) -> None:
    before = slow_sockets(stack)
    with stubborn(phone, session) as slow, open_line(phone, session) as quick:
        stack.sql(GROW, MANY, session, MANY, LARGE, MANY)
        quick.wait_for("test.large", seconds=30, where=lambda _: quick.seq >= MANY)
        eventually(lambda: slow_sockets(stack) > before, "word of the slow phone")
        took = [_answered_in(quick) for _ in range(20)]
        assert sorted(took)[len(took) // 2] < 0.5, "whoever reads is answered as if the other were not there"
        assert [event["seq"] for event in quick.heard] == list(range(1, MANY + 1))
        numbers: list[int] = []
        for frame in slow.frames():
            numbers += [frame["seq"]] if "seq" in frame else []
            if numbers and numbers[-1] == MANY:
                break
        assert numbers == list(range(1, MANY + 1))
        slow.say("ping", {})
        assert next(frame for frame in slow.frames() if "seq" not in frame)["type"] == "pong"


def _answered_in(line: Any) -> float:
    began = time.monotonic()
    line.ask("ping", {})
    return time.monotonic() - began
