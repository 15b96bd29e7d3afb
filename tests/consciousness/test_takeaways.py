"""Figures and transcripts of sessions over REST."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from consciousness.models import Message, Session, Turn
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import CreditBudget
from tests.actors import ApiClient
from tests.consciousness.driving import drive, says
from tests.consciousness.test_api import assert_problem
from tests.factories.sessions import make_scheduled, make_session
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]


def exchange(session: Session, asked: str, answered: str, seconds: float = 0, **facts: Any) -> Turn:
    """A question and its answer, so many seconds later."""
    turn = Turn.objects.create(session=session, state="completed", due_at=now(), ended_at=now(), **facts)
    said = {"session": session, "turn": turn}
    question = Message.objects.create(author="user", text=asked, received_at=now(), **said)
    reply = Message.objects.create(author="traveler", text=answered, engine="manus", **said)
    Message.objects.filter(pk=question.pk).update(received_at=F("created_at") - timedelta(milliseconds=20))
    Message.objects.filter(pk=reply.pk).update(created_at=question.created_at + timedelta(seconds=seconds))
    return turn


def read(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


# Figures ------------------------------------------------------------------------------------------------


def test_figures_of_a_session(api: Api, alice: User) -> None:
    session = make_session(alice)
    for seconds in (2, 4, 6):
        exchange(session, "How?", "So.", seconds)
    late = exchange(session, "And?", "Wait.", 8)
    late.messages.filter(author="traveler").update(stand_in=True, superseded_at=now())
    Message.objects.create(session=session, turn=late, author="traveler", text="So.", engine="openai")
    Turn.objects.create(session=session, state="sent", due_at=now())
    CreditBudget.objects.create(scope="session", key=f"session:{session.uid}", session_ref=session.uid, spent=7, held=3)
    told = api(alice).get(f"/sessions/{session.uid}/metrics/").json()
    assert told["messages"] == {"user": 4, "traveler": 4}
    assert told["turns"] == {"completed": 4, "queued": 1}
    assert told["engines"] == {"manus": 3, "openai": 1}
    assert told["stand_in_replies"] == 0
    assert told["to_acknowledgement"] == {"median_s": pytest.approx(0.02), "p95_s": pytest.approx(0.02)}
    assert told["to_reply"]["p95_s"] <= 6
    assert (told["credits_spent"], told["credits_held"]) == (7, 3)
    assert told["length_s"] >= 0


def test_figures_of_nothing(api: Api, alice: User) -> None:
    told = api(alice).get(f"/sessions/{make_scheduled(alice, now() + timedelta(days=1)).uid}/metrics/").json()
    assert told["length_s"] is None
    assert told["to_reply"] == {"median_s": None, "p95_s": None}
    assert told["turns"] == told["engines"] == {}


def test_how_long_people_wait_for_a_reply(api: Api, alice: User) -> None:
    session = make_session(alice)
    for seconds in range(1, 22):
        exchange(session, "How?", "So.", seconds)
    assert api(alice).get(f"/sessions/{session.uid}/metrics/").json()["to_reply"] == {"median_s": 11.0, "p95_s": 20.0}


def test_a_real_conversation_is_measured(api: Api, session: Session, manus: SimulatorServer) -> None:
    drive(says(session).turn)
    told = api(session.user).get(f"/sessions/{session.uid}/metrics/").json()
    assert told["to_acknowledgement"]["median_s"] >= 0
    assert told["to_reply"]["median_s"] > 0


# Transcripts --------------------------------------------------------------------------------------------


def test_a_transcript_to_take_along(api: Api, alice: User) -> None:
    session = make_session(alice, title="Ma résumé/../<x>")
    exchange(session, "# How?", "So.", 1)
    answer = api(alice).get(f"/sessions/{session.uid}/transcript/")
    page = read(answer)
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    name = f"ma-resumex-{session.created_at:%Y-%m-%d}.md"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "AI mentor" in page
    assert "\n\\# How\\?\n" in page


def test_the_same_as_json(api: Api, alice: User) -> None:
    session = make_session(alice)
    exchange(session, "How?", "So.", 1)
    answer = api(alice).get(f"/sessions/{session.uid}/transcript/", {"format": "json"})
    assert answer.headers["Content-Type"] == "application/json"
    document = json.loads(read(answer))
    assert [(one["author"], one["text"]) for one in document["messages"]] == [("user", "How?"), ("traveler", "So.")]


def test_the_tree_holds_what_the_branch_does_not(api: Api, alice: User) -> None:
    session = make_session(alice)
    first = exchange(session, "One?", "One.", 1)
    exchange(session, "Two, at first?", "Two.", 1, parent=first, depth=1, on_branch=False)
    exchange(session, "Two?", "Two.", 1, parent=first, depth=1)
    url = f"/sessions/{session.uid}/transcript/"
    standing = json.loads(read(api(alice).get(url, {"format": "json"})))["messages"]
    assert [one["text"] for one in standing] == ["One?", "One.", "Two?", "Two."]
    tree = json.loads(read(api(alice).get(url, {"format": "json", "branches": "all"})))["messages"]
    assert [(one["text"], one["turn"], one["after"], one["on_branch"]) for one in tree if one["author"] == "user"] == [
        ("One?", 1, 0, True),
        ("Two, at first?", 2, 1, False),
        ("Two?", 3, 1, True),
    ]


def test_a_long_one_comes_in_pieces(api: Api, alice: User) -> None:
    session = make_session(alice)
    turn = exchange(session, "How?", "So.")
    more = [Message(session=session, turn=turn, author="user", text="word " * 200) for _ in range(600)]
    Message.objects.bulk_create(more)
    answer = api(alice).get(f"/sessions/{session.uid}/transcript/")
    pieces = list(answer.streaming_content)
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 40_000
    assert b"".join(pieces).count(b"\n## ") == 602


@pytest.mark.parametrize("query", [{"format": "docx"}, {"branches": "some"}, {"x": "1"}])
def test_transcripts_that_are_none(api: Api, session: Session, query: dict[str, str]) -> None:
    assert_problem(api(session.user).get(f"/sessions/{session.uid}/transcript/", query), 422, "invalid")


@pytest.mark.parametrize("door", ["transcript", "metrics"])
def test_they_are_nobody_elses(api: Api, session: Session, bob: User, door: str) -> None:
    assert_problem(api(bob).get(f"/sessions/{session.uid}/{door}/"), 404, "session_not_found")


def test_a_transcript_as_pdf(api: Api, session: Session) -> None:
    answer = api(session.user).get(f"/sessions/{session.uid}/transcript/", {"format": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_session_too_long_for_pages_is_refused_before_any_is_laid_out(api: Api, session: Session) -> None:
    turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
    for _ in range(8):
        Message.objects.create(session=session, turn=turn, author="user", text="x" * 40_000)
    answer = api(session.user).get(f"/sessions/{session.uid}/transcript/", {"format": "pdf"})
    assert_problem(answer, 409, "transcript_too_long")
    assert api(session.user).get(f"/sessions/{session.uid}/transcript/").status_code == 200
