"""Nothing of a reader stays behind in the channel layer, whatever it had in hand when it went."""

import asyncio
from typing import Any

import pytest
from channels.layers import get_channel_layer

from timetravelers.kit.live.channels import let_go


async def _leave_with(messages: int) -> tuple[set[str], set[str]]:
    """The channels before and after a reader that left with so many messages unread."""
    layer: Any = get_channel_layer()
    before = set(layer.channels)
    channel = await layer.new_channel()
    for number in range(messages):
        await layer.send(channel, {"type": "doorbell", "seq": number})
    async with asyncio.timeout(5):
        while layer.channels[channel].qsize() < messages:  # noqa: ASYNC110 - the layer tells nobody what arrived
            await asyncio.sleep(0.01)
    await let_go(layer, channel)
    after = set(layer.channels)
    await layer.flush()
    return before, after


@pytest.mark.parametrize("messages", [0, 1, 3])
def test_a_channel_is_given_back(messages: int) -> None:
    before, after = asyncio.run(_leave_with(messages))
    assert after == before


def test_giving_back_twice_is_harmless() -> None:
    async def twice() -> bool:
        layer: Any = get_channel_layer()
        channel = await layer.new_channel()
        await let_go(layer, channel)
        await let_go(layer, channel)
        gone = channel not in layer.channels
        await layer.flush()
        return gone

    assert asyncio.run(twice())
