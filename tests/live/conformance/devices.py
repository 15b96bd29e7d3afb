"""A device of a person's, over the socket or by polls: the little that the script asks of either."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import ClientConnection

from demo.phone import Phone
from demo.phone import Refused as PhoneRefused
from tests.live.conformance.written import assert_received, assert_sent
from tests.live.talk import raw_socket

Frame = dict[str, Any]
ENDINGS = ("turn.completed", "turn.failed", "turn.cancelled", "turn.waiting")
REPLY_SECONDS = 40.0
# Where a command is a request; what its path does not hold goes into its body.
PATHS = {
    "message.send": "messages/",
    "message.edit": "turns/{turn}/edit/",
    "turn.cancel": "turns/{turn}/cancel/",
    "turn.retry": "turns/{turn}/retry/",
    "turn.regenerate": "turns/{turn}/regenerate/",
    "branch.switch": "branches/",
    "reply.choose": "messages/{message}/choose/",
}
SAYINGS = ("message.send", "message.edit")


class Refused(Exception):
    """A command was answered with this problem."""

    def __init__(self, problem: Frame) -> None:
        super().__init__(problem["code"])
        self.status: int = problem["status"]
        self.code: str = problem["code"]


class Device(ABC):
    """Hears each event once and in order, from the event after `after` on."""

    def __init__(self, phone: Phone, session: str, after: int = 0) -> None:
        self.phone = phone
        self.session = session
        self.heard: list[Frame] = []
        self.seq = after

    @abstractmethod
    def do(self, kind: str, **data: Any) -> Frame:
        """Give a command; returns what was answered, raises Refused."""

    def say(self, text: str, client_id: str) -> Frame:
        """What was acknowledged; raises Refused."""
        return self.do("message.send", text=text, client_id=client_id)

    @abstractmethod
    def say_and_vanish(self, text: str, client_id: str) -> None:
        """Lose the connection before there can be an answer; then there is a new one."""

    @abstractmethod
    def hang_up(self) -> None:
        """For good."""

    @abstractmethod
    def _listen(self, seconds: float) -> None:
        """Hear something, at least one event unless the time is up."""

    def until(self, check: Callable[[Frame], bool], what: str, *, seconds: float = REPLY_SECONDS) -> Frame:
        """The first event heard, or still to come, that passes."""
        deadline = time.monotonic() + seconds
        looked_at = 0
        while True:
            for event in self.heard[looked_at:]:
                if check(event):
                    return event
            looked_at = len(self.heard)
            assert time.monotonic() < deadline, f"{what} did not come; heard {[one['type'] for one in self.heard]}"
            self._listen(deadline - time.monotonic())

    def until_seq(self, seq: int) -> None:
        """Everything up to this number."""
        if self.seq < seq:
            self.until(lambda event: event["seq"] == seq, f"event {seq}")

    def ending(self, turn: str) -> Frame:
        """The event that ended a turn."""
        return self.until(lambda event: event["type"] in ENDINGS and event["data"]["turn"] == turn, "an end")

    def _hear(self, event: Frame) -> None:
        assert_received(event)
        assert event["seq"] == self.seq + 1, f"event {event['seq']} came after event {self.seq}"
        self.seq = event["seq"]
        self.heard.append(event)


class SocketDevice(Device):
    """Over the socket."""

    def __init__(self, phone: Phone, session: str, after: int = 0) -> None:
        super().__init__(phone, session, after)
        self.asides: list[Frame] = []
        self._open = ExitStack()
        self._sent = 0
        self._socket = self._connected()

    def _connected(self) -> ClientConnection:
        self._socket = self._open.enter_context(raw_socket(self.phone, self.session))
        self.ready = self.ask("session.resume", {"after_seq": self.seq})
        self.seq = min(self.seq, self.ready["seq"])
        return self._socket

    def do(self, kind: str, **data: Any) -> Frame:
        return self.ask(kind, data)

    def ask(self, kind: str, data: Frame) -> Frame:
        """The data of the answer to a command; raises Refused."""
        name = self.tell(kind, data)
        while True:
            frame = self._receive(10.0)
            if frame.get("reply_to") == name:
                if frame["type"] == "error":
                    raise Refused(frame["data"])
                answer: Frame = frame["data"]
                return answer

    def tell(self, kind: str, data: Frame) -> str:
        """Send a command and wait for nothing; returns its id."""
        self._sent += 1
        frame = {"type": kind, "id": f"f-{self._sent}", "data": data}
        assert_sent(frame)
        self._socket.send(json.dumps(frame))
        return str(frame["id"])

    def say_and_vanish(self, text: str, client_id: str) -> None:
        self.tell("message.send", {"client_id": client_id, "text": text})
        self.hang_up()
        self._socket = self._connected()

    def hang_up(self) -> None:
        self._open.close()

    def _listen(self, seconds: float) -> None:
        try:
            self._receive(seconds)
        except TimeoutError:
            return

    def _receive(self, seconds: float) -> Frame:
        frame: Frame = json.loads(self._socket.recv(timeout=max(0.0, seconds)))
        if "seq" in frame:
            self._hear(frame)
        else:
            assert_received(frame)
            self.asides += [] if "reply_to" in frame else [frame]
        return frame


class PollDevice(Device):
    """By long polls and requests."""

    def __init__(self, phone: Phone, session: str, after: int = 0) -> None:
        super().__init__(phone, session, after)
        answer = phone.get(f"/sessions/{session}/events/", after=after)
        self.seq = int(answer["seq"]) - len(answer["events"])

    def do(self, kind: str, **data: Any) -> Frame:
        path = PATHS[kind].format(**data)
        body = {name: value for name, value in data.items() if f"{{{name}}}" not in PATHS[kind]}
        answer = self._post(path, body or None)
        if kind in SAYINGS:
            # The same acknowledgement as over the socket.
            assert_received({"type": "ack", "id": "a", "data": answer})
        return answer

    def say_and_vanish(self, text: str, client_id: str) -> None:
        self.say(text, client_id)

    def hang_up(self) -> None:
        """Nothing is held."""

    def _listen(self, seconds: float) -> None:
        wait = max(0, min(10, int(seconds)))
        answer = self.phone.get(f"/sessions/{self.session}/events/", after=self.seq, wait=wait)
        for event in answer["events"]:
            self._hear(event)
        assert answer["seq"] == self.seq

    def _post(self, path: str, body: Any) -> Frame:
        try:
            answer: Frame = self.phone.post(f"/sessions/{self.session}/{path}", body)
        except PhoneRefused as refused:
            raise Refused(refused.problem) from refused
        return answer
