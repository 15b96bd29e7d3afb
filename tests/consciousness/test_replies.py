"""Another reply to the same words, and choosing among them: the one that there is stands until another one does."""

from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.services import withdraw_consent
from consciousness.errors import (
    MessageNotFound,
    NotAReply,
    SessionBusy,
    SessionEnded,
    SessionNotFound,
    TurnNotFound,
    TurnNotLast,
    TurnWrongState,
)
from consciousness.models import Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.replies import choose_reply, regenerate_turn
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api
from tests.consciousness.driving import (
    State,
    age,
    carried_out,
    die_after_intent,
    drive,
    events_of,
    kinds_of,
    reach,
    replies_in,
    says,
    step_now,
    turn_of,
)
from tests.consciousness.trees import (
    asks_again,
    assert_sound,
    chooses,
    edits,
    replied_again,
    replies_of,
    retold,
    told,
    turns_to,
)
from timetravelers.kit.errors import Forbidden


def standing(turn: UUID) -> list[bool]:
    """Of each reply of a turn whether it stands, oldest first."""
    return [one.superseded_at is None for one in replies_of(turn)]


def test_another_reply_takes_the_place_of_the_one_that_there_was(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    asked = asks_again(session, turn)
    assert (asked.state, standing(turn)) == (State.QUEUED, [True])
    assert drive(turn).state == State.COMPLETED
    assert standing(turn) == [False, True]
    kinds = kinds_of(session)
    assert kinds[kinds.index("turn.completed") + 1 :] == [
        "turn.queued",
        "turn.started",
        "message.superseded",
        "message.created",
        "turn.completed",
    ]
    assert_sound(session)


def test_it_may_be_asked_for_any_number_of_times(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    for _ in range(3):
        assert replied_again(session, turn).state == State.COMPLETED
    assert standing(turn) == [False, False, False, True]
    assert carried_out(manus, "task.create") == 4  # each in a task that knows nothing of the others
    assert_sound(session)


def test_asking_again_with_the_same_id_changes_nothing(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    asks_again(session, turn, "r-1")
    assert asks_again(session, turn, "r-1").state == State.QUEUED
    drive(turn)
    replied_again(session, turn)
    before = kinds_of(session)
    assert asks_again(session, turn, "r-1").state == State.COMPLETED
    assert kinds_of(session) == before


def test_when_none_comes_the_old_one_stands(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    manus.arm("task.create", "401")
    asks_again(session, turn)
    ended = drive(turn)
    assert (ended.state, ended.failure, standing(turn)) == (State.COMPLETED, "", [True])
    assert kinds_of(session)[-2:] == ["turn.failed", "turn.completed"]
    assert events_of(session)[-1]["data"]["message"] == str(replies_of(turn)[0].uid)
    assert_sound(session)


def test_no_stand_in_takes_the_place_of_a_reply(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    turn = told(session, "One.")
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]
    Session.objects.update(engine_chain=["manus", "rehearsal"])
    manus.arm("task.reply", "silence", seconds=600)
    asks_again(session, turn)
    reach(turn, State.RUNNING)
    age(turn, settings.ENGINE_ETA_LIMIT_SECONDS + 1)
    assert step_now(turn).state == State.RUNNING
    age(turn, settings.TURN_PATIENCE_SECONDS + 1)
    assert step_now(turn).state == State.COMPLETED
    assert replies_in(session) == [("manus", False, True)]


def test_people_wait_from_when_they_ask_again(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]
    turn = told(session, "One.")
    age(turn, 10 * settings.TURN_PATIENCE_SECONDS)
    assert replied_again(session, turn).state == State.COMPLETED
    assert replies_in(session) == [("manus", False, False), ("manus", False, True)]


def test_taking_the_wish_back_leaves_the_old_one(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    asks_again(session, turn)
    reach(turn, State.RUNNING)
    cancelled = cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert (cancelled.state, standing(turn)) == (State.COMPLETED, [True])
    assert kinds_of(session)[-2:] == ["turn.cancelled", "turn.completed"]
    assert step_now(turn).state == State.COMPLETED
    session.refresh_from_db()
    assert session.provider_task == ""  # it has heard the words twice
    assert len(session.former_tasks) == 2
    assert drive(says(session, "Two.").turn).state == State.COMPLETED
    assert_sound(session)


def test_the_end_of_the_session_leaves_the_old_one(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    asks_again(session, turn)
    end_session(session=session.uid, actor=session.user)
    assert (turn_of(turn).state, standing(turn)) == (State.COMPLETED, [True])


def test_words_that_were_taken_back_can_be_answered_after_all(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, "One.").turn
    cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert replied_again(session, turn).state == State.COMPLETED
    assert standing(turn) == [True]


def test_another_question_and_back_to_a_reply(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    manus.arm("task.reply", "ask")
    assert replied_again(session, turn).state == State.WAITING
    first, question = replies_of(turn)
    assert question.is_question
    chooses(session, first.uid)
    assert turn_of(turn).state == State.COMPLETED
    chooses(session, question.uid)
    assert turn_of(turn).state == State.WAITING
    assert events_of(session)[-1]["data"]["question"] == question.text
    asks_again(session, turn)
    cancel_turn(session=session.uid, turn=turn, actor=session.user)
    assert turn_of(turn).state == State.WAITING
    assert_sound(session)


def test_a_send_that_got_lost_is_not_mistaken_for_the_one_before(session: Session, manus: SimulatorServer) -> None:
    """The old task has the same words and an answer; what is looked for is the new one."""
    turn = told(session, "One.")
    asks_again(session, turn)
    die_after_intent(turn)
    Turn.objects.filter(uid=turn).update(sends=2)
    age(turn, 1000)
    assert drive(turn).state == State.COMPLETED
    assert standing(turn) == [False, True]
    assert carried_out(manus, "task.create") == 2


def test_a_reply_can_be_chosen_again(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    replied_again(session, turn)
    first, second = replies_of(turn)
    chooses(session, first.uid)
    assert standing(turn) == [True, False]
    superseded, chosen, completed = events_of(session)[-3:]
    assert superseded["data"] == {"message": str(second.uid), "by": str(first.uid), "turn": str(turn)}
    assert (chosen["type"], chosen["data"]) == ("reply.chosen", {"turn": str(turn), "message": str(first.uid)})
    assert completed["data"]["message"] == str(first.uid)
    before = kinds_of(session)
    chooses(session, first.uid)
    assert kinds_of(session) == before
    assert_sound(session)


def test_only_the_last_turn_in_view_gets_other_replies(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    replied_again(session, first)
    told(session, "Two.")
    with pytest.raises(TurnNotLast):
        asks_again(session, first)
    with pytest.raises(TurnNotLast):
        chooses(session, replies_of(first)[0].uid)
    other = retold(session, first, "Uno.")
    with pytest.raises(TurnNotLast):
        asks_again(session, first)
    assert replied_again(session, other).state == State.COMPLETED
    assert_sound(session)


def test_what_cannot_be_is_refused(session: Session, manus: SimulatorServer, bob: User) -> None:
    turn = told(session, "One.")
    reply, said = replies_of(turn)[0], session.messages.get(author="user")
    with pytest.raises(SessionNotFound):
        regenerate_turn(session=session.uid, turn=turn, actor=bob, client_id="x")
    with pytest.raises(SessionNotFound):
        choose_reply(session=session.uid, message=reply.uid, actor=bob)
    with pytest.raises(TurnNotFound):
        asks_again(session, uuid4())
    with pytest.raises(MessageNotFound):
        chooses(session, uuid4())
    with pytest.raises(NotAReply):
        chooses(session, said.uid)
    withdraw_consent(user=session.user, purpose="ai_provider")
    with pytest.raises(Forbidden):
        asks_again(session, turn)
    assert turn_of(turn).state == State.COMPLETED


def test_a_failed_turn_is_tried_again_and_not_regenerated(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.create", "401")
    failed = drive(says(session, "One.").turn)
    with pytest.raises(TurnWrongState):
        asks_again(session, failed.uid)
    manus.faults.clear()
    assert retry_turn(session=session.uid, turn=failed.uid, actor=session.user).state == State.QUEUED


def test_nothing_changes_while_something_is_on_its_way(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    replied_again(session, turn)
    asks_again(session, turn)
    with pytest.raises(SessionBusy):
        asks_again(session, turn)
    with pytest.raises(SessionBusy):
        chooses(session, replies_of(turn)[0].uid)
    drive(turn)
    end_session(session=session.uid, actor=session.user)
    with pytest.raises(SessionEnded):
        asks_again(session, turn)
    with pytest.raises(SessionEnded):
        chooses(session, replies_of(turn)[0].uid)


def test_a_reply_on_another_branch_is_chosen_after_a_switch(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    replied_again(session, first)
    drive(edits(session, first, "Uno.").turn)
    turns_to(session, first)
    chooses(session, replies_of(first)[0].uid)
    assert standing(first) == [True, False]
    assert_sound(session)


def test_over_rest(session: Session, manus: SimulatorServer, api: Api) -> None:
    turn = told(session, "One.")
    phone, path = api(session.user), f"/sessions/{session.uid}/"
    asked = phone.post(f"{path}turns/{turn}/regenerate/", {"client_id": "r-1"}, Idempotency_Key="k")
    assert (asked.status_code, asked.json()) == (200, {"uid": str(turn), "state": "queued", "final": True})
    drive(turn)
    # The key answers as it did, and the client id alone does no more.
    assert (
        phone.post(f"{path}turns/{turn}/regenerate/", {"client_id": "r-1"}, Idempotency_Key="k").json() == asked.json()
    )
    assert phone.post(f"{path}turns/{turn}/regenerate/", {"client_id": "r-1"}).json()["state"] == "completed"
    first, second = replies_of(turn)
    shown = phone.get(f"{path}messages/").json()["results"]
    assert [(one["uid"], one["reply_place"], one["replies"]) for one in shown][1:] == [(str(second.uid), 2, 2)]
    assert phone.post(f"{path}messages/{first.uid}/choose/").json()["state"] == "completed"
    shown = phone.get(f"{path}messages/").json()["results"]
    assert [(one["uid"], one["reply_place"], one["replies"]) for one in shown][1:] == [(str(first.uid), 1, 2)]
    whole = phone.get(f"{path}messages/", {"branch": "all"}).json()["results"]
    assert len(whole) == 3
    wrong = phone.post(f"{path}turns/{turn}/regenerate/", {"client_id": "no spaces"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/client_id")
