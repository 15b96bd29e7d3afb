"""What the engines hear is the branch in view: nothing that was edited away, and no reply that was superseded."""

import pytest
from pytest_django.fixtures import Settings

from consciousness.asking import parcel_for_reply
from consciousness.models import Message, Session
from mentors.engines.rehearsal import RehearsalEngine
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import State, carried_out, drive, says, turn_of
from tests.consciousness.faults import World
from tests.consciousness.trees import asks_again, chooses, edits, replied_again, replies_of, retold, told, turns_to


def sent_for(session: Session, manus: SimulatorServer, text: str) -> str:
    """What Manus hears when this is said."""
    world = World(session, manus)
    before = len(world.taken())
    assert drive(says(session, text).turn).state == State.COMPLETED
    return "\n".join(world.taken()[before:])


def test_what_was_edited_away_does_not_go_out(session: Session, manus: SimulatorServer) -> None:
    told(session, "I like apples.")
    second = told(session, "I hate turnips.")
    gone = replies_of(second)[0].text
    world = World(session, manus)
    before = len(world.taken())
    drive(edits(session, second, "I love plums.").turn)
    heard = "\n".join(world.taken()[before:])
    assert "I like apples." in heard
    assert "I love plums." in heard
    assert "turnips" not in heard
    assert gone not in heard
    assert carried_out(manus, "task.create") == 2
    following = sent_for(session, manus, "And pears?")
    assert "turnips" not in following
    assert carried_out(manus, "task.create") == 2  # the new task goes on


def test_a_superseded_reply_does_not_go_out(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "I like apples.")
    first = replies_of(turn)[0].text
    world = World(session, manus)
    before = len(world.taken())
    replied_again(session, turn)
    assert first not in "\n".join(world.taken()[before:])
    old, new = replies_of(turn)
    old.text, new.text = "The old reply.", "The new reply."
    for reply in (old, new):
        reply.save(update_fields=["text"])
    chooses(session, old.uid)
    heard = sent_for(session, manus, "And pears?")
    assert "The old reply." in heard
    assert "The new reply." not in heard


def test_a_reply_that_was_asked_for_again_is_not_quoted_to_itself(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "I like apples.")
    Message.objects.filter(turn__uid=turn, author="traveler").update(text="The old reply.")
    asks_again(session, turn)
    parcel = parcel_for_reply(turn_of(turn), RehearsalEngine())
    assert not parcel.ask.transcript
    assert parcel.ask.words == "I like apples."


def test_after_a_switch_the_other_branch_is_told(session: Session, manus: SimulatorServer) -> None:
    first = told(session, "I like apples.")
    retold(session, first, "I like plums.")
    turns_to(session, first)
    heard = sent_for(session, manus, "What about cider?")
    assert "I like apples." in heard
    assert "plums" not in heard


@pytest.mark.parametrize("leave", ["edit", "switch", "regenerate", "choose"])
def test_a_task_that_heard_something_else_is_left_and_remembered(
    leave: str, session: Session, manus: SimulatorServer
) -> None:
    first = told(session, "I like apples.")
    replied_again(session, first)
    if leave == "switch":
        retold(session, first, "I like plums.")
    session.refresh_from_db()
    held, former = f"{session.provider_account_id}/{session.provider_task}", len(session.former_tasks)
    match leave:
        case "edit":
            edits(session, first, "I like plums.")
        case "switch":
            turns_to(session, first)
        case "regenerate":
            asks_again(session, first)
        case _:
            chooses(session, replies_of(first)[0].uid)
    session.refresh_from_db()
    assert session.provider_task == ""
    assert session.former_tasks[former:] == [held]


def test_an_engine_that_remembers_nothing_is_told_the_branch(
    session: Session, manus: SimulatorServer, settings: Settings
) -> None:
    first = told(session, "I like apples.")
    told(session, "I hate turnips.")
    retold(session, turn_of(first).children.get().uid, "I love plums.")
    turn = turn_of(says(session, "And pears?").turn)
    said = [one.said for one in parcel_for_reply(turn, RehearsalEngine()).ask.transcript]
    assert said == ["I like apples.", "I love plums."]
