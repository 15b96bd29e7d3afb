"""Reflections in `asked` and `running`: whether the call arrived, and what came of it."""

from accounts.models import Consent
from accounts.selectors import live_consent
from consciousness.models import Reflection
from consciousness.services.reflecting import pace
from consciousness.services.reflecting.asking import ask_at_once, mark_running
from consciousness.services.reflecting.ends import engine_of, move_on, put_back, skip
from consciousness.services.reflecting.leases import Lease
from consciousness.services.reflecting.planning import references_of
from consciousness.services.reflecting.storing import conclude
from mentors.engines import Answer, AnswerState, Conversation, Engine
from timetravelers.kit.clock import now

FINISHED = (AnswerState.REPLIED, AnswerState.MUTE)


def find_out(lease: Lease) -> None:
    """Somebody meant to ask, and did not say how it went: look, and ask again only what surely did not arrive."""
    engine = engine_of(lease.reflection)
    if engine is None:
        move_on(lease, "provider_unavailable")
        return
    found = engine.find(references_of(lease.reflection), Conversation(lease.reflection.account_id))
    if found:
        mark_running(lease, found[-1])
    elif _since(lease.reflection) < pace.SETTLE.total_seconds():
        lease.postpone(pace.RECHECK_SECONDS)
    else:
        try_again(lease)


def collect(lease: Lease) -> None:
    """See what the engine says; one that answers at once is asked again, since whoever asked it died."""
    engine = engine_of(lease.reflection)
    if engine is None:
        move_on(lease, "provider_unavailable")
    elif engine.answers_at_once:
        _ask_again(lease, engine)
    else:
        answer = engine.look(Conversation(lease.reflection.account_id, lease.reflection.task))
        _take(lease, engine, answer)


def try_again(lease: Lease) -> None:
    """Ask once more, a limited number of times."""
    if lease.reflection.attempts >= pace.MAX_ATTEMPTS:
        move_on(lease, "provider_unavailable")
    else:
        put_back(lease)


def _ask_again(lease: Lease, engine: Engine) -> None:
    consent = live_consent(lease.reflection.session.user_id, Consent.Purpose.AI_PROVIDER)
    if consent is None:
        skip(lease, "no_consent")
    elif lease.reflection.attempts >= pace.MAX_ATTEMPTS:
        move_on(lease, "provider_unavailable")
    else:
        ask_at_once(lease, engine, consent)


def _take(lease: Lease, engine: Engine, answer: Answer) -> None:
    silent = _since(lease.reflection)
    if answer.value is not None:
        conclude(lease, engine.name, answer)
    elif answer.state is AnswerState.WORKING and silent < pace.PATIENCE.total_seconds():
        lease.postpone(min(max(pace.LOOK_SECONDS, silent / 6), pace.LONGEST_LOOK_SECONDS))
    elif answer.state in FINISHED and silent < pace.LATE.total_seconds():
        lease.postpone(pace.LOOK_SECONDS)
    else:
        move_on(lease, "no_answer")


def _since(reflection: Reflection) -> float:
    """Seconds since the engine was, or was to be, called."""
    return (now() - reflection.asked_at).total_seconds() if reflection.asked_at else 0.0
