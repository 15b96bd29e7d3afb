"""A reflection in `waiting`: it waits for consent, for an engine and for the scheduler, and then is asked."""

from datetime import timedelta

from accounts.models import Consent
from accounts.selectors import live_consent
from consciousness.chains import may_be_told
from consciousness.disclosure import WORDS, telling_about
from consciousness.hindsight import ASKED, SCHEMA
from consciousness.models import Reflection, Session
from consciousness.selectors.minutes import minutes_of
from consciousness.selectors.skills import skills_mentioned
from consciousness.services.reflecting import pace
from consciousness.services.reflecting.ends import engine_of, move_on, skip
from consciousness.services.reflecting.leases import Lease
from consciousness.services.reflecting.planning import mark_of, references_of
from consciousness.services.reflecting.storing import conclude
from mentors.engines import Ask, Conversation, Engine
from mentors.minutes import compose_minutes, compose_named
from mentors.models import Lane, ProviderCall
from mentors.services import scheduling
from mentors.services.egress import record_egress
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Telling, Withheld

State = Reflection.State
# For what the provider counts beside the words.
SPARE_TOKENS = 100
CREATE, COMPLETION = "task.create", "chat.completions"


def ask(lease: Lease) -> None:
    """All that leaves the house for a reflection leaves through here, after the person's consent was seen."""
    engine = engine_of(lease.reflection)
    consent = live_consent(lease.reflection.session.user_id, Consent.Purpose.AI_PROVIDER)
    if consent is None:
        skip(lease, "no_consent")
    elif engine is None or not may_be_told(engine):
        move_on(lease, "provider_refused")
    elif engine.answers_at_once:
        ask_at_once(lease, engine, consent)
    elif not engine.is_usable():
        _wait_for_engine(lease)
    else:
        _stand_in_line(lease, engine, consent)


def ask_at_once(lease: Lease, engine: Engine, consent: Consent) -> None:
    """Call an engine that answers at once, and end with what it says."""
    asked = _intend(lease, engine, consent, None, State.RUNNING)
    answer = engine.begin(asked, Conversation(), lambda _offset, _text: None).answer
    if answer is None or answer.value is None:
        move_on(lease, "provider_failed")
    else:
        conclude(lease, engine.name, answer)


def _wait_for_engine(lease: Lease) -> None:
    """Nobody is in a hurry, but not for ever either."""
    if now() - lease.reflection.created_at > pace.LONGEST_WAIT:
        move_on(lease, "provider_unavailable")
    else:
        lease.postpone(pace.ENGINE_SECONDS)


def _stand_in_line(lease: Lease, engine: Engine, consent: Consent) -> None:
    call = ProviderCall.objects.filter(subject=lease.reflection.uid).first()
    if call is not None and call.state == ProviderCall.State.ADMITTED and call.account_id is not None:
        _call(lease, engine, consent, call.account_id)
    elif call is not None and call.state == ProviderCall.State.REFUSED:
        move_on(lease, "over_budget")
    elif call is None and _makes_way(lease.reflection):
        lease.postpone(pace.MAKE_WAY_SECONDS)
    else:
        _enqueue(lease)
        lease.postpone(pace.IN_LINE_SECONDS)


def _makes_way(reflection: Reflection) -> bool:
    """The line puts live calls first, but a slot that was used up is gone for a minute, whoever comes then."""
    is_young = now() - reflection.created_at < pace.LONGEST_WAY
    return is_young and scheduling.idle_share() < pace.LEAST_IDLE


def _enqueue(lease: Lease) -> None:
    session = lease.reflection.session
    scheduling.enqueue(
        subject=lease.reflection.uid,
        kind=ProviderCall.Kind.CREATE,
        lane=Lane.BACKGROUND,
        owner=session.user,
        session=session.uid,
    )


def _call(lease: Lease, engine: Engine, consent: Consent, account: int) -> None:
    try:
        with scheduling.sending(lease.reflection.uid):
            asked = _intend(lease, engine, consent, account, State.ASKED)
            begun = engine.begin(asked, Conversation(account), lambda _offset, _text: None)
    except scheduling.NotAdmitted:
        # Begun by somebody who died before anything was sent: stand in line anew.
        scheduling.cancel(lease.reflection.uid)
        lease.postpone(pace.RECHECK_SECONDS)
        return
    mark_running(lease, begun.conversation)


def mark_running(lease: Lease, conversation: Conversation) -> None:
    """The engine has it: remember where."""
    with lease.locked() as (_session, reflection):
        reflection.state, reflection.task = State.RUNNING, conversation.task
        reflection.account_id, reflection.due_at = conversation.account, now() + timedelta(seconds=pace.LOOK_SECONDS)
        scheduling.sent(reflection.uid, task=conversation.task)


def _intend(lease: Lease, engine: Engine, consent: Consent, account: int | None, state: Reflection.State) -> Ask:
    """Say that the engine is about to be called, with the receipt, in one transaction with reading the words."""
    with lease.locked() as (session, reflection):
        reflection.state, reflection.asked_at, reflection.account_id = state, now(), account
        reflection.attempts, reflection.sends = reflection.attempts + 1, reflection.sends + 1
        telling = telling_about(session.user_id)
        asked = _asked(session, reflection, engine, telling)
        if engine.recipient is not None:
            record_egress(
                consent=consent,
                session=session.uid,
                engine=engine.name,
                recipient=engine.recipient,
                account=account,
                endpoint=COMPLETION if account is None else CREATE,
                categories=telling.categories,
                size=len(asked.told.encode()) + len(asked.words.encode(errors="replace")),
            )
        return asked


def _asked(session: Session, reflection: Reflection, engine: Engine, telling: Telling) -> Ask:
    """Raises Withheld without a live consent, and where nothing is left that could be told."""
    minutes = telling.take(lambda: minutes_of(session), WORDS)
    if not minutes:
        raise Withheld
    budget = engine.budget
    told = ASKED + compose_named(skills_mentioned(minutes))
    words = compose_minutes(minutes, budget.tokens - budget.count(told) - SPARE_TOKENS, budget.count)
    return Ask(mark_of(reflection), references_of(reflection)[-1], words, told, schema=SCHEMA)
