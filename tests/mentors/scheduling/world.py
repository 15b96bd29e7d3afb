"""A world of people, workers and a provider, by a fake clock; the scheduler, the rows and the windows are real.

Workers go on from CallAdmitted after a while, the provider's wire takes a while, and replies take a while; all
of it is drawn from a seed.
"""

import heapq
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID, uuid4

import redis

from accounts.models import User
from mentors.events import CallAdmitted, CallRefused, PumpDue
from mentors.manus import windows
from mentors.manus.errors import Throttled
from mentors.models import ManusAccount, ProviderCall
from mentors.services import scheduling
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.provider import Provider

LIMIT = 10


@dataclass(slots=True)
class Message:
    """Something that somebody said, in one of their sessions."""

    owner: User
    session: UUID
    subject: UUID = field(default_factory=uuid4)
    said: float = 0.0
    called: float | None = None
    quota: str = ""
    answers: int = 0
    refused: bool = False


class World:
    """Runs until nothing is left to do, or until a moment."""

    def __init__(self, clock: FakeClock, *, seed: int, cost: Callable[[random.Random], int] = lambda _: 5) -> None:
        self.clock = clock
        self.provider = Provider(LIMIT)
        self.messages: dict[UUID, Message] = {}
        self.accounts: dict[UUID, int] = {}
        self.random = random.Random(seed)  # noqa: S311 - to be drawn again
        self.cost = cost
        self.throttled = 0
        self.watchers: list[Callable[[], None]] = []
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._pumps: set[float] = set()
        self._open: dict[UUID, Callable[[], None]] = {}
        self._talks: dict[UUID, deque[Message]] = defaultdict(deque)

    # People

    def will_say(self, owner: User, session: UUID, *, at: float) -> Message:
        """Have somebody say something in `at` seconds; sessions take one message at a time."""
        message = Message(owner, session)
        self.messages[message.subject] = message
        self.at(self.clock.seconds() + at, lambda: self._say(message))
        return message

    def _say(self, message: Message) -> None:
        talk = self._talks[message.session]
        message.said = self.clock.seconds()
        talk.append(message)
        if len(talk) == 1:
            self._queue(message)

    def _queue(self, message: Message) -> None:
        account = self.accounts.get(message.session)
        scheduling.enqueue(
            subject=message.subject,
            kind="create" if account is None else "send",
            lane="live",
            owner=message.owner,
            session=message.session,
            account=account,
        )

    def _next_in(self, session: UUID) -> None:
        talk = self._talks[session]
        talk.popleft()
        if talk:
            talk[0].said = self.clock.seconds()
            self._queue(talk[0])

    # What the scheduler says

    def hear(self, event: object) -> None:
        """In place of those who subscribe."""
        if isinstance(event, PumpDue):
            moment = self.clock.seconds() + event.delay
            if moment not in self._pumps:
                self._pumps.add(moment)
                self.at(moment, self.pump)
        elif isinstance(event, CallAdmitted):
            self.at(self.clock.seconds() + self._worker(), lambda: self._call(event.subject))
        elif isinstance(event, CallRefused):
            message = self.messages[event.subject]
            message.refused = True
            self._next_in(message.session)

    def pump(self) -> None:
        """What the task does."""
        self._pumps.discard(self.clock.seconds())
        try:
            scheduling.pump()
        except redis.RedisError:
            self.hear(PumpDue(3.0))
        for watch in self.watchers:
            watch()

    # Workers, the wire, and the provider

    def _worker(self) -> float:
        return self.random.choice([0.05, 0.2, 0.5, 1.0, 8.0])

    def _call(self, subject: UUID) -> None:
        call = ProviderCall.objects.get(subject=subject)
        endpoint = "task.create" if call.kind == "create" else "task.sendMessage"
        stack, context = ExitStack(), copy_context()
        try:
            leave = context.run(stack.enter_context, scheduling.sending(subject))
            context.run(stack.enter_context, windows.gate(leave.account, {endpoint: LIMIT})(endpoint))
        except Throttled as refusal:
            self.throttled += 1
            context.run(stack.close)
            scheduling.put_back(subject)
            self.hear(PumpDue(refusal.retry_after or 1.0))
            return
        self.messages[subject].called, self.messages[subject].quota = self.clock.seconds(), call.pool
        wire = self.random.choice([0.05, 0.3, 2.0, 10.0])
        begin = self.clock.seconds()
        self.at(begin + self.random.random() * wire, lambda: self._arrive(leave.account, endpoint, subject))
        self._open[subject] = lambda: context.run(stack.close)
        self.at(begin + wire, lambda: self._hang_up(subject))
        self.at(begin + wire + self.random.uniform(1, 20), lambda: self._reply(leave.account, subject))

    def _hang_up(self, subject: UUID) -> None:
        self._open.pop(subject)()

    def close(self) -> None:
        """Hang up whatever is on the wire."""
        for subject in list(self._open):
            self._hang_up(subject)

    def _arrive(self, account: int, endpoint: str, subject: UUID) -> None:
        self.provider.receive(account, endpoint, self.clock.seconds(), subject)

    def _reply(self, account: int, subject: UUID) -> None:
        message = self.messages[subject]
        message.answers += 1
        self.accounts[message.session] = account
        scheduling.finish(subject, credits=self.cost(self.random))
        self._next_in(message.session)

    # Time

    def at(self, moment: float, what: Callable[[], None]) -> None:
        """Have something happen at a moment."""
        heapq.heappush(self._agenda, (moment, next(self._number), what))

    def run(self, *, until: float | None = None) -> None:
        """Let it all happen, in order."""
        for _ in range(100_000):
            if not self._agenda or (until is not None and self._agenda[0][0] > until):
                break
            moment, _, what = heapq.heappop(self._agenda)
            self.clock.go_to(moment)
            what()
        else:
            raise AssertionError("this goes on for ever")
        if until is not None:
            self.clock.go_to(until)

    # Judging

    def answered_once(self) -> bool:
        return all(message.answers == 1 for message in self.messages.values() if not message.refused)

    def calls_by_account(self) -> Counter[int]:
        return Counter({account: len(heard) for (account, _), heard in self.provider.arrivals.items()})


def longest_wait_in_shares(world: World, accounts: list[ManusAccount]) -> float:
    """The longest wait of all, in fair shares: what the waits come to if everybody who waits takes their turn.

    A message's share is one slot for each user who waited for the same quota while it did, as often as its own
    user had something earlier waiting, at the pace of the provider's windows; these open ten at a time, so the
    least share is one window.
    """
    window = windows.WINDOW_SECONDS + windows.MARGIN_SECONDS
    worst = 0.0
    done = [message for message in world.messages.values() if message.called is not None]
    for message in done:
        called = message.called or 0.0
        beside = [
            other
            for other in done
            if other.quota == message.quota and other.said < called and (other.called or 0.0) > message.said
        ]
        users = {other.owner.pk for other in beside}
        own = sum(other.owner.pk == message.owner.pk and other.said <= message.said for other in beside)
        slots = own * len(users)
        share = max(window, slots * window / (LIMIT * len(accounts)))
        worst = max(worst, (called - message.said) / share)
    return worst
