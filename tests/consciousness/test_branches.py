"""Saying something else in place of what was said, and looking at another branch: nothing is lost."""

from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services import withdraw_consent
from consciousness.errors import (
    ClientIdReused,
    SessionBusy,
    SessionEnded,
    SessionNotFound,
    TurnNotFound,
    TurnOffBranch,
)
from consciousness.models import Message, Session, Turn
from consciousness.services.branches import edit_message, switch_branch
from consciousness.services.ends import end_session
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api
from tests.consciousness.driving import State, drive, events_of, kinds_of, reach, says, turn_of
from tests.consciousness.trees import assert_sound, edits, retold, told, turns_to, words_in_view
from tests.factories.sessions import make_session
from timetravelers.kit.errors import Forbidden


def test_turns_follow_each_other(session: Session, manus: SimulatorServer) -> None:
    first, second = told(session, "One."), told(session, "Two.")
    session.refresh_from_db()
    assert turn_of(first).parent is None
    assert turn_of(second).parent == turn_of(first)
    assert session.head == turn_of(second)
    assert_sound(session)


def test_other_words_begin_a_branch_beside_the_old_ones(session: Session, manus: SimulatorServer) -> None:
    first, second, third = (told(session, text) for text in ("One.", "Two.", "Three."))
    said = edits(session, second, "Two, again.")
    session.refresh_from_db()
    assert turn_of(said.turn).parent == turn_of(first)
    assert session.head == turn_of(said.turn)
    assert words_in_view(session) == ["One.", "Two, again."]
    assert Message.objects.filter(turn__uid__in=[second, third]).count() == 4
    opened, created, queued = events_of(session)[-3:]
    assert (opened["type"], opened["data"]) == ("branch.opened", {"parent": str(first), "edited": str(second)})
    assert created["data"]["message"]["turn"] == str(said.turn)
    assert created["seq"] == said.seq
    assert queued["type"] == "turn.queued"
    assert drive(said.turn).state == State.COMPLETED
    assert_sound(session)


