"""What the next call of a session would send, composed by the very functions that compose the call."""

from dataclasses import dataclass

from accounts.models import Consent
from consciousness.asking import context_after, context_of, hints_of
from consciousness.chains import chain_of, engine_of, may_be_told
from consciousness.context import Context
from consciousness.disclosure import telling_about
from consciousness.models import Session, Turn
from mentors.engines import Engine, engine_named
from mentors.engines.rehearsal import RehearsalEngine
from mentors.manus.accounts import usable
from mentors.selectors import project_for
from timetravelers.kit.disclosure import Telling

NOTHING = Context((), "", 0, 0)


@dataclass(frozen=True, slots=True)
class Preview:
    """The next call, as far as it can be known: to which engine, and what it tells.

    `goes_on`: a conversation there is continued, which has heard the rest. `in_project`: the provider holds the
    Traveler's instructions already. Without consent there is no call, and nothing in it.
    """

    engine: str
    recipient: str | None
    consented: bool = False
    goes_on: bool = False
    in_project: bool = False
    context: Context = NOTHING


def preview_of(session: Session, draft: str = "") -> Preview:
    """What would be told for the words that wait to be sent, or if there are none for a draft."""
    waiting = session.turns.filter(state=Turn.State.QUEUED, answered_at__isnull=True, withheld=False)
    turn = waiting.order_by("pk").first()
    engine = _engine_for(session, turn)
    telling = telling_about(session.user_id)
    if Consent.Purpose.AI_PROVIDER not in telling.consents:
        return Preview(engine.name, engine.recipient)
    task = "" if engine.answers_at_once else _task_of(session, engine)
    in_project = not task and not engine.answers_at_once and _is_in_project(session)
    context = _context(session, turn, draft, telling, engine, task=task, in_project=in_project)
    return Preview(
        engine.name, engine.recipient, consented=True, goes_on=bool(task), in_project=in_project, context=context
    )


def _context(
    session: Session, turn: Turn | None, draft: str, telling: Telling, engine: Engine, *, task: str, in_project: bool
) -> Context:
    if turn is None:
        return context_after(session, draft, telling, engine.budget, task=task, in_project=in_project)
    turn.session = session
    return context_of(turn, telling, engine.budget, hints_of(turn), task=task, in_project=in_project)


def _engine_for(session: Session, turn: Turn | None) -> Engine:
    """Whoever is asked next; behind all of them stands the one that is always there."""
    asked = engine_of(turn) if turn is not None else None
    chain = (engine_named(name) for name in chain_of(session))
    return next((one for one in (asked, *chain) if one is not None and may_be_told(one)), RehearsalEngine())


def _task_of(session: Session, engine: Engine) -> str:
    held = session.provider_task and not session.is_task_stale and engine.is_usable(session.provider_account_id)
    return session.provider_task if held else ""


def _is_in_project(session: Session) -> bool:
    """Which account begins a conversation is known while there is only one."""
    accounts = usable()
    return len(accounts) == 1 and project_for(session.version, accounts[0].pk) is not None
