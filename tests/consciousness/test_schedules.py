"""Scheduled sessions: made, moved, called off, and opened by time or by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from consciousness.appointments import EARLY
from consciousness.errors import SessionEnded, SessionNotOpen, SessionTooEarly, SessionWrongState, TooManyScheduled
from consciousness.models import Reminder, Session
from consciousness.services import sessions
from consciousness.services.ends import end_session
from consciousness.services.schedules import cancel_scheduled, cancel_scheduled_with, open_due, open_scheduled
from consciousness.services.sessions import schedule_session
from mentors.models import Traveler
from tests.actors import ApiClient
from tests.consciousness.driving import kinds_of, last_event, says
from tests.consciousness.test_api import assert_problem
from tests.factories.accounts import give_consent
from tests.factories.mentors import make_traveler
from tests.factories.sessions import make_scheduled, make_session
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]
LATER = timedelta(days=3)


@pytest.fixture
def planned(alice: User) -> Session:
    """Alice's session of in three days."""
    give_consent(alice)
    return schedule_session(actor=alice, traveler=make_traveler("maren-okafor").uid, starts_at=now() + LATER)


def due(session: Session) -> None:
    """Its time has come."""
    Session.objects.filter(pk=session.pk).update(starts_at=now() - timedelta(seconds=1))


# Scheduling ---------------------------------------------------------------------------------------------


def test_scheduling_over_the_api(api: Api, alice: User) -> None:
    give_consent(alice)
    alice.profile.time_zone = "Asia/Kathmandu"
    alice.profile.save()
    starts_at = (now() + LATER).replace(microsecond=0)
    wanted = {"traveler": str(make_traveler().uid), "starts_at": starts_at.isoformat(), "title": "Interview"}
    told = api(alice).post("/sessions/", wanted).json()
    assert (told["state"], told["title"], told["opened_at"], told["last_seq"]) == ("scheduled", "Interview", None, 1)
    assert told["time_zone"] == "Asia/Kathmandu"
    assert told["starts_at_local"].endswith("+05:45")
    assert last_event(Session.objects.get()) == {
        "seq": 1,
        "type": "session.scheduled",
        "data": {"starts_at": starts_at.isoformat().replace("+00:00", "Z")},
    }
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"day_before", "soon"}


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        ("2026-11-24T18:00:00", "no_offset"),
        ("soon", "invalid"),
        (1_800_000_000, "invalid"),
        ("9999-12-31T23:59:59-12:00", "invalid"),
        ("1999-01-01T00:00:00Z", "out_of_range"),
        ("2999-01-01T00:00:00Z", "out_of_range"),
        (None, "null"),
    ],
)
def test_times_that_are_none(api: Api, alice: User, starts_at: Any, code: str) -> None:
    give_consent(alice)
    answer = api(alice).post("/sessions/", {"traveler": str(make_traveler().uid), "starts_at": starts_at})
    problem = assert_problem(answer, 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("/starts_at", code)]
    assert not Session.objects.exists()


