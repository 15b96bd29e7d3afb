"""Doing what workers do, step by step, and reading what came of it."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F

from consciousness.models import Session, SessionEvent, Turn
from consciousness.services.messages import say
from consciousness.services.saying import Said
from consciousness.services.steps import step
from mentors.manus.accounts import breaker_of, client_of, forget, usable
from mentors.manus.client import ManusClient
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import ManusAccount, ProviderCall
from mentors.services.scheduling import pump
from timetravelers.kit.clock import now

State = Turn.State
ENDED = (State.COMPLETED, State.FAILED, State.CANCELLED, State.WAITING)


def says(session: Session, text: str = "How do I begin with statistics?", client_id: str = "") -> Said:
    """The owner says something."""
    return say(session=session.uid, actor=session.user, text=text, client_id=client_id or uuid4().hex)


def turn_of(uid: UUID) -> Turn:
    return Turn.objects.get(uid=uid)


def step_now(uid: UUID) -> Turn:
    """One step, whenever the next one was planned, with the scheduler having let in whom it can."""
    pump()
    Turn.objects.unfinished().filter(uid=uid).update(due_at=now())
    step(uid)
    return turn_of(uid)


def drive(uid: UUID, *, until: tuple[State, ...] = ENDED, seconds: float = 8.0) -> Turn:
    """Step until the turn is in one of the states, without waiting for planned times."""
    deadline = time.monotonic() + seconds
    while (turn := step_now(uid)).state not in until:
        assert time.monotonic() < deadline, f"the turn is still {turn.state}"
        time.sleep(0.02)
    return turn


def reach(uid: UUID, state: State) -> Turn:
    """Drive a turn to a state and be sure that it got there."""
    turn = drive(uid, until=(state, *ENDED))
    assert turn.state == state
    return turn


def age(uid: UUID, seconds: float) -> None:
    """Let it be that many seconds later, as far as the turn knows."""
    past = timedelta(seconds=seconds)
    Turn.objects.filter(uid=uid).update(
        created_at=F("created_at") - past, sent_at=F("sent_at") - past, answered_at=F("answered_at") - past
    )


def die_after_intent(uid: UUID) -> None:
    """Leave the turn as a worker does that was killed around its call to the provider, a lease ago."""
    pump()
    account = usable()[0]
    ProviderCall.objects.filter(subject=uid).update(started_at=now())
    Session.objects.filter(turns__uid=uid).update(provider_account=account.pk)
    Turn.objects.filter(uid=uid).update(
        state=State.SENT,
        sent_at=now(),
        attempts=1,
        sends=1,
        lease_holder=uuid4(),
        lease_until=now() - timedelta(seconds=1),
    )


def manus_client() -> ManusClient:
    """A client of the one account."""
    return client_of(usable()[0].pk)


def all_is_well(manus: SimulatorServer) -> None:
    """Manus behaves again, and the house has had time to notice."""
    manus.faults.clear()
    ManusAccount.objects.update(health=ManusAccount.Health.WELL, credits=None)
    for account in ManusAccount.objects.all():
        breaker_of(account).reset()
    forget()


def replies_in(session: Session) -> list[tuple[str, bool, bool]]:
    """What the Traveler said: by which engine, whether it was a stand-in, and whether it still stands."""
    said = session.messages.filter(author="traveler").order_by("pk")
    return [(one.engine, one.stand_in, one.superseded_at is None) for one in said]


def events_of(session: Session) -> list[dict[str, Any]]:
    """The log, checked to be without gaps."""
    log = SessionEvent.objects.filter(session=session).order_by("seq")
    events = [{"seq": event.seq, "type": event.type, "data": event.data} for event in log]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert Session.objects.get(pk=session.pk).last_seq == len(events)
    return events


def kinds_of(session: Session) -> list[str]:
    return [event["type"] for event in events_of(session)]


def last_event(session: Session) -> dict[str, Any]:
    return events_of(session)[-1]


def carried_out(manus: SimulatorServer, endpoint: str) -> int:
    """How many calls Manus carried out, and so charged for."""
    return int(manus.calls.summary().get(endpoint, {}).get("executed", 0))
