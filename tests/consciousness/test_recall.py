"""Recall over the database: what is found, what is forgotten, and the work behind the scenes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consciousness.models import Memory, Message, Passage, Session, Turn
from consciousness.recall.embedding import MODEL
from consciousness.selectors import recall, shelves
from consciousness.selectors.recall import Recalled, recalled_memories, recalled_turns
from consciousness.services.embedding import BATCH, embed_passages
from consciousness.services.passages import forget_turns, read_ended_turns, read_memory
from consciousness.services.remembering import fingerprint_of
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import ApiClient
from tests.consciousness.recall.toys import ToyEmbedder
from tests.consciousness.test_api import assert_problem
from tests.consciousness.trees import chooses, replied_again, told
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.personal import erase

Api = Callable[[User | None], ApiClient]
ASKED = datetime(2025, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _toy_embedder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A quick model in place of the house's, which has tests of its own; and a process that remembers nobody."""
    shelves._shelves.clear()
    monkeypatch.setattr(recall, "default_embedder", ToyEmbedder)
    yield
    shelves._shelves.clear()


@pytest.fixture
def talk(alice: User) -> Session:
    return make_session(alice)


def turn_of(session: Session, said: str, answered: str = "", *, at: datetime | None = None, **facts: Any) -> Turn:
    turn = Turn.objects.create(session=session, state="completed", due_at=now(), ended_at=now(), **facts)
    if at is not None:
        Turn.objects.filter(pk=turn.pk).update(created_at=at)
    Message.objects.create(session=session, turn=turn, author="user", text=said)
    if answered:
        Message.objects.create(session=session, turn=turn, author="traveler", text=answered)
    return turn


def remember(user: User, text: str, state: str = "kept") -> Memory:
    decided = None if state == "proposed" else now()
    facts = {"kind": "fact", "fingerprint": fingerprint_of(text), "confidence": 1, "decided_at": decided}
    memory = Memory.objects.create(user=user, text=text, state=state, **facts)
    read_memory(memory)
    return memory


def work() -> int:
    """What the worker does every few seconds."""
    read_ended_turns()
    return embed_passages(embedder=ToyEmbedder())


def ask(user: User, question: str, limit: int = 5, not_of: UUID | None = None) -> list[Recalled]:
    return recalled_turns(user=user.pk, question=question, asked_at=ASKED, limit=limit, not_of=not_of)


def said(found: list[Recalled]) -> list[str]:
    return [each.said for each in found]


# What is found ------------------------------------------------------------------------------------------


def test_a_turn_is_found_with_all_that_stands_of_it(talk: Session) -> None:
    turn = turn_of(talk, "my exam is on friday", "Sleep well before it.")
    Message.objects.create(session=talk, turn=turn, author="traveler", text="An old reply.", superseded_at=now())
    work()
    (found,) = ask(talk.user, "when is the exam")
    assert (found.turn, found.session, found.answered) == (turn.uid, talk.uid, "Sleep well before it.")
    standing = turn.messages.filter(superseded_at__isnull=True).order_by("pk")
    assert found.messages == tuple(standing.values_list("uid", flat=True))
    assert found.words > 0.5
    assert found.meaning > 0.3


def test_words_find_what_has_no_point_yet(talk: Session) -> None:
    turn_of(talk, "my exam is on friday")
    turn_of(talk, "the choir sings")
    read_ended_turns()
    assert Passage.objects.filter(code__isnull=False).count() == 0
    assert said(ask(talk.user, "exam", limit=1)) == ["my exam is on friday"]


def test_times_are_those_of_where_the_person_lives(talk: Session) -> None:
    for day in (1, 200):
        turn_of(talk, "the race took an hour", at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day))
    work()
    first = ask(talk.user, "how was the race in july")[0]
    assert first.at.month == 7
    assert first.time > 0.9


@pytest.mark.parametrize("hidden", [{"on_branch": False}, {"withheld": True}])
def test_what_is_out_of_view_is_not_found(talk: Session, hidden: dict[str, Any]) -> None:
    turn_of(talk, "my exam is on friday", **hidden)
    turn_of(talk, "the exam was hard")
    work()
    assert said(ask(talk.user, "exam")) == ["the exam was hard"]


