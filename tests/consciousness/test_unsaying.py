"""Deleting a message: nothing that was computed from it is left, and no five words of it in a row, anywhere."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import storages

from accounts.models import User
from accounts.services.exports import build_export, export_file, request_export
from consciousness.models import (
    Insight,
    InsightSource,
    Memory,
    Message,
    Passage,
    Session,
    SessionEvent,
    SummaryLine,
    Turn,
)
from consciousness.runs import NOTHING, runs_of
from consciousness.services.indexing import index_new_messages
from consciousness.services.passages import read_ended_turns
from consciousness.services.remembering import Proposed, fingerprint_of, keep_memory, propose_memories
from consciousness.services.summing import advance_summary
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import ApiClient
from tests.consciousness.driving import State, drive, events_of, reach, says
from tests.consciousness.faults import World
from tests.consciousness.leftovers import places_of, read
from tests.consciousness.test_api import assert_problem
from tests.consciousness.trees import told
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]
SECRET = "My brother Anselm lent me nine thousand euros for the pottery course in Ghent."
RUNS = runs_of(SECRET)


def places_of_runs() -> list[str]:
    return places_of(RUNS)


def message_of(session: Session) -> Message:
    return Message.objects.get(session=session, author="user", text=SECRET)


def delete(api: Api, session: Session, message: UUID) -> Any:
    return api(session.user).delete(f"/sessions/{session.uid}/messages/{message}/")


def age_turns(session: Session) -> None:
    """Put enough behind what was said that it is summed up."""
    for number in range(40):
        turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
        said = f"Day {number} went well."
        Message.objects.create(session=session, turn=turn, author="user", text=said, client_id=f"day {number}")
        Message.objects.create(session=session, turn=turn, author="traveler", text="Go on.")


def quote(session: Session, *, later: bool = True) -> Message:
    """A reply that repeats the secret, with an event that tells of it."""
    turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
    session.refresh_from_db()
    text = f"You told me: “{SECRET}” Let us plan around it." if later else "Tell me."
    reply = Message.objects.create(
        session=session, turn=turn, author="traveler", text=text, engine="manus", seq=session.last_seq + 1
    )
    data = {"message": {"uid": str(reply.uid), "turn": str(turn.uid), "author": "traveler", "text": text}}
    SessionEvent.objects.create(session=session, seq=session.last_seq + 1, type="message.created", data=data)
    Session.objects.filter(pk=session.pk).update(last_seq=session.last_seq + 1)
    return reply


def derive(session: Session) -> None:
    """All that is ever computed from a message."""
    message = message_of(session)
    (memory,) = propose_memories(
        session, [Proposed("fact", "Brother Anselm lent nine thousand euros for the course.", 0.9, (message.uid,))]
    )
    keep_memory(memory=memory.uid, actor=session.user)
    copied = Memory.objects.create(
        user=session.user, kind="fact", text=SECRET, fingerprint=fingerprint_of("copied"), confidence=1,
        state="kept", decided_at=now(),
    )  # fmt: skip
    assert copied.pk != memory.pk
    insight = Insight.objects.create(
        user=session.user, session=session, kind="summary", text=f"They said: {SECRET}", engine="rehearsal",
        fingerprint=fingerprint_of(SECRET),
    )  # fmt: skip
    InsightSource.objects.create(insight=insight, message=message)
    quote(session)
    quote(make_session(session.user))
    Session.objects.filter(pk=session.pk).update(title=SECRET[:60], title_source="rules")
    age_turns(session)
    while advance_summary(session.uid):
        pass
    index_new_messages()
    read_ended_turns()


def test_nothing_is_left_of_it_anywhere(
    api: Api, session: Session, manus: SimulatorServer, django_capture_on_commit_callbacks: Any
) -> None:
    told(session, SECRET)
    derive(session)
    phone, message = api(session.user), message_of(session)
    export = request_export(user=session.user)
    build_export(export.uid)
    found = places_of_runs()
    assert {place.partition(".")[2].partition(".")[0] for place in found} >= {
        "Message", "Memory", "SummaryLine", "Insight", "SessionEvent", "Session",
    }  # fmt: skip
    passages = Passage.objects.filter(turn=message.turn_id)
    assert passages.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert delete(api, session, message.uid).status_code == 204
    assert places_of_runs() == []
    assert not Message.objects.filter(uid=message.uid).exists()
    assert not passages.exists()
    assert not Passage.objects.filter(memory__isnull=False).exists()
    assert not Insight.objects.exists()
    assert not storages["exports"].exists(export_file(export.uid))
    read_ended_turns()
    index_new_messages()
    for path in ("transcript/", "messages/", "context/?text=What did my brother Anselm lend me?"):
        assert not RUNS.are_in(read(phone, f"/sessions/{session.uid}/{path}")), path
    assert not RUNS.are_in(read(phone, "/sessions/search/?q=Anselm pottery"))
    assert phone.get("/sessions/search/", {"q": "Anselm pottery"}).json()["results"] == []


def test_the_log_has_no_gap_and_tells_that_it_is_gone(api: Api, session: Session, manus: SimulatorServer) -> None:
    told(session, SECRET)
    message, quoted = message_of(session), quote(session)
    before = len(events_of(session))
    delete(api, session, message.uid)
    events = events_of(session)
    told_of = next(event for event in events if event["seq"] == message.seq)
    assert told_of["data"]["message"]["uid"] == str(message.uid)
    assert told_of["data"]["message"]["text"] == ""
    news = [event for event in events[before:] if event["type"].startswith("message.")]
    redacted = {event["data"]["message"] for event in news if event["type"] == "message.redacted"}
    assert str(quoted.uid) in redacted
    assert news[-1]["type"] == "message.deleted"
    assert news[-1]["data"] == {"message": str(message.uid), "turn": str(message.turn.uid)}
    quoted.refresh_from_db()
    assert quoted.text == "You told me: “[…].” Let us plan around it."


def test_the_mentor_goes_on_without_it(api: Api, session: Session, manus: SimulatorServer) -> None:
    told(session, SECRET)
    told(session, "I like the evenings best.")
    delete(api, session, message_of(session).uid)
    world = World(session, manus)
    before = len(world.taken())
    told(session, "What next?")
    heard = "\n".join(world.taken()[before:])
    assert "I like the evenings best." in heard
    assert not RUNS.are_in(heard)


def test_a_reply_can_be_deleted_too(api: Api, session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "How do I begin?")
    reply = Message.objects.get(turn__uid=turn, author="traveler")
    assert delete(api, session, reply.uid).status_code == 204
    shown = api(session.user).get(f"/sessions/{session.uid}/messages/").json()["results"]
    assert [one["text"] for one in shown] == ["How do I begin?"]
    assert not SessionEvent.objects.filter(data__message__text=reply.text).exists()
    told(session, "And then?")


def test_what_another_source_carries_by_itself_is_remembered(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    first, second = told(session, "I work in Ghent as a potter."), told(session, "In Ghent I work, as a potter.")
    sources = [Message.objects.get(turn__uid=turn, author="user") for turn in (first, second)]
    (memory,) = propose_memories(
        session, [Proposed("fact", "Work as potter in Ghent", 1.0, tuple(one.uid for one in sources))]
    )
    delete(api, session, sources[0].uid)
    assert list(Memory.objects.all()) == [memory]
    delete(api, session, sources[1].uid)
    assert not Memory.objects.exists()


def test_while_a_reply_is_on_its_way_nothing_is_deleted(api: Api, session: Session, manus: SimulatorServer) -> None:
    told(session, SECRET)
    message = message_of(session)
    running = says(session, "And now?").turn
    reach(running, State.RUNNING)
    assert_problem(delete(api, session, message.uid), 409, "session_busy")
    own = Message.objects.get(turn__uid=running)
    assert_problem(delete(api, session, own.uid), 409, "turn_wrong_state")
    drive(running)
    assert delete(api, session, message.uid).status_code == 204


def test_only_ones_own_and_only_once(api: Api, session: Session, bob: User, manus: SimulatorServer) -> None:
    told(session, SECRET)
    path = f"/sessions/{session.uid}/messages/{message_of(session).uid}/"
    assert_problem(api(bob).delete(path), 404, "session_not_found")
    assert api(session.user).delete(path).status_code == 204
    assert_problem(api(session.user).delete(path), 404, "message_not_found")


def test_a_turn_without_words_is_not_tried_again(api: Api, session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "Hello there, mentor.")
    Message.objects.filter(turn__uid=turn, author="traveler").delete()
    Turn.objects.filter(uid=turn).update(state="failed", failure="refused")
    delete(api, session, Message.objects.get(turn__uid=turn).uid)
    answer = api(session.user).post(f"/sessions/{session.uid}/turns/{turn}/retry/")
    assert_problem(answer, 409, "turn_wrong_state")


@pytest.mark.parametrize(
    ("title", "source", "left"),
    [
        ("Anselm and clay", "reflection", ""),
        ("Pottery with my brother", "rules", ""),
        ("Anselm and clay", "person", "Anselm and clay"),
        ("Gardening in the evening", "reflection", "Gardening in the evening"),
    ],
)
@pytest.mark.usefixtures("manus")
def test_a_title_that_was_made_of_it_goes_too(title: str, source: str, left: str, api: Api, session: Session) -> None:
    told(session, SECRET)
    told(session, "I like gardening in the evening.")
    Session.objects.filter(pk=session.pk).update(title=title, title_source=source)
    assert delete(api, session, message_of(session).uid).status_code == 204
    session.refresh_from_db()
    assert session.title == left
    assert (events_of(session)[-2]["type"] == "session.renamed") == (not left)


def test_a_line_of_the_summary_goes_with_its_message(session: Session, manus: SimulatorServer) -> None:
    told(session, SECRET)
    age_turns(session)
    advance_summary(session.uid)
    lines = SummaryLine.objects.filter(message=message_of(session))
    assert lines.exists()
    Message.objects.filter(pk=message_of(session).pk).delete()
    assert not SummaryLine.objects.filter(text=SECRET).exists()


def test_a_memory_goes_with_all_that_repeats_it(api: Api, session: Session, manus: SimulatorServer) -> None:
    memory = Memory.objects.create(
        user=session.user,
        kind="fact",
        text=SECRET,
        fingerprint=fingerprint_of(SECRET),
        confidence=1,
        state="kept",
        decided_at=now(),
    )
    told(session, "What do you know of me?")
    quote(session)
    assert "consciousness.Memory.text" in places_of_runs()
    assert api(session.user).delete(f"/memories/{memory.uid}/").status_code == 204
    assert places_of_runs() == []


# Runs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nothing of it", "nothing of it"),
        ("He said my brother ANSELM, lent me: nine times", "He said […] times"),
        ("my brother Anselm lent", "my brother Anselm lent"),
        (SECRET + " " + SECRET, "[…]. […]."),
        (
            "lent me nine thousand euros. Yes. pottery course in ghent for the",
            "[…]. Yes. pottery course in ghent for the",
        ),
    ],
)
def test_runs_are_taken_out(text: str, left: str) -> None:
    assert RUNS.taken_from(text) == left
    assert not RUNS.are_in(left)
    assert RUNS.are_in(text) == (text != left)


def test_short_words_have_no_runs() -> None:
    assert runs_of("Only four words here") == NOTHING
    assert not NOTHING.are_in(SECRET)
    assert re.sub(r"\W", "", NOTHING.taken_from(SECRET)) == re.sub(r"\W", "", SECRET)
