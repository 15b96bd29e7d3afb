"""Several hands on one session at once, each in a thread with its own connection."""

from collections import Counter
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Session, Turn
from consciousness.services.editing import archive_session, rename_session
from consciousness.services.ends import end_idle, end_session
from consciousness.services.saying import Said
from consciousness.services.schedules import cancel_scheduled, open_due, open_scheduled
from consciousness.services.steps import step
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import State, kinds_of, reach, replies_in, says, turn_of
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_scheduled
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.errors import PreconditionFailed

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_phones_rename_at_once(session: Session) -> None:
    def rename(side: int) -> Session:
        title = f"Title {side}"
        return rename_session(session=session.uid, actor=session.user, title=title, expected_revision=1)

    outcomes = at_once(4, rename)
    (won,) = [one for one in outcomes if isinstance(one, Session)]
    assert sum(isinstance(one, PreconditionFailed) for one in outcomes) == 3
    assert (Session.objects.get().title, Session.objects.get().revision) == (won.title, 2)
    assert kinds_of(session) == ["session.renamed"]


def test_put_away_twice_at_once_is_once(session: Session) -> None:
    at_once(4, lambda _: archive_session(session=session.uid, actor=session.user))
    assert kinds_of(session) == ["session.archived"]


def test_the_end_against_a_reply(session: Session, manus: SimulatorServer) -> None:
    turn = reach(says(session).turn, State.RUNNING)
    Turn.objects.update(due_at=now())

    def act(side: int) -> None:
        if side:
            step(turn.uid)
        else:
            end_session(session=session.uid, actor=session.user)

    at_once(2, act)
    kinds = Counter(kinds_of(session))
    replied = turn_of(turn.uid).state == State.COMPLETED
    assert kinds["session.ended"] == 1
    assert (kinds["turn.completed"], kinds["turn.cancelled"]) == (replied, not replied)
    assert len(replies_in(session)) == replied
    assert not Turn.objects.unfinished().exists()


def test_last_words_against_the_idle_sweep(session: Session, settings: Settings) -> None:
    past = now() - timedelta(days=30)
    Session.objects.update(updated_at=past, idle_check_at=past)
    said, _ = at_once(2, lambda side: end_idle() if side else says(session, "Still here!"))
    session.refresh_from_db()
    assert (session.state == "open") == isinstance(said, Said)
    kinds = kinds_of(session)
    assert ("session.ended" in kinds) != ("message.created" in kinds)


def test_many_sweeps_and_the_person_open_it_once(alice: User) -> None:
    give_consent(alice)
    planned = make_scheduled(alice, now() - timedelta(seconds=1))
    at_once(4, lambda side: open_due() if side else open_scheduled(session=planned.uid, actor=alice))
    assert kinds_of(planned) == ["session.opened"]


def test_opening_against_calling_off(alice: User) -> None:
    planned = make_scheduled(alice, now() - timedelta(seconds=1))
    at_once(2, lambda side: open_due() if side else cancel_scheduled(session=planned.uid, actor=alice))
    planned.refresh_from_db()
    assert kinds_of(planned) == ["session.opened" if planned.state == "open" else "session.cancelled"]