def test_a_session_can_be_left_out(talk: Session) -> None:
    turn_of(talk, "my exam is on friday")
    turn_of(make_session(talk.user), "the exam was hard")
    work()
    assert said(ask(talk.user, "exam", not_of=talk.uid)) == ["the exam was hard"]


def test_nobody_finds_what_others_said(talk: Session, bob: User) -> None:
    turn_of(talk, "my exam is on friday")
    work()
    assert ask(bob, "exam") == []


def test_what_is_still_being_said_waits(talk: Session) -> None:
    turn = Turn.objects.create(session=talk, state="queued", due_at=now())
    Message.objects.create(session=talk, turn=turn, author="user", text="my exam is on friday")
    assert read_ended_turns() == 0
    Turn.objects.filter(pk=turn.pk).update(state="completed", ended_at=now())
    assert read_ended_turns() == 1
    assert read_ended_turns() == 0


def test_a_warm_process_finds_what_came_since(talk: Session) -> None:
    for number in range(3):
        turn_of(talk, f"exam {number}")
        work()
        assert len(ask(talk.user, "exam")) == number + 1


def test_another_reply_is_read_in_place_of_the_first(talk: Session) -> None:
    turn = turn_of(talk, "tell me", "Bring fluoride.")
    work()
    assert len(ask(talk.user, "fluoride")) == 1
    turn.messages.filter(author="traveler").update(text="Bring water.")
    Turn.objects.filter(pk=turn.pk).update(is_passage_due=True)
    work()
    assert ask(talk.user, "fluoride", limit=1)[:1] == []
    assert len(ask(talk.user, "water")) == 1


def test_what_people_do_to_replies_has_the_turn_read_again(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "How do I learn statistics?")
    reply = Message.objects.get(turn__uid=turn, author="traveler")
    assert read_ended_turns() == 1
    replied_again(session, turn)
    assert read_ended_turns() == 1
    chooses(session, reply.uid)
    assert read_ended_turns() == 1
    (found,) = ask(session.user, "statistics")
    assert found.answered == reply.text


def test_the_number_of_queries_is_that_of_a_few_turns(talk: Session) -> None:
    numbers = []
    for _ in range(2):
        for number in range(40):
            turn_of(talk, f"exam {number}")
        work()
        ask(talk.user, "exam")
        other = make_session(talk.user)
        with CaptureQueriesContext(connection) as queries:
            ask(talk.user, "exam", limit=10, not_of=other.uid)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 6


# Memories -----------------------------------------------------------------------------------------------


def test_only_kept_memories_are_found(alice: User) -> None:
    kept = remember(alice, "She sings in a choir on Mondays")
    remember(alice, "She might sing in a choir in Leeds", "proposed")
    work()
    asked: dict[str, Any] = {"user": alice.pk, "question": "which choir", "asked_at": ASKED, "limit": 5}
    assert [key for key, _ in recalled_memories(**asked)] == [kept.pk]
    kept.state = Memory.State.REJECTED
    kept.save()
    read_memory(kept)
    assert recalled_memories(**asked) == []
    assert not Passage.objects.filter(memory=kept).exists()


def test_an_edited_memory_is_found_by_its_new_words(alice: User) -> None:
    memory = remember(alice, "She sings in a choir")
    work()
    memory.text = "She plays the cello"
    memory.save()
    read_memory(memory)
    work()
    found = recalled_memories(user=alice.pk, question="cello", asked_at=ASKED, limit=1)
    assert [key for key, _ in found] == [memory.pk]


# What is forgotten --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["turn", "session", "message"])
def test_what_was_deleted_is_never_found_again_not_even_by_a_warm_process(talk: Session, how: str) -> None:
    other = make_session(talk.user)
    turn_of(other, "another exam")
    turn = turn_of(talk, "the flat is in Weaver Court", "Who lives there?")
    turn_of(other, "Abara has been in Weaver Court since June")
    work()
    assert "the flat is in Weaver Court" in said(ask(talk.user, "whose flat"))
    if how == "message":
        turn.messages.filter(author="user").delete()
        forget_turns([turn.pk])
    else:
        (turn if how == "turn" else talk).delete()
    found = ask(talk.user, "whose flat")
    assert "the flat is in Weaver Court" not in said(found)
    # Nor did its words lead anywhere: the process answers like one that has never heard of it.
    shelves._shelves.clear()
    assert ask(talk.user, "whose flat") == found
    work()
    assert "the flat is in Weaver Court" not in said(ask(talk.user, "whose flat"))


