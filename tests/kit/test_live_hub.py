"""Bells: who hears them, in this process and in others, and what of them anybody else can read."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timetravelers.kit.limits import valkey
from timetravelers.kit.live import doorbell
from timetravelers.kit.live import hub as hub_module
from timetravelers.kit.live.bells import ASIDES, Bells, channel, origin, pack, unpack
from timetravelers.kit.live.hub import Hub
from timetravelers.kit.sealing import BrokenSeal, open_sealed, seal


class Ear:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def rung(self, seq: int) -> None:
        self.heard.append(seq)

    def told(self, frame: str) -> None:
        self.heard.append(frame)

    def papers_called(self) -> None:
        self.heard.append("papers")


def listening(talk: Callable[[Hub, Ear], Coroutine[Any, Any, None]], heard: int) -> list[Any]:
    """What an ear on topic `t` heard of a talk, once that is so much, and a moment later."""

    async def listen() -> list[Any]:
        hub, ear = Hub(), Ear()
        hub.join("t", ear)
        hub.start()
        try:
            async with asyncio.timeout(10):
                while not valkey().pubsub_numsub(channel())[0][1]:  # noqa: ASYNC110 - Valkey tells nobody
                    await asyncio.sleep(0.02)
                await talk(hub, ear)
                while len(ear.heard) < heard:  # noqa: ASYNC110 - the ear tells nobody
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.1)
        finally:
            await hub.stop()
        return ear.heard

    return asyncio.run(listen())


def test_what_is_rung_here_is_heard_once() -> None:
    async def talk(_hub: Hub, _ear: Ear) -> None:
        await asyncio.to_thread(doorbell.ring, {"t": 7, "other": 8})
        await asyncio.to_thread(doorbell.call_for_papers, "t")

    assert listening(talk, 2) == [7, "papers"]


def test_what_another_process_says_is_heard() -> None:
    async def talk(_hub: Hub, _ear: Ear) -> None:
        bells = Bells(
            origin="another", rings={"t": 3, "other": 4}, asides=[("t", seal('{"type":"x"}', ASIDES))], papers=["t"]
        )
        valkey().publish(channel(), pack(bells))

    assert listening(talk, 3) == [3, '{"type":"x"}', "papers"]


def test_nonsense_on_the_channel_is_passed_over() -> None:
    async def talk(_hub: Hub, _ear: Ear) -> None:
        for message in (b"", b"\xff", b"{}", pack(Bells(asides=[("t", "not sealed"), ("t", "ä")]))):
            valkey().publish(channel(), message)
        valkey().publish(channel(), pack(Bells(origin="another", rings={"t": 1})))

    assert listening(talk, 1) == [1]


def test_who_left_hears_nothing() -> None:
    async def talk(hub: Hub, ear: Ear) -> None:
        hub.leave("t", ear)
        hub.leave("t", ear)
        assert not hub.topics()
        doorbell.ring({"t": 7})
        await asyncio.sleep(0.1)

    assert listening(talk, 0) == []


def test_words_that_pass_through_valkey_cannot_be_read_there() -> None:
    said: list[bytes] = []
    with valkey().pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
        subscription.subscribe(channel())
        while subscription.get_message(timeout=0.2) is not None:
            pass
        doorbell.tell("t", "turn.delta", {"text": "my secret plan"})
        for _ in range(50):
            message = subscription.get_message(timeout=0.2)
            if message is not None and message["type"] == "message":
                said.append(message["data"])
                break
    (message,) = said
    assert b"secret" not in message
    bells = unpack(message)
    assert bells is not None
    assert bells.origin == origin()
    assert "my secret plan" in open_sealed(bells.asides[0][1], ASIDES)


@given(st.text(), st.integers(min_value=0))
def test_what_is_sealed_is_read_again_and_cannot_be_changed(words: str, place: int) -> None:
    words = words.encode(errors="ignore").decode()
    sealed = seal(words, ASIDES)
    assert open_sealed(sealed, ASIDES) == words
    place %= len(sealed.rstrip("="))
    # The last characters of base64 hold bits that nobody reads.
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "Q") + sealed[place + 1 :]
    with pytest.raises(BrokenSeal):
        open_sealed(changed, ASIDES)
    with pytest.raises(BrokenSeal):
        open_sealed(sealed, "something else")


@given(st.binary())
def test_anything_may_be_on_the_channel(message: bytes) -> None:
    bells = unpack(message)
    assert bells is None or isinstance(bells, Bells)


@given(st.text())
def test_anything_may_call_itself_sealed(text: str) -> None:
    with pytest.raises(BrokenSeal):
        open_sealed(text, ASIDES)


def test_a_subscription_that_is_lost_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "RETRY_SECONDS", 0.02)

    async def talk(_hub: Hub, ear: Ear) -> None:
        for number in range(1, 4):
            valkey().execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]  # not typed
            while not ear.heard or ear.heard[-1] < number:
                valkey().publish(channel(), pack(Bells(origin="another", rings={"t": number})))
                await asyncio.sleep(0.02)

    assert sorted(set(listening(talk, 3))) == [1, 2, 3]


def test_a_pulse_that_fails_stops_neither_the_others_nor_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "PULSE_SECONDS", 0.01)
    beats: list[str] = []

    async def failing() -> None:
        beats.append("failing")
        raise ConnectionError

    async def steady() -> None:
        beats.append("steady")

    async def talk(hub: Hub, _ear: Ear) -> None:
        hub.each_pulse(failing)
        hub.each_pulse(steady)
        while len(beats) < 6:  # noqa: ASYNC110 - the pulse tells nobody
            await asyncio.sleep(0.01)

    listening(talk, 0)
    assert beats[:6] == ["failing", "steady"] * 3


def test_whoever_tells_this_process_the_news_itself_rings_elsewhere_only() -> None:
    def ring() -> None:
        with doorbell.told_here():
            doorbell.ring({"t": 7})
        doorbell.ring({"t": 8})

    async def talk(_hub: Hub, _ear: Ear) -> None:
        await asyncio.to_thread(ring)

    assert listening(talk, 1) == [8]
