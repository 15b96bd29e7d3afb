"""Talk in a process of its own: pairs of sockets, one says, the other hears, as fast as both can.

Each pair keeps `window` messages on their way. A message counts when the other socket of its session has it;
what it took is the time from being handed to the sender's transport until then. The process obeys one JSON line
on its standard input after the other: {"kind": ..., "seconds": ..., "window": ...} runs a slice and is answered by a
line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import picows
import uvloop

PATIENCE = 20.0  # seconds
MARK = b'"b-'
REFUSED = b'"type":"error"'
RESUMED = b'"session.ready"'
WORDS = "I moved the meeting so that the team can rest. What would you have done?"


@dataclass(frozen=True, slots=True)
class Line:
    """Where one pair talks: addresses of the two sockets, and the headers that open them."""

    says: str
    hears: str
    token: str
    resumes: bool


@dataclass(slots=True)
class Tally:
    """What a slice came to."""

    heard: int = 0
    took: list[float] = field(default_factory=list)
    ends_at: float = 0.0
    refusal: str = ""
    pending: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    def said(self) -> None:
        """A message is on its way."""
        self.pending += 1
        self.settled.clear()

    def arrived(self) -> None:
        """A message was heard."""
        self.pending -= 1
        if not self.pending:
            self.settled.set()

    async def settle(self) -> None:
        """Wait until nothing is on its way; raises ConnectionError if something went astray."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.settled.wait()
        except TimeoutError:
            raise ConnectionError(f"{self.pending} messages went astray; {self.refusal}") from None


class Ear(picows.WSListener):
    """The other socket of the session: hears, and lets the next message go."""

    def __init__(self, mouth: "Mouth", tally: Tally) -> None:
        self.mouth, self.tally = mouth, tally
        self.ready = asyncio.get_running_loop().create_future()
        self.gone = False

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self.gone = True
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("hung up"))

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if not self.ready.done() and RESUMED in payload:
            self.ready.set_result(None)
        start = payload.find(MARK)
        if start >= 0 and b'"message.created"' in payload:
            start += len(MARK)
            self._heard(int(payload[start : payload.index(b'"', start)]))

    def _heard(self, sent_at: int) -> None:
        now = time.monotonic_ns()
        tally = self.tally
        if now / 1e9 <= tally.ends_at:
            tally.heard += 1
            tally.took.append((now - sent_at) / 1e9)
            self.mouth.say()
        tally.arrived()


class Mouth(picows.WSListener):
    """The socket that speaks; what it hears itself is not looked at."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.transport: picows.WSTransport | None = None
        self.last = 0
        self.gone = False

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self.transport = transport

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self.gone = True

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if REFUSED in payload and not self.tally.refusal:
            self.tally.refusal = payload.decode()

    def say(self) -> None:
        # Two messages of one socket never have the same id, however coarse the clock.
        self.last = max(time.monotonic_ns(), self.last + 1)
        words = f'{{"type":"message.send","id":"f","data":{{"client_id":"b-{self.last}","text":"{WORDS}"}}}}'
        if self.transport is not None:
            self.transport.send(picows.WSMsgType.TEXT, words.encode())
            self.tally.said()


@dataclass(slots=True)
class Talk:
    """The open pairs of one kind."""

    tally: Tally
    mouths: list[Mouth]
    ears: list[Ear]

    async def run(self, seconds: float, window: int) -> dict[str, float]:
        """One slice; raises ConnectionError if a socket was closed or a message went astray."""
        tally = self.tally
        tally.heard, tally.took = 0, []
        tally.ends_at = time.monotonic() + seconds
        for mouth in self.mouths:
            for _ in range(window):
                mouth.say()
        await asyncio.sleep(seconds)
        await tally.settle()
        if any(ear.gone or ear.mouth.gone for ear in self.ears):
            raise ConnectionError("a socket was closed in the middle of a slice")
        if not tally.took:
            raise ConnectionError("nothing was heard in time")
        return {"rate": tally.heard / seconds, **_quantiles(tally.took)}


def _quantiles(took: Sequence[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {name: ordered[min(len(ordered) - 1, int(len(ordered) * part))] for name, part in PARTS.items()}


PARTS = {"p50": 0.50, "p99": 0.99}


async def open_talk(lines: Sequence[Line]) -> Talk:
    """Every pair connected, and resumed where the server wants that."""
    tally = Tally()
    talk = Talk(tally, [], [])
    for line in lines:
        mouth = Mouth(tally)
        ear = Ear(mouth, tally)
        await _connect(line, line.says, mouth)
        transport = await _connect(line, line.hears, ear)
        if line.resumes:
            transport.send(picows.WSMsgType.TEXT, b'{"type":"session.resume","id":"r","data":{"after_seq":0}}')
            async with asyncio.timeout(PATIENCE):
                await ear.ready
        talk.mouths.append(mouth)
        talk.ears.append(ear)
    return talk


async def _connect(line: Line, url: str, listener: picows.WSListener) -> picows.WSTransport:
    headers = [("Authorization", f"Bearer {line.token}"), ("Sec-WebSocket-Protocol", "timetravelers.v1")]
    transport, _ = await picows.ws_connect(lambda: listener, url, extra_headers=headers, enable_auto_ping=False)
    return transport


async def serve() -> None:
    """Open what the first line on standard input says, then obey the others until there are no more."""
    loop = asyncio.get_running_loop()
    wanted = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    talks = {kind: await open_talk([Line(**line) for line in lines]) for kind, lines in wanted["kinds"].items()}
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        print(json.dumps(await talks[order["kind"]].run(order["seconds"], order["window"])), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