def test_no_row_is_left_of_what_was_deleted(talk: Session) -> None:
    turn = turn_of(talk, "my exam is on friday")
    memory = remember(talk.user, "She has an exam")
    work()
    assert Passage.objects.count() == 2
    turn.messages.all().delete()
    forget_turns([turn.pk])
    memory.delete()
    work()
    assert Passage.objects.count() == 0


def test_erasure_leaves_nothing(talk: Session) -> None:
    turn_of(talk, "my exam is on friday")
    remember(talk.user, "She has an exam")
    work()
    with transaction.atomic():
        erase(talk.user.pk)
    assert Passage.objects.count() == 0


# Behind the scenes --------------------------------------------------------------------------------------


def test_a_passage_whose_words_are_gone_holds_nobody_up(talk: Session) -> None:
    turns = [turn_of(talk, f"exam {number}") for number in range(BATCH + 3)]
    read_ended_turns()
    Message.objects.filter(turn__in=turns[:BATCH]).delete()
    embed_passages(embedder=ToyEmbedder())
    assert list(Passage.objects.values_list("model", flat=True)) == [MODEL] * 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_out(talk: Session) -> None:
    for number in range(3 * BATCH):
        turn_of(talk, f"exam {number}")
    assert sum(int(str(each)) for each in at_once(2, lambda _: read_ended_turns())) == 3 * BATCH
    made = at_once(2, lambda _: embed_passages(embedder=ToyEmbedder()))
    while Passage.objects.filter(code__isnull=True).exists():
        made.append(embed_passages(embedder=ToyEmbedder()))
    assert sum(int(str(each)) for each in made) == 3 * BATCH
    assert len(ask(talk.user, "exam", limit=100)) == 3 * BATCH


@pytest.mark.django_db(transaction=True)
def test_a_deletion_waits_for_the_model_and_leaves_nothing(talk: Session) -> None:
    turns = [turn_of(talk, f"exam {number}") for number in range(BATCH)]
    read_ended_turns()

    def race(number: int) -> int:
        if number:
            return embed_passages(embedder=ToyEmbedder())
        with transaction.atomic():
            Message.objects.filter(turn__in=turns).delete()
            forget_turns([turn.pk for turn in turns])
        return 0

    at_once(2, race)
    work()
    assert Passage.objects.count() == 0


def test_old_points_of_another_model_count_for_nothing(talk: Session) -> None:
    turn_of(talk, "my exam is on friday")
    work()
    Passage.objects.update(model="an older one")
    assert ask(talk.user, "exam")[0].meaning == 0.0


def test_shelves_stay_within_their_bound(talk: Session, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_of(talk, "my exam is on friday")
    turn_of(make_session(bob), "the choir sings")
    work()
    monkeypatch.setattr(shelves, "MOST_BYTES", 1)
    for _ in range(2):
        assert len(ask(talk.user, "exam")) == len(ask(bob, "choir")) == 1
        assert list(shelves._shelves) == [bob.pk]


# The door ----------------------------------------------------------------------------------------------


def test_a_phone_is_told_what_was_found_and_why(api: Api, talk: Session) -> None:
    turn = turn_of(talk, "my exam is on friday", "Sleep well.")
    turn_of(talk, "the choir sings")
    work()
    (found,) = api(talk.user).get("/recall/", {"q": "when is my exam", "limit": 1}).json()["results"]
    assert (found["turn"], found["session"], found["said"]) == (str(turn.uid), str(talk.uid), "my exam is on friday")
    assert found["words"] > 0.5
    assert found["time"] == 0


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x" * 501}, {"q": "exam", "limit": 0}])
def test_questions_that_are_none(api: Api, alice: User, query: dict[str, Any]) -> None:
    assert_problem(api(alice).get("/recall/", query), 422, "invalid")
