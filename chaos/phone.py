"""A phone in a thunderstorm: hears each event once and in order, and says everything until it is acknowledged."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from chaos.http import Door, ask

Frame = dict[str, Any]

SUBPROTOCOL = Subprotocol("timetravelers.v1")
ANSWER_SECONDS = 10.0
POLL_SECONDS = 2
# What passes, as the house's own trouble does; everything else that is refused is a defect.
PASSING = frozenset({"queue_full", "session_busy", "rate_limited"})
ENDINGS = {"turn.failed", "turn.cancelled", "turn.waiting"}
TROUBLE = (OSError, WebSocketException, asyncio.IncompleteReadError)


class Broken(Exception):
    """The house broke its word; says how."""


class Wronged(Exception):
    """A command was refused, by this code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A session, the token that opens it, and the doors it can be reached by."""

    session: str
    token: str
    doors: tuple[Door, ...]


@dataclass(slots=True)
class Phone:
    """One device. `live` has to run for as long as it is switched on; raises Broken."""

    place: Place
    random: Random
    polls: bool
    tally: Counter[str]
    heard: list[Frame] = field(default_factory=list)
    turns: dict[str, bool] = field(default_factory=dict)  # whether each has ended
    failed: list[str] = field(default_factory=list)
    _socket: ClientConnection | None = None
    _answers: dict[str, asyncio.Future[Frame]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0

    # Listening ----------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Connect, listen, lose the connection, and come back."""
        while True:
            with suppress(*TROUBLE):
                await (self._poll() if self.polls else self._visit())
            self.tally["reconnects"] += not self.polls
            await asyncio.sleep(self.random.uniform(0.02, 0.4))

    async def _visit(self) -> None:
        host, port = self.random.choice(self.place.doors)
        door = connect(
            f"ws://{host}:{port}/ws/v1/sessions/{self.place.session}/",
            additional_headers={"Authorization": f"Bearer {self.place.token}"},
            subprotocols=[SUBPROTOCOL],
            compression=None,
            proxy=None,
            close_timeout=1,
        )
        async with door as socket:
            await socket.send(_frame("session.resume", "resume", {"after_seq": len(self.heard)}))
            self._socket = socket
            try:
                async for text in socket:
                    if self._socket is not socket:
                        return  # dropped: what still comes out of its buffers is not heard
                    self._take(json.loads(text))
            finally:
                self._socket = None
                self._hang_up()

    async def _poll(self) -> None:
        after = len(self.heard)
        path = f"/api/v1/sessions/{self.place.session}/events/?after={after}&wait={POLL_SECONDS}"
        answer = await ask(self.random.choice(self.place.doors), "GET", path, token=self.place.token)
        self.tally["polls"] += 1
        # Anything else passes; and if the app was installed anew meanwhile, this is not for it.
        if answer.status == 200 and after == len(self.heard):
            for event in answer.body["events"]:
                self._hear(event)

    def _take(self, frame: Frame) -> None:
        if "seq" in frame:
            self._hear(frame)
        answered = self._answers.pop(frame.get("reply_to", ""), None)
        if answered is not None and not answered.done():
            answered.set_result(frame)

    def _hear(self, event: Frame) -> None:
        if event["seq"] != len(self.heard) + 1:
            raise Broken(f"event {event['seq']} ({event['type']}) came after event {len(self.heard)}")
        self.heard.append(event)
        self._note_turn(event["type"], event["data"])
        self._news.set()

    def _note_turn(self, kind: str, data: Frame) -> None:
        if kind == "turn.completed":
            self.tally["replies heard"] += 1
            self.turns[data["turn"]] = data["final"]
        elif kind in ENDINGS:
            self.turns[data["turn"]] = True
            if kind == "turn.failed" and data["retryable"]:
                self.failed.append(data["turn"])
        elif kind == "turn.queued":
            self.turns[data["turn"]] = False
        elif kind == "message.created" and data["message"]["author"] == "user":
            self.turns.setdefault(data["message"]["turn"], False)

    async def until(self, check: Any) -> None:
        """Wait until `check()` holds of what was heard."""
        while not check():
            self._news.clear()
            await self._news.wait()

    def all_ended(self) -> bool:
        """Whether every turn is over, as far as was heard."""
        return all(self.turns.values())

    # Mishaps ------------------------------------------------------------------------------------------

    def drop(self) -> None:
        """Lose the connection without a word."""
        self.tally["drops"] += 1
        self._cut()

    def move(self) -> None:
        """Go on over the other transport."""
        self.tally["moves"] += 1
        self.polls = not self.polls
        self._cut()

    def forget(self) -> list[Frame]:
        """Start anew with nothing; returns what had been heard."""
        self.tally["forgets"] += 1
        before, self.heard, self.turns, self.failed = self.heard, [], {}, []
        self._cut()
        return before

    def _cut(self) -> None:
        if self._socket is not None:
            self._socket.transport.abort()
            self._socket = None

    # Saying -------------------------------------------------------------------------------------------

    async def say(self, client_id: str, text: str) -> Frame:
        """Until it is acknowledged, over whatever there is."""
        said = {"client_id": client_id, "text": text}
        return await self._insist("message.send", said, f"/sessions/{self.place.session}/messages/", said)

    async def edit(self, turn: str, client_id: str, text: str) -> Frame:
        """The same in place of what was said in a turn."""
        said = {"client_id": client_id, "text": text}
        path = f"/sessions/{self.place.session}/turns/{turn}/edit/"
        return await self._insist("message.edit", {"turn": turn, **said}, path, said)

    async def turn(self, kind: str, turn: str, **more: str) -> None:
        """`cancel`, `retry` or `regenerate`; raises Wronged if the turn is past that."""
        path = f"/sessions/{self.place.session}/turns/{turn}/{kind}/"
        await self._insist(f"turn.{kind}", {"turn": turn, **more}, path, more or None)

    async def _insist(self, kind: str, data: Frame, path: str, body: Any) -> Frame:
        while True:
            try:
                answer = await (self._command(kind, data) if self._socket is not None else self._post(path, body))
            except TROUBLE:
                answer = None
            if answer is not None:
                return answer
            self.tally["said again"] += 1
            await asyncio.sleep(self.random.uniform(0.1, 0.6))

    async def _command(self, kind: str, data: Frame) -> Frame | None:
        self._sent += 1
        name = f"f-{self._sent}"
        future = self._answers[name] = asyncio.get_running_loop().create_future()
        if self._socket is None:
            return None
        await self._socket.send(_frame(kind, name, data))
        async with asyncio.timeout(ANSWER_SECONDS):
            answer: Frame = await future
        return _accepted(answer["data"], is_problem=answer["type"] == "error")

    async def _post(self, path: str, body: Any) -> Frame | None:
        key = f"{self.random.getrandbits(64):x}"
        door = self.random.choice(self.place.doors)
        answer = await ask(door, "POST", f"/api/v1{path}", body=body, token=self.place.token, key=key)
        return _accepted(answer.body, is_problem=answer.status >= 400)

    def _hang_up(self) -> None:
        for future in self._answers.values():
            if not future.done():
                future.set_exception(ConnectionError("the line is dead"))
                future.exception()
        self._answers.clear()


def _accepted(data: Frame, *, is_problem: bool) -> Frame | None:
    """The answer; None if it is worth another try. Raises Wronged."""
    if not is_problem:
        return data
    if data["code"] in PASSING or data["status"] >= 500:
        return None
    raise Wronged(data["code"])


def _frame(kind: str, name: str, data: Frame) -> str:
    return json.dumps({"type": kind, "id": name, "data": data})
