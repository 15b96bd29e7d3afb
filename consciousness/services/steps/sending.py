"""A turn in `queued`: it waits for its session, for consent and for the scheduler, and then goes to its engine."""

from datetime import timedelta

from django.conf import settings

from accounts.models import Consent
from accounts.selectors import live_consent
from consciousness.asking import Parcel, conversation_of, hints_of, parcel_for_task
from consciousness.chains import engine_of, may_be_told
from consciousness.models import Turn
from consciousness.services import calls, outcomes
from consciousness.services.calls import PlaceState
from consciousness.services.cards import is_in_danger, show_card
from consciousness.services.files.copies import attach_files, references_of_files
from consciousness.services.leases import Lease
from consciousness.services.receipts import note_egress
from consciousness.services.steps.answering import answer_first
from consciousness.services.steps.moving import fill_in_if_late, hand_on, is_out_of_time, move_on
from consciousness.services.steps.pace import IN_LINE_SECONDS, RECHECK_SECONDS, postpone, waited
from mentors.engines import Conversation, Engine
from timetravelers.kit.clock import now


def send(lease: Lease) -> None:
    """Everything that leaves the house for a turn leaves through here, after the person's consent was seen."""
    turn = lease.turn
    engine = engine_of(turn)
    if is_in_danger(turn):
        show_card(lease)
    elif must_wait_for_another(turn):
        postpone(lease, RECHECK_SECONDS)
    elif is_out_of_time(turn):
        outcomes.close(lease)
    elif (consent := live_consent(turn.session.user_id, Consent.Purpose.AI_PROVIDER)) is None:
        outcomes.fail(lease, outcomes.NO_CONSENT)
    elif engine is None or not may_be_told(engine):
        move_on(lease, outcomes.PROVIDER_REFUSED, hopeful=False)
    elif engine.answers_at_once:
        answer_first(lease, engine, consent)
    elif not engine.is_usable():
        _wait_for_engine(lease)
    else:
        _stand_in_line(lease, engine, consent)


def must_wait_for_another(turn: Turn) -> bool:
    """Whether an earlier turn of the session has not ended, or another one is with the engine."""
    others = turn.session.turns.exclude(pk=turn.pk)
    earlier = others.unfinished().filter(pk__lt=turn.pk)
    return earlier.exists() or others.filter(state__in=Turn.IN_FLIGHT).exists()


def _wait_for_engine(lease: Lease) -> None:
    """Nobody can be asked just now: somebody else answers, or it is tried again for as long as people wait."""
    turn = lease.turn
    if hand_on(lease, outcomes.PROVIDER_DOWN, hopeful=True):
        return
    if turn.answered_at is None and waited(turn) < settings.ENGINE_ETA_LIMIT_SECONDS:
        postpone(lease, RECHECK_SECONDS)
    else:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=True)


def _stand_in_line(lease: Lease, engine: Engine, consent: Consent) -> None:
    session = lease.turn.session
    if session.provider_task and (session.is_task_stale or not engine.is_usable(session.provider_account_id)):
        # It knows what it should not, or its account cannot be used: the conversation begins anew, from our own log.
        outcomes.forget_task(lease)
    place = calls.place_of(lease.turn)
    match place.state:
        case PlaceState.NONE:
            outcomes.stand_in_line(lease)
            postpone(lease, IN_LINE_SECONDS)
        case PlaceState.ADMITTED if place.account is not None:
            _call(lease, engine, consent, place.account)
        case PlaceState.REFUSED:
            outcomes.fail(lease, outcomes.OVER_BUDGET)
        case _:
            _wait_in_line(lease, place.eta_seconds)


def _wait_in_line(lease: Lease, eta_seconds: float | None) -> None:
    is_long = eta_seconds is not None and eta_seconds > settings.ENGINE_ETA_LIMIT_SECONDS
    if is_long and lease.turn.answered_at is None and hand_on(lease, outcomes.PROVIDER_BUSY, hopeful=True):
        return
    fill_in_if_late(lease)
    postpone(lease, IN_LINE_SECONDS)


def _call(lease: Lease, engine: Engine, consent: Consent, account: int) -> None:
    conversation = engine.boundary(conversation_of(lease.turn.session, account))
    attach_files(lease, engine, consent, account)
    hints = hints_of(lease.turn)

    def pack(turn: Turn) -> Parcel:
        if conversation.task and turn.session.is_task_stale:
            # Something was to be forgotten since the step began.
            raise calls.CallTakenBack
        parcel = parcel_for_task(turn, conversation, engine, hints).with_files(references_of_files(turn, account))
        note_egress(turn, engine, consent, parcel, endpoint=endpoint_of(conversation), account=conversation.account)
        return parcel

    try:
        with calls.making(lease.turn):
            parcel = outcomes.store_intent(lease, conversation, pack)
            begun = engine.begin(parcel.ask, conversation, lambda _offset, _text: None)
    except calls.CallTakenBack:
        # Not ours to make (any longer): nothing was sent, so stand in line anew.
        outcomes.requeue(lease, due_at=now())
        return
    due_at = now() + timedelta(seconds=settings.TURN_POLL_SECONDS)
    outcomes.mark_running(lease, begun.conversation, engine=engine.name, due_at=due_at)


def endpoint_of(conversation: Conversation) -> str:
    """What the next call about a conversation is called, for the receipt."""
    return "task.sendMessage" if conversation.task else "task.create"
