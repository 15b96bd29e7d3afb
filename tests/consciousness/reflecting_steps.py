"""Doing what workers do with reflections, step by step."""

import time
from datetime import timedelta

from django.db.models import F

from consciousness.models import Reflection, Session
from consciousness.services.ends import end_session
from consciousness.services.reflecting import step
from mentors.services.scheduling import pump
from tests.consciousness.driving import drive, says
from timetravelers.kit.clock import now

State = Reflection.State
ENDED = (State.DONE, State.FAILED, State.SKIPPED)

TALK = (
    "I want to become a data analyst. I have two kids.",
    "I decided to stay at my job for a year. I will learn SQL this month.",
    "Which course should I take first?",
)


def talk(session: Session, *lines: str) -> None:
    """Say this and be answered each time."""
    for line in lines or TALK:
        drive(says(session, line).turn)


def ended(session: Session) -> Reflection:
    """End the session; what will be looked back on."""
    end_session(session=session.uid, actor=session.user)
    return Reflection.objects.get(session=session)


def fresh(reflection: Reflection) -> Reflection:
    return Reflection.objects.get(pk=reflection.pk)


def step_now(reflection: Reflection) -> Reflection:
    """One step, whenever the next one was planned."""
    pump()
    Reflection.objects.unfinished().filter(pk=reflection.pk).update(due_at=now())
    step(reflection.uid)
    return fresh(reflection)


def reach(reflection: Reflection, *states: str, seconds: float = 10.0) -> Reflection:
    """Step until it is in one of the states, or over."""
    deadline = time.monotonic() + seconds
    while (found := step_now(reflection)).state not in (states or ENDED):
        assert found.state not in ENDED, f"{found.state} {found.reason}"
        assert time.monotonic() < deadline, f"the reflection is still {found.state}"
        time.sleep(0.02)
    return found


def age(reflection: Reflection, **time_gone: float) -> None:
    """Let it be that much later, as far as the reflection knows."""
    past = timedelta(**time_gone)
    Reflection.objects.filter(pk=reflection.pk).update(created_at=F("created_at") - past, asked_at=F("asked_at") - past)
