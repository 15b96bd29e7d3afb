"""The queue as it stands in the database, read into fair queues, and the places in the round written back."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from mentors.fairness import FairQueue, Flow, LaneQueue, Waiting
from mentors.models import HOUSE, FairShare, Lane, LaneShare

# How far into one user's queue anybody looks. More than a pool has slots in a minute, so it cuts nothing short.
DEPTH = 50

# Hops from one flow to the next along the index of what waits: the work is that of the flows, not of all rows.
_WAITING = """
    WITH RECURSIVE flows AS (
        (SELECT pool, lane, flow FROM mentors_providercall
          WHERE state = 'queued' {in_pool} ORDER BY pool, lane, flow LIMIT 1)
        UNION ALL
        SELECT after.pool, after.lane, after.flow
          FROM flows CROSS JOIN LATERAL (
               SELECT c.pool, c.lane, c.flow FROM mentors_providercall c
                WHERE c.state = 'queued' AND (c.pool, c.lane, c.flow) > (flows.pool, flows.lane, flows.flow) {in_pool}
                ORDER BY c.pool, c.lane, c.flow LIMIT 1) after
    )
    SELECT f.pool, f.lane, f.flow, share.place, share.deficit,
           call.id, call.subject, call.kind, call.owner_id, call.enqueued_at,
           call.told_position, call.told_due, call.told_at
      FROM flows f
      LEFT JOIN mentors_fairshare share ON (share.pool, share.lane, share.flow) = (f.pool, f.lane, f.flow)
     CROSS JOIN LATERAL (
           SELECT * FROM mentors_providercall c
            WHERE c.state = 'queued' AND c.pool = f.pool AND c.lane = f.lane AND c.flow = f.flow
            ORDER BY c.enqueued_at, c.id LIMIT %(depth)s) call
     ORDER BY f.pool, f.lane, f.flow, call.enqueued_at, call.id
"""

_FORGET_GONE = """
    DELETE FROM mentors_fairshare share
     WHERE NOT EXISTS (
           SELECT 1 FROM mentors_providercall c
            WHERE c.state = 'queued' AND c.pool = share.pool AND c.lane = share.lane AND c.flow = share.flow)
"""


class Row(NamedTuple):
    """A waiting call with its owner's place in the round."""

    pool: str
    lane: str
    flow: int
    place: int | None
    deficit: int | None
    pk: int
    subject: UUID
    kind: str
    owner: int | None
    enqueued_at: datetime
    told_position: int | None
    told_due: datetime | None
    told_at: datetime | None


@dataclass(slots=True)
class Pool:
    """Everything that waits for one quota."""

    name: str
    queue: FairQueue
    rows: dict[int, Row]
    flows: dict[str, list[Flow]]
    before: dict[tuple[str, int], tuple[int, int]]
    passed: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many calls wait, as far as anybody looks."""
        return len(self.rows)


def load_waiting(pool: str | None = None) -> dict[str, Pool]:
    """Who waits, by pool (of one pool if given); new flows stand at the end of the round, in order of arrival."""
    with connection.cursor() as cursor:
        in_pool = "" if pool is None else "AND pool = %(pool)s"
        cursor.execute(_WAITING.format(in_pool=in_pool), {"pool": pool, "depth": DEPTH})
        rows = [Row(*row) for row in cursor.fetchall()]
    if not rows:
        return {}
    passed: dict[str, dict[str, int]] = defaultdict(dict)
    for name, lane, times in LaneShare.objects.values_list("pool", "lane", "passed"):
        passed[name][lane] = times
    return {name: _pool(name, list(group), passed[name]) for name, group in groupby(rows, key=lambda row: row.pool)}


def _pool(name: str, rows: list[Row], passed: dict[str, int]) -> Pool:
    flows: dict[str, list[Flow]] = {lane.value: [] for lane in Lane}
    for lane, group in groupby(rows, key=lambda row: row.lane):
        flows[lane] = _flows(list(group))
    before = {(row.lane, row.flow): (row.place, row.deficit or 0) for row in rows if row.place is not None}
    lanes = [LaneQueue(lane, deque(flows[lane]), passed.get(lane, 0)) for lane in flows]
    return Pool(name, FairQueue(lanes), {row.pk: row for row in rows}, flows, before, dict(passed))


def _flows(rows: list[Row]) -> list[Flow]:
    """The flows of one lane; the rows come flow by flow, each in order."""
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.flow)]
    groups.sort(key=lambda calls: (calls[0].enqueued_at, calls[0].pk))
    last = max((calls[0].place for calls in groups if calls[0].place is not None), default=0)
    places = iter(range(last + 1, last + 1 + len(groups)))
    return [_flow(calls, places) for calls in groups]


def _flow(calls: list[Row], places: Iterator[int]) -> Flow:
    head = calls[0]
    place = next(places) if head.place is None else head.place
    return Flow(head.flow, deque(Waiting(row.pk) for row in calls), place, head.deficit or 0)


def save_round(pools: Iterable[Pool]) -> None:
    """Write back who comes next. Whoever no longer waits is forgotten, and comes back at the end of the round."""
    shares, lanes = [], []
    for pool in pools:
        shares += _changed_shares(pool)
        lanes += [
            LaneShare(pool=pool.name, lane=lane.name, passed=lane.passed)
            for lane in pool.queue.lanes
            if lane.passed != pool.passed.get(lane.name, 0)
        ]
    FairShare.objects.bulk_create(
        shares,
        update_conflicts=True,
        unique_fields=["pool", "lane", "flow"],
        update_fields=["place", "deficit"],
    )
    LaneShare.objects.bulk_create(
        lanes, update_conflicts=True, unique_fields=["pool", "lane"], update_fields=["passed"]
    )
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_GONE)


def _changed_shares(pool: Pool) -> list[FairShare]:
    return [
        _share(pool.name, lane, flow.user, place=flow.place, deficit=flow.deficit)
        for lane, flows in pool.flows.items()
        for flow in flows
        if pool.before.get((lane, flow.user)) != (flow.place, flow.deficit)
    ]


def move_to_front(pool: str, lane: str, flow: int) -> None:
    """Give a flow back the turn that it lost through no fault of its own."""
    first = FairShare.objects.filter(pool=pool, lane=lane).order_by("place").values_list("place", flat=True).first()
    FairShare.objects.bulk_create(
        [_share(pool, lane, flow, place=(first or 1) - 1, deficit=1)],
        update_conflicts=True,
        unique_fields=["pool", "lane", "flow"],
        update_fields=["place", "deficit"],
    )


def _share(pool: str, lane: str, flow: int, *, place: int, deficit: int) -> FairShare:
    owner = None if flow == HOUSE else flow
    return FairShare(pool=pool, lane=lane, owner_id=owner, flow=flow, place=place, deficit=deficit)
