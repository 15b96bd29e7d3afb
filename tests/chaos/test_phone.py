"""The phone in the storm: it takes no event twice, and lets none be missing."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest

from chaos.http import ask
from chaos.phone import Broken, Phone, Place


def phone() -> Phone:
    return Phone(Place("s", "t", ()), Random(1), polls=False, tally=Counter())  # noqa: S311 - a storm's dice


def event(seq: int, kind: str = "turn.started", **data: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"e{seq}", "seq": seq, "data": data}


@pytest.mark.parametrize("seqs", [[2], [1, 1], [1, 3], [1, 2, 1]])
def test_anything_but_the_next_number_is_broken(seqs: list[int]) -> None:
    one, *before = phone(), *seqs[:-1]
    for seq in before:
        one._take(event(seq))
    with pytest.raises(Broken, match="came after event"):
        one._take(event(seqs[-1]))


def test_a_turn_is_over_when_its_last_word_is() -> None:
    one = phone()
    for number, (kind, data, over) in enumerate(
        [
            ("turn.queued", {}, False),
            ("turn.completed", {"final": False}, False),
            ("turn.completed", {"final": True}, True),
            ("turn.queued", {}, False),
            ("turn.failed", {"retryable": True}, True),
        ],
        start=1,
    ):
        one._take(event(number, kind, turn="t", **data))
        assert one.all_ended() is over
    assert one.failed == ["t"]


def test_an_answer_that_is_cut_off_is_none() -> None:
    async def cut_off() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            await ask(server.sockets[0].getsockname()[:2], "GET", "/")

    with pytest.raises(ConnectionError, match="cut off"):
        asyncio.run(cut_off())
