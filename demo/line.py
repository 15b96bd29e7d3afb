"""A phone's line to a session: the websocket, what it has heard so far, and how it comes back after a drop."""

import json
import socket
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from demo.phone import Failed, Phone

SUBPROTOCOL = Subprotocol("timetravelers.v1")
Frame = dict[str, Any]
Check = Callable[[Frame], bool]


class Line:
    """Hears every durable event once and in order, over as many sockets as that takes; raises Failed if not."""

    def __init__(self, phone: Phone, session: str) -> None:
        self.session = session
        self.heard: list[Frame] = []
        self._phone = phone
        self._socket: ClientConnection | None = None
        self._open = ExitStack()
        self._sent = 0

    @property
    def seq(self) -> int:
        """The number of the newest event heard."""
        return int(self.heard[-1]["seq"]) if self.heard else 0

    def open(self) -> Frame:
        """Connect with a fresh ticket and resume after what was heard; returns the data of `session.ready`."""
        ticket = self._phone.post(f"/sessions/{self.session}/tickets/")["ticket"]
        address = self._phone.base_url.replace("http", "ws", 1)
        opening = connect(
            f"{address}/ws/v1/sessions/{self.session}/?ticket={ticket}",
            subprotocols=[SUBPROTOCOL],
            compression=None,
            proxy=None,
        )
        try:
            self._socket = self._open.enter_context(opening)
        except (OSError, InvalidHandshake) as problem:
            raise Failed(f"the socket was not let in: {problem}") from problem
        if self._socket.subprotocol != SUBPROTOCOL:
            raise Failed("the server did not choose our subprotocol")
        data: Frame = self.ask("session.resume", {"after_seq": self.seq})["data"]
        return data

    def say(self, text: str, client_id: str) -> Frame:
        """Send a message and return what was acknowledged."""
        data: Frame = self.ask("message.send", {"client_id": client_id, "text": text})["data"]
        return data

    def ask(self, kind: str, data: Frame) -> Frame:
        """Send a command and return its answer; events that come before it are kept."""
        self._sent += 1
        frame_id = f"{kind}-{self._sent}"
        self._live().send(json.dumps({"type": kind, "id": frame_id, "data": data}))
        answer = self._read_until(lambda frame: frame.get("reply_to") == frame_id, seconds=15)
        if answer["type"] == "error":
            raise Failed(f"{kind} was refused: {answer['data'].get('code')}: {answer['data'].get('detail')}")
        return answer

    def wait_for(self, kind: str, *, seconds: float, where: Check = lambda _data: True) -> Frame:
        """The first durable event of this kind, heard already or still to come, whose data pass `where`."""
        return self.wait_for_any((kind,), seconds=seconds, where=where)

    def wait_for_any(self, kinds: Collection[str], *, seconds: float, where: Check = lambda _data: True) -> Frame:
        """The same for several kinds, whichever comes first."""

        def fits(frame: Frame) -> bool:
            return frame["type"] in kinds and "seq" in frame and where(frame["data"])

        kept = next((frame for frame in self.heard if fits(frame)), None)
        return kept or self._read_until(fits, seconds=seconds)

    def drop(self) -> None:
        """Lose the connection the way a phone in a tunnel does: without a word."""
        self._live().socket.shutdown(socket.SHUT_RDWR)
        self.hang_up()

    def hang_up(self) -> None:
        """Close properly; harmless when there is no connection."""
        self._socket = None
        self._open.close()

    def _live(self) -> ClientConnection:
        if self._socket is None:
            raise Failed("the line is not open")
        return self._socket

    def _read_until(self, fits: Callable[[Frame], bool], *, seconds: float) -> Frame:
        deadline = time.monotonic() + seconds
        while True:
            frame = self._read(deadline - time.monotonic())
            if fits(frame):
                return frame

    def _read(self, seconds: float) -> Frame:
        try:
            frame: Frame = json.loads(self._live().recv(timeout=max(seconds, 0.0)))
        except TimeoutError as problem:
            last = self.heard[-1]["type"] if self.heard else "nothing"
            raise Failed(f"what was expected did not come in time; the last event was {last}") from problem
        except ConnectionClosed as problem:
            raise Failed(f"the server closed the socket: {problem}") from problem
        if "seq" in frame:
            self._keep(frame)
        return frame

    def _keep(self, frame: Frame) -> None:
        if frame["seq"] != self.seq + 1:
            raise Failed(f"event {frame['seq']} came after event {self.seq}: something is missing or came twice")
        self.heard.append(frame)
