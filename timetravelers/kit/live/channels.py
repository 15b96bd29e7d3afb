"""What the channel layer leaves to its users."""

import asyncio
from contextlib import suppress
from typing import Any


async def let_go(layer: Any, channel: str) -> None:
    """Give a channel of this process back.

    The layer forgets a channel only when a receive on it is cancelled. One that had a message in hand when
    its reader went is kept, with its subscription, for as long as the process lives.
    """
    while channel in layer.channels:
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                await layer.receive(channel)
