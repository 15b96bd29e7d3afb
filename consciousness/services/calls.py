"""A turn's call to the provider: standing in line for it, making it, giving it back, and saying what it cost."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID

import structlog

from consciousness.models import Session, Turn
from mentors.engines import Conversation, EngineError, engine_named
from mentors.engines.manus import MANUS
from mentors.models import Lane, ProviderCall
from mentors.services import scheduling
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

# A call whose turn has ended is settled within this time, or at its estimate.
SETTLED_WITHIN = timedelta(minutes=5)


class CallTakenBack(Exception):
    """The scheduler does not let this call be made (any longer); nothing was sent."""


class PlaceState(Enum):
    """Where a turn stands with the scheduler."""

    NONE = "none"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"  # no budget left


@dataclass(frozen=True, slots=True)
class Place:
    """A turn's place in line; `account` once it is admitted. A time that nobody can tell is None."""

    state: PlaceState
    position: int = 1
    eta_seconds: float | None = None
    account: int | None = None


NOWHERE = Place(PlaceState.NONE)


def begin(wanted: Sequence[scheduling.Wanted], slots: scheduling.FreeSlots) -> dict[UUID, Place]:
    """Have turns that just began stand in line, live, in the caller's transaction; where each stands."""
    scheduling.enqueue_new(wanted)
    standings = scheduling.standings_of([one.subject for one in wanted], slots)
    return {subject: _waiting(standing) for subject, standing in standings.items()}


def enqueue(session: Session, turn: Turn) -> None:
    """Stand in line for the next call of the turn's session, in the caller's transaction.

    Live, unless a stand-in has replied already. A call that was made before for this turn is settled first.
    """
    if _is_in(turn, ProviderCall.State.ADMITTED):
        scheduling.finish(turn.uid)
    scheduling.enqueue(
        subject=turn.uid,
        kind=ProviderCall.Kind.SEND if session.provider_task else ProviderCall.Kind.CREATE,
        lane=Lane.LIVE if turn.answered_at is None else Lane.BACKGROUND,
        owner=session.user,
        session=session.uid,
        account=session.provider_account_id if session.provider_task else None,
    )


def drop(turn: Turn) -> None:
    """The call is not wanted, or was not carried out: out of the line, and what was held for it is free again."""
    if _is_in(turn, ProviderCall.State.ADMITTED):
        scheduling.finish(turn.uid, credits=0)
    else:
        scheduling.cancel(turn.uid)


def place_of(turn: Turn, slots: scheduling.FreeSlots | None = None) -> Place:
    """Where the turn stands: as it was last told, or as it is when nobody has been told yet.

    In a transaction the free slots have to be given: asking for them goes across the network.
    """
    call = ProviderCall.objects.filter(subject=turn.uid).first()
    if call is None or call.state in (ProviderCall.State.DONE, ProviderCall.State.CANCELLED):
        return Place(PlaceState.NONE)
    if call.state == ProviderCall.State.REFUSED:
        return Place(PlaceState.REFUSED)
    if call.state == ProviderCall.State.ADMITTED:
        return Place(PlaceState.ADMITTED, eta_seconds=0.0, account=call.account_id)
    if call.told_due is not None and call.told_position is not None:
        left = (call.told_due - now()).total_seconds()
        return Place(PlaceState.WAITING, call.told_position, max(0.0, left))
    free = scheduling.free_slots() if slots is None else slots
    standing = scheduling.standings_of([turn.uid], free).get(turn.uid)
    return Place(PlaceState.WAITING) if standing is None else _waiting(standing)


def _waiting(standing: scheduling.Standing) -> Place:
    return Place(PlaceState.WAITING, max(1, standing.position), standing.eta_seconds)


@contextmanager
def making(turn: Turn) -> Iterator[None]:
    """Around the one call that was admitted. Raises CallTakenBack before anything was sent."""
    try:
        with scheduling.sending(turn.uid):
            yield
    except scheduling.NotAdmitted:
        raise CallTakenBack from None


def note_task(turn: Turn, task: str) -> None:
    """Say where the call went, so that what it costs is watched while it runs."""
    scheduling.sent(turn.uid, task=task)


def settle(turn: UUID) -> None:
    """Say what the call of an ended turn has cost; the provider is asked, and if it does not say, the estimate holds.

    Does nothing for a turn that has not ended, or whose call was settled. Raises EngineError while there is still
    time to ask again.
    """
    ended = Turn.objects.filter(uid=turn, ended_at__isnull=False).select_related("session").first()
    if ended is None or not _is_in(ended, ProviderCall.State.ADMITTED):
        return
    call = ProviderCall.objects.get(subject=turn)
    usage = None
    try:
        usage = _usage(Conversation(call.account_id, ended.heard_in))
    except EngineError:
        if ended.ended_at is not None and now() - ended.ended_at < SETTLED_WITHIN:
            raise
        log.warning("call_settled_at_estimate", turn=str(turn))
    scheduling.finish(turn, usage=usage)


def unsettled(limit: int = 200) -> list[UUID]:
    """Turns that have ended and whose calls nobody settled: what the sweep makes good."""
    open_calls = ProviderCall.objects.filter(state=ProviderCall.State.ADMITTED).values("subject")
    ended = Turn.objects.filter(ended_at__lt=now() - timedelta(seconds=30), uid__in=open_calls)
    return list(ended.order_by("ended_at").values_list("uid", flat=True)[:limit])


def _usage(conversation: Conversation) -> scheduling.TaskUsage | None:
    engine = engine_named(MANUS)
    spent = engine.credits(conversation) if engine is not None and conversation.task else None
    return None if spent is None else scheduling.TaskUsage(conversation.task, spent)


def _is_in(turn: Turn, state: ProviderCall.State) -> bool:
    return ProviderCall.objects.filter(subject=turn.uid, state=state).exists()


def settle_unasked(session: Session) -> None:
    """Settle the calls of a session that is about to be gone: what was made costs its estimate."""
    admitted = ProviderCall.objects.filter(session_ref=session.uid, state=ProviderCall.State.ADMITTED)
    turns = session.turns.filter(uid__in=admitted.values("subject"))
    for turn in turns.order_by("pk").values_list("uid", flat=True):
        scheduling.finish(turn)
