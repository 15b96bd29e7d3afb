"""Down the chain: what happens to a turn whose engine cannot answer, or not soon enough."""

from datetime import timedelta

import structlog
from django.conf import settings
from prometheus_client import Counter

from consciousness.asking import hints_of, parcel_for_reply
from consciousness.chains import name_of_engine, takers_of
from consciousness.models import Turn
from consciousness.services import outcomes
from consciousness.services.endings import standing_reply
from consciousness.services.leases import Lease
from consciousness.services.outcomes import AndThen, Failure
from consciousness.services.steps.pace import background_pause, waited
from mentors.engines import Answer, Conversation, Engine
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

moves_total = Counter("tt_turn_engine_moves_total", "Turns that another engine took over", ["from", "to", "reason"])


def move_on(lease: Lease, failure: Failure, *, hopeful: bool, abandon_task: bool = False) -> None:
    """Let the next engine answer; without one the turn fails, or keeps the stand-in's reply that it has.

    `hopeful`: the engine may be able to answer later, and has not been paid for this turn, so behind a stand-in's
    reply it is tried again. A task that is abandoned is never used again.
    """
    if hand_on(lease, failure, hopeful=hopeful, abandon_task=abandon_task):
        return
    if hopeful and lease.turn.answered_at is not None:
        outcomes.requeue(lease, due_at=now() + timedelta(seconds=background_pause(lease.turn.attempts)))
    else:
        outcomes.fail(lease, failure, abandon_task=abandon_task)


def hand_on(lease: Lease, reason: Failure, *, hopeful: bool, abandon_task: bool = False) -> bool:
    """The same if somebody takes over; False, and nothing has changed, if nobody does."""
    has_reply = standing_reply(lease.turn) is not None
    taker = next((one for one in takers_of(lease.turn) if not (one.is_stand_in and has_reply)), None)
    if taker is None:
        return False
    _note_move(lease.turn, taker, reason.code)
    if taker.is_stand_in:
        then = AndThen.TRY_LATER if hopeful else AndThen.END
        outcomes.stand_in(lease, taker.name, _answer_of(taker, lease.turn), then, abandon_task=abandon_task)
    else:
        outcomes.hand_over(lease, taker.name, abandon_task=abandon_task)
    return True


def fill_in_if_late(lease: Lease) -> None:
    """Have a stand-in reply when the person has waited long enough; the turn goes on behind it.

    No stand-in takes the place of a reply that there is, which somebody wanted another one beside.
    """
    turn = lease.turn
    if turn.answered_at is not None or waited(turn) < settings.ENGINE_ETA_LIMIT_SECONDS:
        return
    stand_in = next((one for one in takers_of(turn) if one.is_stand_in), None)
    if stand_in is not None and standing_reply(turn) is None:
        _note_move(turn, stand_in, "late")
        then = AndThen.GO_ON if turn.state in Turn.IN_FLIGHT else AndThen.TRY_LATER
        outcomes.stand_in(lease, stand_in.name, _answer_of(stand_in, turn), then)


def is_out_of_time(turn: Turn) -> bool:
    """Whether nobody waits any longer for a reply to take a stand-in's place."""
    limit = timedelta(seconds=settings.REAL_REPLY_SECONDS)
    return turn.answered_at is not None and now() - turn.answered_at > limit


def _answer_of(engine: Engine, turn: Turn) -> Answer:
    """What a stand-in says; it answers at once and leaves nothing anywhere."""
    parcel = parcel_for_reply(turn, engine, hints_of(turn))
    begun = engine.begin(parcel.ask, Conversation(), lambda _offset, _text: None)
    if begun.answer is None:
        raise TypeError(f"the stand-in {engine.name} does not answer at once")
    return begun.answer


def _note_move(turn: Turn, taker: Engine, reason: str) -> None:
    before = name_of_engine(turn)
    log.warning("turn_engine_changed", turn=str(turn.uid), before=before, after=taker.name, reason=reason)
    moves_total.labels(before, taker.name, reason).inc()
