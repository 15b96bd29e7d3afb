"""Asides: frames outside of the log, passed on to whoever listens right now."""

import asyncio
import json
from typing import Any

from channels.layers import get_channel_layer

from timetravelers.kit.live.channels import let_go
from timetravelers.kit.live.doorbell import frame_of, tell
from timetravelers.kit.sealing import seal


async def _heard(group: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    layer: Any = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    try:
        tell(group, kind, data)
        async with asyncio.timeout(5):
            message: dict[str, Any] = await layer.receive(channel)
    finally:
        await layer.group_discard(group, channel)
        await let_go(layer, channel)
        await layer.flush()
    return message


def test_an_aside_carries_a_whole_frame() -> None:
    message = asyncio.run(_heard("session.1", "turn.delta", {"turn": "t", "offset": 3, "text": "Grüße"}))
    assert message["type"] == "aside"
    assert set(message) == {"type", "sealed"}
    assert "offset" not in message["sealed"], "Valkey is not to hold words."
    frame = json.loads(frame_of(message) or "")
    assert (frame["type"], frame["data"]) == ("turn.delta", {"turn": "t", "offset": 3, "text": "Grüße"})
    assert "seq" not in frame


def test_nobody_listens() -> None:
    tell("session.of-nobody", "turn.queued", {})


def test_what_others_put_there_is_not_passed_on() -> None:
    assert frame_of({"sealed": "not ours"}) is None
    assert frame_of({"sealed": seal("words", "another purpose")}) is None