def test_the_first_words_can_be_edited_too(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    other = retold(session, first, "Uno.")
    assert turn_of(other).parent is None
    assert words_in_view(session) == ["Uno."]
    assert events_of(session)[-6]["data"] == {"parent": None, "edited": str(first)}
    assert_sound(session)


def test_merged_words_are_replaced_together(session: Session, manus: SimulatorServer) -> None:
    turn = says(session, "One thing.").turn
    assert says(session, "And another.").turn == turn
    drive(turn)
    retold(session, turn, "Both at once.")
    assert words_in_view(session) == ["Both at once."]


def test_editing_once_more_with_the_same_id_changes_nothing(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    first = edits(session, turn, "Uno.", "e-1")
    before = kinds_of(session)
    again = edits(session, turn, "Uno.", "e-1")
    assert (again.message, again.turn, again.seq, again.is_new) == (first.message, first.turn, first.seq, False)
    assert kinds_of(session) == before


@pytest.mark.parametrize("text", ["Dos.", "One."])
def test_an_id_that_meant_something_else_is_refused(text: str, session: Session, manus: SimulatorServer) -> None:
    turn = drive(says(session, "One.", "c-1").turn).uid
    before = kinds_of(session)
    with pytest.raises(ClientIdReused):
        edits(session, turn, text, "c-1")
    assert kinds_of(session) == before


def test_nothing_changes_under_a_reply_that_is_on_its_way(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    branch = retold(session, first, "Uno.")
    waiting = says(session, "Due.").turn
    for attempt in (lambda: edits(session, branch, "Eins."), lambda: turns_to(session, first)):
        with pytest.raises(SessionBusy):
            attempt()
    reach(waiting, State.RUNNING)
    with pytest.raises(SessionBusy):
        turns_to(session, first)
    cancel_turn(session=session.uid, turn=waiting, actor=session.user)
    turns_to(session, first)
    assert words_in_view(session) == ["One."]
    assert_sound(session)


def test_switching_goes_to_the_newest_turn_below(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    second = told(session, "Two.")
    third = told(session, "Three.")
    other = retold(session, second, "Due.")
    assert turns_to(session, second) == third
    assert words_in_view(session) == ["One.", "Two.", "Three."]
    assert events_of(session)[-1]["data"] == {"head": str(third)}
    assert turns_to(session, other) == other
    assert words_in_view(session) == ["One.", "Due."]
    before = kinds_of(session)
    assert turns_to(session, first) == other  # in view already
    assert kinds_of(session) == before
    assert_sound(session)


def test_what_is_said_next_follows_the_branch_in_view(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    retold(session, first, "Uno.")
    turns_to(session, first)
    following = told(session, "Two.")
    assert turn_of(following).parent == turn_of(first)
    assert words_in_view(session) == ["One.", "Two."]
    assert_sound(session)


def test_a_question_is_answered_on_its_own_branch(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "One.")
    manus.arm("task.reply", "ask")
    asked = drive(edits(session, first, "Uno.").turn)
    assert asked.state == State.WAITING
    answer = told(session, "About statistics.")
    assert turn_of(answer).parent == asked
    turns_to(session, first)
    assert turn_of(asked.uid).state == State.WAITING
    assert words_in_view(session) == ["One."]
    turns_to(session, asked.uid)
    assert words_in_view(session) == ["Uno.", "About statistics."]
    assert_sound(session)


def test_a_failed_turn_is_tried_again_only_in_view(session: Session, manus: SimulatorServer) -> None:
    manus.arm("task.create", "401")
    failed = drive(says(session, "One.").turn)
    assert failed.state == State.FAILED
    manus.faults.clear()
    edits_turn = edits(session, failed.uid, "Uno.").turn
    cancel_turn(session=session.uid, turn=edits_turn, actor=session.user)
    with pytest.raises(TurnOffBranch):
        retry_turn(session=session.uid, turn=failed.uid, actor=session.user)
    turns_to(session, failed.uid)
    assert retry_turn(session=session.uid, turn=failed.uid, actor=session.user).state == State.QUEUED


def test_what_is_refused_leaves_everything_as_it_was(session: Session, manus: SimulatorServer, bob: User) -> None:
    turn = told(session, "One.")
    before = (kinds_of(session), words_in_view(session))
    foreign = told(make_session(session.user), "Elsewhere.")
    with pytest.raises(SessionNotFound):
        edit_message(session=session.uid, turn=turn, actor=bob, text="Mine.", client_id="x")
    with pytest.raises(SessionNotFound):
        switch_branch(session=session.uid, head=turn, actor=bob)
    for unknown in (uuid4(), foreign):
        with pytest.raises(TurnNotFound):
            edits(session, unknown, "Uno.")
        with pytest.raises(TurnNotFound):
            turns_to(session, unknown)
    withdraw_consent(user=session.user, purpose="ai_provider")
    with pytest.raises(Forbidden):
        edits(session, turn, "Uno.")
    assert (kinds_of(session), words_in_view(session)) == before
    assert_sound(session)


def test_nothing_changes_once_it_has_ended(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    other = retold(session, turn, "Uno.")
    end_session(session=session.uid, actor=session.user)
    for attempt in (lambda: edits(session, other, "Eins."), lambda: turns_to(session, turn)):
        with pytest.raises(SessionEnded):
            attempt()


def test_a_person_who_goes_another_way_does_not_wait_for_the_real_reply(
    session: Session, manus: SimulatorServer
) -> None:
    turn = told(session, "One.")
    Turn.objects.filter(uid=turn).update(state="queued", answered_at=session.created_at, ended_at=None)
    Message.objects.filter(turn__uid=turn, author="traveler").update(stand_in=True)
    edits(session, turn, "Uno.")
    assert turn_of(turn).state == State.COMPLETED
    assert_sound(session)


# At the doors -----------------------------------------------------------------------------------------


def test_the_tree_over_rest(session: Session, manus: SimulatorServer, api: Api) -> None:
    first = told(session, "One.")
    second = told(session, "Two.")
    phone, path = api(session.user), f"/sessions/{session.uid}/"
    answer = phone.post(f"{path}turns/{second}/edit/", {"client_id": "e", "text": " Due. "}, Idempotency_Key="k")
    assert answer.status_code == 201
    again = phone.post(f"{path}turns/{second}/edit/", {"client_id": "e", "text": " Due. "}, Idempotency_Key="k")
    assert again.json() == answer.json()
    other = answer.json()["turn"]
    tree = phone.get(f"{path}branches/").json()["results"]
    shape = [
        (one["uid"], one["after"], one["place"], one["siblings"], one["on_branch"], one["replies"]) for one in tree
    ]
    assert shape == [
        (str(first), None, 1, 1, True, 1),
        (str(second), str(first), 1, 2, False, 1),
        (other, str(first), 2, 2, True, 0),
    ]
    assert phone.post(f"{path}branches/", {"head": str(second)}).json()["code"] == "session_busy"
    phone.post(f"{path}turns/{other}/cancel/")
    assert phone.post(f"{path}branches/", {"head": str(second)}).json() == {"head": str(second)}
    assert phone.get(path).json()["head"] == str(second)


def test_messages_show_the_branch_in_view_and_what_lies_beside(
    session: Session, manus: SimulatorServer, api: Api
) -> None:
    first = told(session, "One.")
    retold(session, first, "Uno.")
    phone, path = api(session.user), f"/sessions/{session.uid}/messages/"
    shown = phone.get(path).json()["results"]
    facts = [(one["text"], one["place"], one["siblings"], one["reply_place"], one["replies"]) for one in shown]
    assert facts[0] == ("Uno.", 2, 2, None, 1)
    assert facts[1][1:] == (2, 2, 1, 1)
    whole = phone.get(path, {"branch": "all"}).json()["results"]
    assert [one["text"] for one in whole if one["author"] == "user"] == ["One.", "Uno."]
    assert phone.get(path, {"branch": "both"}).status_code == 422


def test_pages_of_the_tree_follow_each_other(session: Session, api: Api) -> None:
    parent = None
    for depth in range(5):
        parent = Turn.objects.create(
            session=session, parent=parent, depth=depth, due_at=session.created_at, ended_at=session.created_at,
            state="cancelled",
        )  # fmt: skip
    phone, page = api(session.user), f"/sessions/{session.uid}/branches/?limit=2"
    seen = []
    while page:
        answer = phone.get(page.removeprefix("http://testserver/api/v1")).json()
        seen += [one["uid"] for one in answer["results"]]
        page = answer["next"]
    assert seen == [str(turn.uid) for turn in Turn.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/head"), ({"head": "x"}, "/head"), ({"head": None}, "/head"), ({"head": str(uuid4()), "more": 1}, "/more")],
)
def test_a_wrong_switch_is_pointed_at(body: object, pointer: str, session: Session, api: Api) -> None:
    answer = api(session.user).post(f"/sessions/{session.uid}/branches/", body)
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
