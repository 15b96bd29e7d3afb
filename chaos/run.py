"""One seeded run: a conversation that follows its script, and the judgement on it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import singledispatchmethod
from random import Random

from chaos.http import ask
from chaos.judging import (
    core,
    has_ended,
    judge_heard,
    judge_log,
    judge_order,
    judge_picture,
    judge_sayings,
    judge_turns,
)
from chaos.phone import TROUBLE, Broken, Frame, Phone, Place, Wronged
from chaos.records import Records, records_of
from chaos.script import Act, Cancel, Drop, Edit, Forget, Move, Pause, Regenerate, Retry, Say, Script

# However hard it storms, and however slow the machine is, a conversation is over by then.
PATIENCE = 900.0
LOOK_SECONDS = 0.2
SAID = "message.created"
MOVED_ON = frozenset({"turn_wrong_state", "turn_not_last"})


@dataclass(slots=True)
class Run:
    """A script being played. `spoken` are the client ids in the order in which they were said."""

    script: Script
    place: Place
    tally: Counter[str]
    phone: Phone = field(init=False)
    random: Random = field(init=False)
    wanted: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, Frame] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    remembered: list[list[Frame]] = field(default_factory=list)
    second: Phone | None = None

    def __post_init__(self) -> None:
        self.random = Random(self.script.seed + 0.5)
        self.phone = Phone(self.place, self.random, self.script.polls, self.tally)
        if self.script.second:
            self.second = Phone(self.place, self.random, self.random.random() < 0.3, self.tally)

    async def play(self, records: Executor) -> None:
        """Follow the script and judge what became of it; raises Broken."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._beside_devices(lambda: self._to_the_end(records))
        except TimeoutError:
            raise Broken(f"not over after {PATIENCE:.0f} s: turns {self.phone.turns}, said {self.spoken}") from None

    async def _beside_devices(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it while the devices live; if one of them is broken, so is the run."""
        devices = [asyncio.create_task(one.live()) for one in (self.phone, self.second) if one is not None]
        working = asyncio.ensure_future(work())
        try:
            done, _ = await asyncio.wait({working, *devices}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (working, *devices):
                task.cancel()
            await asyncio.gather(working, *devices, return_exceptions=True)

    async def _to_the_end(self, records: Executor) -> None:
        for act in self.script.acts:
            await self._do(act)
        stored = await self._settled(records)
        while not has_ended(stored):
            # Something was set going of which the phone had not heard yet.
            await asyncio.sleep(LOOK_SECONDS)
            stored = await self._settled(records)
        await self._judge(stored)

    async def _settled(self, records: Executor) -> Records:
        """What is stored once the phone believes that all is over, and every device has heard of it."""
        await self.phone.until(self._is_quiet)
        stored = await asyncio.get_running_loop().run_in_executor(records, records_of, self.place.session)
        for device in (self.phone, self.second):
            if device is not None:
                await device.until(lambda one=device: len(one.heard) >= stored.last_seq)
        return stored

    def _is_quiet(self) -> bool:
        known = {event["data"]["message"]["client_id"] for event in self.phone.heard if event["type"] == SAID}
        return known.issuperset(self.spoken) and self.phone.all_ended()

    async def _judge(self, stored: Records) -> None:
        judge_log(stored)
        judge_heard(self.phone.heard, stored, "the phone")
        judge_heard(await self._log_over_rest(stored.last_seq), stored, "REST")
        if self.second is not None:
            judge_heard(self.second.heard, stored, "the second device")
        for before in self.remembered:
            if core(before) != core(self.phone.heard[: len(before)]):
                raise Broken("what was heard before the app was installed anew is not what is heard now")
        judge_sayings(self.wanted, self.acknowledged, stored)
        judge_order(self.spoken, self.acknowledged)
        judge_turns(stored)
        judge_picture(self.phone.heard[: stored.last_seq], stored)
        self.tally["events"] += stored.last_seq
        self.tally["turns"] += len(stored.turns)
        self.tally.update(f"turns {state}" for state in stored.turns.values())

    async def _log_over_rest(self, up_to: int) -> list[Frame]:
        events: list[Frame] = []
        while len(events) < up_to:
            path = f"/api/v1/sessions/{self.place.session}/events/?after={len(events)}"
            try:
                answer = await ask(self.random.choice(self.place.doors), "GET", path, token=self.place.token)
            except TROUBLE:
                answer = None
            if answer is not None and answer.status == 200:
                events += answer.body["events"]
            else:
                await asyncio.sleep(self.random.uniform(0.1, 0.5))
        return events

    # Acts ---------------------------------------------------------------------------------------------

    @singledispatchmethod
    async def _do(self, act: Act) -> None:
        raise TypeError(act)

    @_do.register
    async def _say(self, act: Say) -> None:
        turn = await self._speak(act, lambda: self.phone.say(act.client_id, act.text))
        if act.waits:
            await self.phone.until(lambda: self.phone.turns.get(turn))

    @_do.register
    async def _edit(self, act: Edit) -> None:
        await self.phone.until(self._is_quiet)
        turns = list(self.phone.turns)
        await self._speak(act, lambda: self.phone.edit(turns[act.number % len(turns)], act.client_id, act.text))
        self.tally["edits"] += 1

    async def _speak(self, act: Say | Edit, say: Callable[[], Awaitable[Frame]]) -> str:
        """All the copies at once; they have to be taken as one. Returns the turn."""
        self.wanted[act.client_id] = act.text
        answers = await asyncio.gather(*(say() for _ in range(act.copies)))
        self.tally["messages"] += 1
        self.tally["copies"] += act.copies - 1
        named = {(one["seq"], one["message"], one["turn"]) for one in answers}
        if len(named) != 1 or sum(one["is_new"] for one in answers) > 1:
            raise Broken(f"{act.copies} copies of {act.client_id} were acknowledged as {answers}")
        self.acknowledged[act.client_id] = answers[0]
        self.spoken.append(act.client_id)
        return str(answers[0]["turn"])

    @_do.register
    async def _drop(self, act: Drop) -> None:
        for device in (self.phone, self.second):
            if device is not None:
                asyncio.get_running_loop().call_later(act.seconds, device.drop)

    @_do.register
    async def _pause(self, act: Pause) -> None:
        await asyncio.sleep(act.seconds)

    @_do.register
    async def _move(self, _act: Move) -> None:
        self.phone.move()

    @_do.register
    async def _forget(self, _act: Forget) -> None:
        self.remembered.append(self.phone.forget())

    @_do.register
    async def _cancel(self, _act: Cancel) -> None:
        left = [turn for turn, ended in self.phone.turns.items() if not ended]
        if left:
            await self._turn("cancel", left[-1])

    @_do.register
    async def _retry(self, _act: Retry) -> None:
        await self.phone.until(self._is_quiet)
        if self.phone.failed:
            await self._turn("retry", self.phone.failed[-1])

    @_do.register
    async def _regenerate(self, act: Regenerate) -> None:
        await self.phone.until(self._is_quiet)
        await self._turn("regenerate", list(self.phone.turns)[-1], client_id=act.client_id)

    async def _turn(self, kind: str, turn: str, **more: str) -> None:
        """The turn may have moved on; that is no fault of anybody's."""
        try:
            await self.phone.turn(kind, turn, **more)
            self.tally[f"{kind}s"] += 1
        except Wronged as wrong:
            if str(wrong) not in MOVED_ON:
                raise Broken(f"turn.{kind} was refused: {wrong}") from wrong
