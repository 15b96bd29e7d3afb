"""Words of somebody in danger: the card at once, nothing to any engine, then or later, and a count without a name."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Profile, User
from accounts.services import withdraw_consent
from consciousness.models import CrisisTally, Message, Session, Turn
from consciousness.services.cards import is_in_danger
from consciousness.services.steps import step
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import EgressRecord, ProviderCall
from tests.actors import Api
from tests.consciousness.driving import (
    State,
    carried_out,
    drive,
    events_of,
    kinds_of,
    last_event,
    manus_client,
    reach,
    says,
    step_now,
    turn_of,
)

CRY = "I lost the job again and I want to kill myself."


def card_in(session: Session) -> Message:
    return session.messages.get(kind=Message.Kind.CRISIS_CARD)


def told_to(manus: SimulatorServer) -> str:
    """Everything that any task of the provider's was told, as one text."""
    client = manus_client()
    tasks = [task.id for task in client.list_tasks(limit=100).data]
    events = [event for task in tasks for event in client.events_after(task).events]
    return "\n".join(event.user_message.content or "" for event in events if event.user_message)


def test_the_card_comes_at_once_and_nothing_leaves(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, CRY).turn
    step(turn)
    assert turn_of(turn).state == State.COMPLETED
    assert turn_of(turn).withheld
    assert kinds_of(session) == ["message.created", "turn.queued", "message.created", "turn.completed"]
    told = events_of(session)[2]["data"]["message"]
    assert (told["kind"], told["engine"], told["stand_in"]) == ("crisis_card", "house", False)
    assert "automatic message" in told["text"]
    assert last_event(session)["data"]["final"] is True
    assert not EgressRecord.objects.exists()
    assert carried_out(manus, "task.create") == 0
    assert not ProviderCall.objects.filter(subject=turn, state=ProviderCall.State.QUEUED).exists()


def test_it_is_in_the_language_of_the_words_with_help_from_where_the_person_lives(
    session: Session, manus: SimulatorServer
) -> None:
    Profile.objects.update_or_create(user=session.user, defaults={"time_zone": "Europe/Berlin", "languages": ["en"]})
    step(says(session, "Ich will nicht mehr leben").turn)
    assert "0800 111 0 111" in card_in(session).text
    assert "automatische Nachricht" in card_in(session).text


def test_the_conversation_goes_on_and_never_tells_of_it(session: Session, manus: SimulatorServer) -> None:
    drive(says(session, "Where do I start with SQL?").turn)
    step_now(says(session, CRY).turn)
    drive(says(session, "Thank you. Which course is the best?").turn)
    heard = told_to(manus)
    assert "Where do I start with SQL?" in heard
    assert "Which course is the best?" in heard
    assert "kill myself" not in heard
    assert "automatic message" not in heard


def test_another_engine_is_told_nothing_of_it_either(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    step_now(says(session, CRY).turn)
    Session.objects.filter(pk=session.pk).update(engine_chain=["rehearsal"])
    drive(says(session, "Which course is the best?").turn)
    assert "kill myself" not in session.messages.order_by("-pk")[0].text


def test_a_goal_that_cries_for_help_is_not_told(session: Session, manus: SimulatorServer) -> None:
    Session.objects.filter(pk=session.pk).update(goal="I want to die")
    drive(says(session, "Which course is the best?").turn)
    assert "want to die" not in told_to(manus)


def test_it_does_not_wait_for_an_earlier_turn(session: Session, manus: SimulatorServer) -> None:
    first = says(session).turn
    reach(first, State.RUNNING)
    second = says(session, CRY).turn
    step(second)
    assert turn_of(second).state == State.COMPLETED
    assert drive(first).state == State.COMPLETED


def test_it_needs_no_consent(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, CRY).turn
    withdraw_consent(user=session.user, purpose="ai_provider")
    step_now(turn)
    assert card_in(session).text


def test_words_that_come_while_the_step_is_taken_are_heard(
    session: Session, manus: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second message joins the turn after the step has listened, and before its call is made."""
    turn = says(session, "Where do I start?").turn

    def listens_too_early(asked: Turn) -> bool:
        heard = is_in_danger(asked)
        says(session, CRY, client_id="cry")
        return heard

    monkeypatch.setattr("consciousness.services.steps.sending.is_in_danger", listens_too_early)
    step_now(turn)
    assert card_in(session).turn.uid == turn
    assert carried_out(manus, "task.create") == 0
    assert not EgressRecord.objects.exists()


def test_cards_are_counted_by_day_and_by_nothing_else(session: Session, manus: SimulatorServer) -> None:
    for _ in range(2):
        step_now(says(session, CRY).turn)
    tally = CrisisTally.objects.get()
    assert tally.shown == 2
    assert {field.name for field in CrisisTally._meta.get_fields()} == {"id", "day", "shown"}
    session.delete()
    assert CrisisTally.objects.get().shown == 2


def test_another_reply_to_such_words_is_the_card_again(
    session: Session, manus: SimulatorServer, alice: User, api: Api
) -> None:
    turn = says(session, CRY).turn
    step_now(turn)
    phone = api(alice)
    answer = phone.post(f"/sessions/{session.uid}/turns/{turn}/regenerate/", {"client_id": "again"})
    assert answer.status_code in (200, 201, 202)
    drive(turn)
    standing = session.messages.get(author="traveler", superseded_at__isnull=True)
    assert standing.kind == Message.Kind.CRISIS_CARD
    assert CrisisTally.objects.get().shown == 1
    assert not EgressRecord.objects.exists()


def test_phones_are_told_what_kind_of_message_it_is(
    session: Session, manus: SimulatorServer, alice: User, api: Api
) -> None:
    step_now(says(session, CRY).turn)
    results = api(alice).get(f"/sessions/{session.uid}/messages/").json()["results"]
    assert [one["kind"] for one in results] == ["", "crisis_card"]
