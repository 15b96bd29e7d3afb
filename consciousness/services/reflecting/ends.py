"""How reflections end without a result, or with another engine."""

import structlog

from consciousness.chains import chain_of, may_be_told
from consciousness.models import Reflection
from consciousness.services.reflecting.leases import Lease
from consciousness.services.reflecting.planning import leave_task
from mentors.engines import Engine, engine_named, following
from mentors.services import scheduling
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

State = Reflection.State


def engine_of(reflection: Reflection) -> Engine | None:
    """Who is asked; None if that engine is not configured any longer."""
    return engine_named(reflection.engine or chain_of(reflection.session)[0])


def skip(lease: Lease, reason: str) -> None:
    """Leave it: nothing is told of this session."""
    _end(lease, State.SKIPPED, reason)


def fail(lease: Lease, reason: str) -> None:
    """Give it up; people can ask for another one."""
    log.warning("reflection_failed", reflection=str(lease.reflection.uid), reason=reason)
    _end(lease, State.FAILED, reason)


def move_on(lease: Lease, reason: str) -> None:
    """Let the next engine of the session's chain look back; without one it fails."""
    session = lease.reflection.session
    name = lease.reflection.engine or chain_of(session)[0]
    taker = next((one for one in map(engine_named, following(chain_of(session), name)) if _can(one)), None)
    if taker is None:
        fail(lease, reason)
        return
    log.warning("reflection_engine_changed", reflection=str(lease.reflection.uid), after=taker.name, reason=reason)
    with lease.locked() as (locked, reflection):
        scheduling.cancel(reflection.uid)
        leave_task(locked, reflection)
        reflection.state, reflection.engine = State.WAITING, taker.name
        reflection.attempts, reflection.due_at = 0, now()


def put_back(lease: Lease) -> None:
    """The engine surely does not have it: once more from the beginning."""
    with lease.locked() as (locked, reflection):
        scheduling.cancel(reflection.uid)
        leave_task(locked, reflection)
        reflection.state, reflection.due_at = State.WAITING, now()


def _can(engine: Engine | None) -> bool:
    return engine is not None and may_be_told(engine) and engine.is_usable()


def _end(lease: Lease, state: Reflection.State, reason: str) -> None:
    with lease.locked() as (session, reflection):
        scheduling.cancel(reflection.uid)
        leave_task(session, reflection)
        reflection.state, reflection.reason, reflection.ended_at = state, reason, now()
        reflection.lease_holder = reflection.lease_until = None
