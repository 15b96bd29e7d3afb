"""Who comes next: deficit round robin over users, inside lanes of which the first goes before the others.

Deficit round robin is Shreedhar and Varghese's ("Efficient fair queuing using deficit round robin", 1996): each
round gives every user who waits a quantum; whoever has enough for the call at the head of their queue makes it,
and what is left counts next time. Between lanes the rule is: the first lane that waits is served, but a lane
that was passed over `patience` times in a row gets the next slot. So with nine, a lane that waits has at least
one slot in ten, whatever comes in before it, and nothing starves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

QUANTUM = 1
PATIENCE = 9


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that waits, in slots of the quota."""

    key: int
    cost: int = 1


@dataclass(slots=True)
class Flow:
    """One user's queue, first in first out. `place` orders the users of a lane; `deficit` is what is left over."""

    user: int
    calls: deque[Waiting]
    place: int
    deficit: int = 0


@dataclass(slots=True)
class LaneQueue:
    """The users who wait in one lane, in the order of the round, and how often in a row the lane was passed over."""

    name: str
    flows: deque[Flow] = field(default_factory=deque)
    passed: int = 0

    def __post_init__(self) -> None:
        self.flows = deque(sorted((flow for flow in self.flows if flow.calls), key=lambda flow: flow.place))

    def take(self, quantum: int) -> Waiting:
        """The call that is next in this lane, which must not be empty."""
        while not self._affords(self.flows[0], quantum):
            self._to_the_end()
        flow = self.flows[0]
        call = flow.calls.popleft()
        flow.deficit -= call.cost
        if not flow.calls:
            # Who leaves takes nothing along: idling must not earn a burst.
            self.flows.popleft()
        elif flow.deficit < flow.calls[0].cost:
            self._to_the_end()
        return call

    def _affords(self, flow: Flow, quantum: int) -> bool:
        cost = flow.calls[0].cost
        if flow.deficit < cost:
            flow.deficit += quantum
        return flow.deficit >= cost

    def _to_the_end(self) -> None:
        self.flows[0].place = max(flow.place for flow in self.flows) + 1
        self.flows.rotate(-1)


class FairQueue:
    """Calls that wait for one quota; deterministic, and work conserving: something is taken while anything waits."""

    def __init__(self, lanes: Sequence[LaneQueue], *, quantum: int = QUANTUM, patience: int = PATIENCE) -> None:
        """`lanes` in the order of their importance; they are changed as calls are taken. Raises ValueError."""
        if quantum < 1 or patience < 1:
            raise ValueError("a round must give something, and patience has an end")
        self.lanes = tuple(lanes)
        self._quantum = quantum
        self._patience = patience

    def take(self) -> Waiting | None:
        """The next call, which then no longer waits; None if nobody does."""
        waiting = [lane for lane in self.lanes if lane.flows]
        if not waiting:
            return None
        served = next((lane for lane in waiting if lane.passed >= self._patience), waiting[0])
        for lane in waiting[waiting.index(served) + 1 :]:
            lane.passed += 1
        served.passed = 0
        return served.take(self._quantum)

    def drain(self, most: int) -> Iterable[Waiting]:
        """The next `most` calls, in order."""
        for _ in range(most):
            call = self.take()
            if call is None:
                return
            yield call