def test_nobody_schedules_without_end(planned: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SCHEDULED", 1)
    with pytest.raises(TooManyScheduled):
        schedule_session(actor=planned.user, traveler=planned.traveler.uid, starts_at=now() + LATER)


def test_before_its_time_nothing_is_said(planned: Session) -> None:
    with pytest.raises(SessionNotOpen):
        says(planned)
    with pytest.raises(SessionNotOpen):
        end_session(session=planned.uid, actor=planned.user)


# Moving and calling off ---------------------------------------------------------------------------------


def test_moving_a_session_moves_its_reminders(api: Api, planned: Session) -> None:
    starts_at = (now() + timedelta(hours=2)).replace(microsecond=0)
    answer = api(planned.user).post(f"/sessions/{planned.uid}/reschedule/", {"starts_at": starts_at.isoformat()})
    assert answer.json()["starts_at"] == starts_at.isoformat().replace("+00:00", "Z")
    assert kinds_of(planned) == ["session.scheduled", "session.rescheduled"]
    (reminder,) = Reminder.objects.all()
    assert (reminder.kind, reminder.due_at) == ("soon", starts_at - timedelta(minutes=15))


def test_the_same_time_again_is_no_news(api: Api, planned: Session) -> None:
    same = {"starts_at": planned.starts_at.isoformat() if planned.starts_at else ""}
    assert api(planned.user).post(f"/sessions/{planned.uid}/reschedule/", same).status_code == 200
    assert kinds_of(planned) == ["session.scheduled"]


def test_calling_it_off(api: Api, planned: Session) -> None:
    told = api(planned.user).post(f"/sessions/{planned.uid}/cancel/").json()
    assert (told["state"], told["ended_reason"]) == ("cancelled", "user")
    assert not Reminder.objects.exists()
    assert last_event(planned)["data"]["reason"] == "user"
    for again in ("cancel", "open"):
        assert_problem(api(planned.user).post(f"/sessions/{planned.uid}/{again}/"), 409, "session_ended")


def test_an_open_session_is_neither_moved_nor_called_off(api: Api, session: Session) -> None:
    later = {"starts_at": (now() + LATER).isoformat()}
    assert_problem(api(session.user).post(f"/sessions/{session.uid}/reschedule/", later), 409, "session_wrong_state")
    with pytest.raises(SessionWrongState):
        cancel_scheduled(session=session.uid, actor=session.user)


def test_a_traveler_that_goes_calls_off_what_is_to_come(planned: Session) -> None:
    session = make_session(planned.user)
    Traveler.objects.update(state="retired")
    cancel_scheduled_with(planned.traveler.uid)
    cancel_scheduled_with(session.traveler.uid)
    planned.refresh_from_db()
    session.refresh_from_db()
    assert (planned.state, planned.ended_reason) == ("cancelled", "traveler")
    assert session.state == "open"


# Opening ------------------------------------------------------------------------------------------------


def test_it_opens_itself(planned: Session) -> None:
    assert open_due() == 0
    due(planned)
    assert open_due() == 1
    assert open_due() == 0
    planned.refresh_from_db()
    assert planned.state == "open"
    assert planned.opened_at is not None
    assert kinds_of(planned) == ["session.scheduled", "session.opened"]
    assert says(planned).is_new


def test_what_counts_is_how_things_are_at_the_opening(planned: Session) -> None:
    newer = make_traveler("maren-okafor-two", version=4)
    version = newer.versions.order_by("-number")[0]
    Session.objects.filter(pk=planned.pk).update(traveler=newer, version=version, instructions_hash="old")
    due(planned)
    open_due()
    planned.refresh_from_db()
    assert planned.instructions_hash == version.instructions_hash
    pins = last_event(planned)["data"]["pins"]
    assert (pins["traveler_version"], pins["consent_version"]) == (4, 1)
    assert pins["instructions_hash"] == version.instructions_hash


def test_a_traveler_that_retired_keeps_what_was_pinned(planned: Session) -> None:
    Traveler.objects.update(state="retired")
    due(planned)
    assert open_due() == 1
    assert Session.objects.get(pk=planned.pk).version_id == planned.version_id


def test_a_person_may_be_a_little_early(planned: Session) -> None:
    with pytest.raises(SessionTooEarly):
        open_scheduled(session=planned.uid, actor=planned.user)
    Session.objects.update(starts_at=now() + EARLY - timedelta(seconds=5))
    assert open_scheduled(session=planned.uid, actor=planned.user).state == "open"
    assert not Reminder.objects.exists()
    with pytest.raises(SessionWrongState):
        open_scheduled(session=planned.uid, actor=planned.user)


def test_the_sweep_leaves_the_rest_alone(alice: User) -> None:
    over = make_scheduled(alice, now() - timedelta(minutes=1))
    ahead = make_scheduled(alice, now() + timedelta(minutes=1), over.traveler)
    assert open_due() == 1
    assert dict(Session.objects.values_list("pk", "state")) == {over.pk: "open", ahead.pk: "scheduled"}
    end_session(session=over.uid, actor=alice)
    with pytest.raises(SessionEnded):
        open_scheduled(session=over.uid, actor=alice)
