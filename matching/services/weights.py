"""The life of TELL's weights: drafted, previewed, published by a person, and rolled back.

What a version says never changes; an edit is another draft. One version is live at a time.
"""

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from matching.errors import AlgorithmNotFound, AlgorithmWrongState, MatchingStaffOnly
from matching.events import WeightsPublished
from matching.models import Algorithm
from matching.policies import can_change_weights
from matching.selectors.weights import LiveWeights, live_weights
from matching.weights import DEFAULT, VERSION, parse_weights
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish
from timetravelers.kit.upserts import lock_table

log = structlog.get_logger(__name__)

State, Source = Algorithm.State, Algorithm.Source


@transaction.atomic
def draft_weights(
    *,
    actor: User | None,
    weights: dict[str, Any],
    note: str = "",
    source: Algorithm.Source = Algorithm.Source.STAFF,
    figures: dict[str, Any] | None = None,
) -> Algorithm:
    """A new version that nobody is matched by until it is published; `actor` is None for what was learned.

    One writer of versions at a time. Raises MatchingStaffOnly, and WeightsInvalid with a pointer to each mistake.
    """
    if actor is not None:
        _require_staff(actor)
    parsed = parse_weights(weights)
    lock_table(Algorithm)
    row = Algorithm.objects.create(
        number=_next_number(),
        code=VERSION,
        source=source,
        weights=parsed.as_json(),
        weights_hash=parsed.hash,
        note=note,
        figures=figures or {},
        author=actor,
    )
    log.info("weights_drafted", number=row.number, source=row.source)
    return row


@transaction.atomic
def publish_weights(*, actor: User, algorithm: UUID) -> Algorithm:
    """Match everybody by these weights from now on; a retired version goes live again, which is a rollback.

    One writer of versions at a time. The version that was live is retired. Publishing what is live changes nothing.
    Raises MatchingStaffOnly, AlgorithmNotFound, and AlgorithmWrongState for weights of another scoring and for a draft
    that nobody has previewed. Publishes WeightsPublished.
    """
    _require_staff(actor)
    lock_table(Algorithm)
    row = Algorithm.objects.filter(uid=algorithm).first()
    if row is None:
        raise AlgorithmNotFound
    if row.state == State.PUBLISHED:
        return row
    if row.code != VERSION:
        raise AlgorithmWrongState(f"These weights are for {row.code}, and we score by {VERSION}.")
    if row.state == State.DRAFT and not row.preview:
        raise AlgorithmWrongState("Preview these weights first: nobody has seen what they would change.")
    row.reviewed_by = actor
    return _go_live(row)


@transaction.atomic
def roll_back_weights(*, actor: User) -> Algorithm:
    """Go back to the version that was live before this one.

    Raises MatchingStaffOnly, and AlgorithmNotFound if there is none for the scoring we have. Publishes
    WeightsPublished.
    """
    _require_staff(actor)
    lock_table(Algorithm)
    before = Algorithm.objects.filter(state=State.RETIRED, code=VERSION).order_by("-retired_at", "-number").first()
    if before is None:
        raise AlgorithmNotFound("There is no earlier version to go back to.")
    return publish_weights(actor=actor, algorithm=before.uid)


def settled_weights() -> LiveWeights:
    """The weights that are live, with their row: the house's own are stored where there are none yet.

    In one query, or under the lock of all versions. Publishes WeightsPublished if it stores them.
    """
    live = live_weights()
    if live.algorithm_id is None:
        _store_house_weights()
        live = live_weights()
    return live


@transaction.atomic
def _store_house_weights() -> None:
    lock_table(Algorithm)
    if live_weights().algorithm_id is not None:
        return
    row = Algorithm(
        number=_next_number(),
        code=VERSION,
        source=Source.HOUSE,
        weights=DEFAULT.as_json(),
        weights_hash=DEFAULT.hash,
        note="As the code has them.",
    )
    _go_live(row)


def _go_live(row: Algorithm) -> Algorithm:
    moment = now()
    Algorithm.objects.filter(state=State.PUBLISHED).update(state=State.RETIRED, retired_at=moment, updated_at=moment)
    row.state, row.published_at, row.retired_at = State.PUBLISHED, moment, None
    row.save()
    publish(WeightsPublished(row.uid, row.number))
    log.info("weights_published", number=row.number, source=row.source)
    return row


def _next_number() -> int:
    return (Algorithm.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1


def _require_staff(actor: User) -> None:
    if not can_change_weights(actor):
        raise MatchingStaffOnly
