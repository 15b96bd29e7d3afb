"""What grows out of a session: tickets to it, missions, and the briefing that a Traveler gets."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.tokens import InvalidToken, read_access
from consciousness.admission import admit, ticket_for
from consciousness.errors import SessionNotFound
from consciousness.models import Session
from consciousness.services.ends import end_session
from consciousness.services.missions import offer_mission_from
from mentors.manus.simulator.server import SimulatorServer
from missions.models import Mission
from tests.actors import access_token
from tests.consciousness.driving import drive, kinds_of, last_event, says
from tests.consciousness.telling import briefing_of
from tests.factories.accounts import give_consent, give_skill, make_occupation
from tests.factories.missions import make_template
from tests.factories.sessions import make_session
from timetravelers.kit.limits import valkey

# Tickets ------------------------------------------------------------------------------------------------


def test_a_ticket_admits_its_bearer_once(session: Session) -> None:
    token = access_token(session.user)
    ticket = ticket_for(session.user, session.uid, token)
    admission = admit(session.uid, access_token=None, ticket=ticket)
    assert (admission.user, admission.session, admission.claims) == (session.user, session, read_access(token))
    with pytest.raises(InvalidToken):
        admit(session.uid, access_token=None, ticket=ticket)


def test_a_ticket_is_spent_on_the_wrong_door_too(session: Session) -> None:
    other = make_session(session.user)
    ticket = ticket_for(session.user, session.uid, access_token(session.user))
    for door in (other, session):
        with pytest.raises(InvalidToken):
            admit(door.uid, access_token=None, ticket=ticket)


def test_a_ticket_does_not_outlive_its_sign_in(session: Session) -> None:
    ticket = ticket_for(session.user, session.uid, access_token(session.user))
    User.objects.update(epoch=1)
    with pytest.raises(InvalidToken):
        admit(session.uid, access_token=None, ticket=ticket)


def test_a_ticket_expires(session: Session) -> None:
    ticket_for(session.user, session.uid, access_token(session.user))
    (key,) = [key for key in valkey().scan_iter(match="*:ticket:*")]  # noqa: C416 - an iterator
    assert 0 < int(valkey().ttl(key)) <= 30
    cache.clear()


def test_nobody_gets_a_ticket_to_a_foreign_session(session: Session, bob: User) -> None:
    with pytest.raises(SessionNotFound):
        ticket_for(bob, session.uid, access_token(bob))


@pytest.mark.parametrize("ticket", [None, "", "guessed", "\x00", "x" * 10_000])
def test_nothing_admits_nobody(session: Session, ticket: str | None) -> None:
    with pytest.raises(InvalidToken):
        admit(session.uid, access_token=None, ticket=ticket)


# Missions -----------------------------------------------------------------------------------------------


def test_a_mission_is_offered_once(session: Session) -> None:
    make_template()
    mission = offer_mission_from(session.uid)
    assert isinstance(mission, Mission)
    assert offer_mission_from(session.uid) is None
    assert kinds_of(session) == ["mission.offered"]
    offered = last_event(session)["data"]["mission"]
    assert offered == {
        "uid": str(mission.uid),
        "title": mission.template.title,
        "summary": mission.template.summary,
        "reason": mission.reason,
        "reward_points": mission.template.reward_points,
    }
    assert (mission.origin, mission.user_id) == (session.uid, session.user.pk)


def test_an_ended_session_offers_nothing(session: Session) -> None:
    make_template()
    end_session(session=session.uid, actor=session.user)
    assert offer_mission_from(session.uid) is None
    assert not Mission.objects.exists()


def test_without_anything_to_offer_nothing_is_said(session: Session) -> None:
    assert offer_mission_from(session.uid) is None
    assert kinds_of(session) == []


# What is published --------------------------------------------------------------------------------------


def test_every_event_rings_and_every_turn_is_sent_on(
    session: Session, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        said = says(session)
    announced = [repr(callback.args[1]) for callback in callbacks if hasattr(callback, "args")]
    for expected in (
        f"TurnsBegan(turns=({said.turn!r},))",
        f"LogsGrew(seqs=(({session.uid!r}, 2),))",
    ):
        assert any(one.startswith(expected) for one in announced)


# The briefing -------------------------------------------------------------------------------------------


def test_the_briefing_says_what_helps_and_nothing_else(session: Session) -> None:
    profile = session.user.profile
    profile.target_occupation = make_occupation()
    profile.active_reflective = -0.8
    profile.save()
    give_skill(session.user, "python", 4)
    briefing = briefing_of(session)
    for known in (
        session.traveler.name,
        "Data Scientists",
        "Python (strong)",
        "learns by doing",
        "Goal horizon in months: 12",
        "Hours a week: 5",
        "> Find my first data role.",
    ):
        assert known in briefing
    for private in (session.user.email, str(session.user.uid), session.user.password):
        assert private not in briefing


def test_the_briefing_of_somebody_unknown(charlie: User) -> None:
    give_consent(charlie)
    assert "not said" in briefing_of(make_session(charlie))


def test_what_was_said_reaches_the_traveler_and_comes_back(session: Session, manus: SimulatorServer) -> None:
    profile = session.user.profile
    profile.target_occupation = make_occupation()
    profile.save()
    drive(says(session, "How do I prepare for an interview about forecasting?").turn)
    reply = session.messages.get(author="traveler").text.lower()
    assert "forecasting" in reply
    assert "data scientist" in reply
    assert session.traveler.name.lower() in reply
