"""Judging a turn: the documented poll rule, whatever the order and the noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.manus.conversation import Outcome, TurnState, judge
from mentors.manus.wire import (
    AssistantMessage,
    Attachment,
    ErrorMessage,
    StatusUpdate,
    TaskEvent,
    UserMessage,
    WaitingDetail,
)


def said(number: int, text: str = "question") -> TaskEvent:
    return TaskEvent(id=f"e{number:05}", type="user_message", timestamp=number, user_message=UserMessage(content=text))


def replied(number: int, text: str = "reply", kind: str | None = None) -> TaskEvent:
    message = AssistantMessage(content=text, delivery_kind=kind, attachments=[Attachment(filename=text)])
    return TaskEvent(id=f"e{number:05}", type="assistant_message", timestamp=number, assistant_message=message)


def status(number: int, name: str | None, detail: WaitingDetail | None = None) -> TaskEvent:
    update = StatusUpdate(agent_status=name, status_detail=detail)
    return TaskEvent(id=f"e{number:05}", type="status_update", timestamp=number, status_update=update)


def failed(number: int, kind: str) -> TaskEvent:
    message = ErrorMessage(error_type=kind, content="provider words")
    return TaskEvent(id=f"e{number:05}", type="error_message", timestamp=number, error_message=message)


def noise(number: int) -> TaskEvent:
    return TaskEvent(id=f"e{number:05}", type="something_new", timestamp=number)


TURN = [said(1), status(2, "running"), replied(3, "one"), replied(4, "two"), status(5, "stopped")]


def test_a_finished_turn() -> None:
    assert judge(TURN) == Outcome(
        state=TurnState.STOPPED,
        text="one\n\ntwo",
        attachments=(Attachment(filename="one"), Attachment(filename="two")),
        question=None,
        waiting=None,
        error_type=None,
        newest_event_id="e00005",
    )


def test_nothing_is_unknown() -> None:
    assert judge([]).state is TurnState.UNKNOWN
    assert judge([]).newest_event_id is None
    assert judge([said(1), noise(2)]).state is TurnState.UNKNOWN
    assert judge([said(1), status(2, "dancing")]).state is TurnState.UNKNOWN
    assert judge([said(1), status(2, None)]).state is TurnState.UNKNOWN


def test_the_old_stopped_never_ends_the_new_turn() -> None:
    assert judge(TURN, "e00005").state is TurnState.UNKNOWN
    assert judge([*TURN, said(6)], "e00005").state is TurnState.UNKNOWN
    late = [*TURN, replied(6, "late"), status(7, "stopped"), said(8)]
    assert judge(late, "e00005").state is TurnState.UNKNOWN
    assert judge([*late, status(9, "running")], "e00005").state is TurnState.RUNNING


def test_the_boundary_need_not_be_among_the_events() -> None:
    only_new = [said(8), status(9, "running"), replied(10, "new"), status(11, "stopped")]
    assert judge(only_new, "e00005") == judge([*TURN, *only_new], "e00005")
    assert judge([status(7, "stopped")], "e00005").state is TurnState.UNKNOWN


def test_what_follows_the_end_of_the_turn_belongs_to_another() -> None:
    later = [*TURN, said(6), status(7, "running"), replied(8, "other")]
    assert judge(later).text == "one\n\ntwo"
    assert judge(later).state is TurnState.STOPPED
    assert judge(later).newest_event_id == "e00008"


def test_a_message_said_while_the_agent_works_belongs_to_the_turn() -> None:
    events = [said(1), status(2, "running"), said(3), replied(4, "both"), status(5, "stopped")]
    assert judge(events).text == "both"


def test_results_go_before_progress() -> None:
    events = [said(1), replied(2, "thinking", "progress"), replied(3, "plain"), status(9, "stopped")]
    assert judge(events).text == "plain"
    assert judge([*events, replied(4, "final", "result")]).text == "final"
    assert judge([said(1), replied(2, "thinking", "progress"), status(3, "stopped")]).text == "thinking"


@pytest.mark.parametrize(
    ("kind", "by_message"), [("messageAskUser", True), ("cascadeAskUser", True), ("deployAction", False)]
)
def test_waiting_tells_how_to_answer(kind: str, *, by_message: bool) -> None:
    detail = WaitingDetail(waiting_for_event_id="e1", waiting_for_event_type=kind, waiting_description="Which one?")
    outcome = judge([said(1), status(2, "waiting", detail)])
    assert outcome.state is TurnState.WAITING
    assert outcome.question == "Which one?"
    assert outcome.waiting is not None
    assert (outcome.waiting.event_id, outcome.waiting.by_message) == ("e1", by_message)


def test_waiting_without_detail_asks_with_the_last_message() -> None:
    outcome = judge([said(1), replied(2, "first"), replied(3, "and you?"), status(4, "waiting")])
    assert outcome.question == "and you?"


def test_an_error_gives_its_type_and_never_the_provider_s_words() -> None:
    outcome = judge([said(1), failed(2, "internal"), status(3, "error")])
    assert (outcome.state, outcome.error_type, outcome.text) == (TurnState.ERROR, "internal", "")


EVENTS = st.lists(
    st.one_of(
        st.builds(said, st.integers(1, 40)),
        st.builds(replied, st.integers(1, 40), st.text(max_size=5), st.sampled_from([None, "result", "progress"])),
        st.builds(status, st.integers(1, 40), st.sampled_from(["running", "stopped", "waiting", "error", "odd"])),
        st.builds(failed, st.integers(1, 40), st.text(max_size=5)),
        st.builds(noise, st.integers(1, 40)),
    ),
    max_size=30,
    unique_by=lambda event: event.id,
)
BOUNDARY = st.one_of(st.none(), st.integers(1, 40).map(lambda number: f"e{number:05}"))


@given(EVENTS, BOUNDARY, st.randoms())
def test_order_and_repetition_do_not_matter(events: list[TaskEvent], boundary: str | None, random: object) -> None:
    mixed = [*events, *events[:3]]
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    assert judge(mixed, boundary) == judge(events, boundary)


@given(EVENTS, EVENTS)
def test_nothing_up_to_the_boundary_counts(old: list[TaskEvent], new: list[TaskEvent]) -> None:
    boundary = said(500)
    later = [
        TaskEvent(
            id=f"n{event.id}",
            type=event.type,
            timestamp=event.timestamp + 1000,
            user_message=event.user_message,
            assistant_message=event.assistant_message,
            error_message=event.error_message,
            status_update=event.status_update,
        )
        for event in new
    ]
    assert judge([*old, boundary, *later], boundary.id).state == judge(later, boundary.id).state
    assert judge([*old, boundary, *later], boundary.id).text == judge(later, boundary.id).text


@given(EVENTS, BOUNDARY)
def test_the_state_is_the_last_status_before_the_next_turn(events: list[TaskEvent], boundary: str | None) -> None:
    outcome = judge(events, boundary)
    names = {event.status_update.agent_status for event in events if event.status_update}
    assert outcome.state is TurnState.UNKNOWN or outcome.state in names
    assert (outcome.error_type is None) or outcome.state is TurnState.ERROR
    assert (outcome.question is None) or outcome.state is TurnState.WAITING
