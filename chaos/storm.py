"""Many runs at once on one house, in any weather, and what came of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from chaos.environment import Ground
from chaos.house import House
from chaos.phone import Broken, Place
from chaos.records import Person, make_people, new_session
from chaos.run import Run
from chaos.script import script_of
from chaos.weather import Weather

TOLD_EVERY = 15.0  # seconds
# Between two kills of a process the house answers one of so many.
PEOPLE_A_REPLY = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Seeds `seed` to `seed + runs - 1`, so many at a time."""

    runs: int
    seed: int
    at_once: int
    calm: float


@dataclass(slots=True)
class Findings:
    """What came of it: what was counted, and what was lost, by seed."""

    tally: Counter[str] = field(default_factory=Counter)
    losses: dict[int, str] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)


async def storm(ground: Ground, wanted: Wanted, findings: Findings) -> None:
    """Play all the runs; raises NotReady if the house does not stand."""
    house = House(ground.environment, ground.folder)
    keeping = asyncio.create_task(house.keep())
    try:
        await _while_it_stands(keeping, house.until_ready())
        enough = 1 + min(wanted.at_once, wanted.runs) // PEOPLE_A_REPLY
        weather = Weather(house, ground.valkey, wanted.seed, findings.tally, calm=wanted.calm, enough=enough)
        raging = asyncio.create_task(weather.rage())
        findings.began = time.monotonic()
        with ThreadPoolExecutor(1, thread_name_prefix="records") as records:
            await _while_it_stands(keeping, _play_all(house, wanted, findings, records))
        raging.cancel()
        await asyncio.gather(raging, return_exceptions=True)
    finally:
        keeping.cancel()
        house.stop()


async def _while_it_stands(keeping: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    await asyncio.wait({keeping, task}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        keeping.result()
    task.result()


async def _play_all(house: House, wanted: Wanted, findings: Findings, records: Executor) -> None:
    loop = asyncio.get_running_loop()
    places = min(wanted.at_once, wanted.runs)
    people = await loop.run_in_executor(records, make_people, places)
    seeds = iter(range(wanted.seed, wanted.seed + wanted.runs))
    telling = asyncio.create_task(_tell(findings))
    await asyncio.gather(*(_play_one_after_another(house, person, seeds, findings, records) for person in people))
    telling.cancel()


async def _play_one_after_another(
    house: House, person: Person, seeds: Iterator[int], findings: Findings, records: Executor
) -> None:
    loop = asyncio.get_running_loop()
    for seed in seeds:
        session = await loop.run_in_executor(records, new_session, person, seed)
        run = Run(script_of(seed), Place(session, person.token, house.doors), findings.tally)
        try:
            await run.play(records)
        except Broken as broken:
            findings.losses[seed] = f"session {session}: {broken}"
            print(f"  seed {seed}: {findings.losses[seed]}", flush=True)
        findings.tally["runs"] += 1


async def _tell(findings: Findings) -> None:
    began = time.monotonic()
    with suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(TOLD_EVERY)
            seconds = time.monotonic() - began
            print(f"  {seconds:5.0f} s: {findings.tally['runs']} runs, {len(findings.losses)} losses", flush=True)
