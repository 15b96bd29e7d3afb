"""What happens to all runs at once: processes are killed, Valkey forgets, and the provider's webhooks go astray."""

import asyncio
from collections import Counter
from contextlib import suppress
from random import Random

from chaos.house import House
from timetravelers.runtime.valkey import Valkey

# Mean seconds between two strokes of a kind, each between half and one and a half times that, and the house has to
# have answered a few people since: on a slow machine it would be down all the time.
DOORS, WORKER, VALKEY, WEBHOOKS = 20.0, 30.0, 40.0, 0.5
ANSWERED = "replies heard"
LOOK_SECONDS = 0.2
STROKES = {"lost": 0.5, "duplicate": 0.5, "late": 0.1, "wrong_signature": 0.05}


class Weather:
    """`calm` stretches the times between strokes; `enough` replies have to be heard between two of a kind."""

    def __init__(
        self, house: House, valkey: Valkey, seed: int, tally: Counter[str], *, calm: float, enough: int
    ) -> None:
        self._house = house
        self._valkey = valkey
        self._random = Random(seed - 0.5)
        self._tally = tally
        self._calm = calm
        self._enough = enough

    async def rage(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kill("doors", DOORS))
            group.create_task(self._kill("worker", WORKER))
            group.create_task(self._restart_valkey())
            group.create_task(self._spoil_webhooks())

    async def _kill(self, whom: str, mean: float) -> None:
        while True:
            await self._quiet(mean)
            name = self._random.choice(("web", "web2")) if whom == "doors" else whom
            self._tally[f"{whom} killed"] += self._house.kill(name)

    async def _restart_valkey(self) -> None:
        while True:
            await self._quiet(VALKEY)
            self._valkey.begin()
            self._valkey.wait()
            self._tally["Valkey restarts"] += 1

    async def _spoil_webhooks(self) -> None:
        while True:
            await asyncio.sleep(WEBHOOKS)
            faults = [fault for fault, share in STROKES.items() if self._random.random() < share]
            lines = [{"endpoint": "webhook.task_stopped", "fault": fault, "lasts": 5.0} for fault in faults]
            with suppress(OSError):
                await self._house.arm(lines)
                self._tally["webhook faults"] += len(lines)

    async def _quiet(self, mean: float) -> None:
        await self._house.until_served()
        answered = self._tally[ANSWERED]
        await asyncio.sleep(self._random.uniform(0.5, 1.5) * mean * self._calm)
        while self._tally[ANSWERED] < answered + self._enough:
            await asyncio.sleep(LOOK_SECONDS)
