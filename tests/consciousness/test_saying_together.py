"""Group commit: what many say is stored together, and comes to the same as if each had said it alone."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.services import withdraw_consent
from consciousness.errors import ClientIdReused
from consciousness.models import Message, Session, Turn
from consciousness.services.ends import end_session
from consciousness.services.log import lock_session
from consciousness.services.messages import say
from consciousness.services.rooms import MAX_TURN_TOKENS
from consciousness.services.saying import Left, Outcome, Said, Saying, say_many
from mentors.manus.tokens import estimated_tokens
from mentors.models import ProviderCall
from tests.consciousness.driving import State, events_of, kinds_of, reach, says, turn_of
from tests.factories.accounts import give_consent, make_user
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.errors import DomainError


def saying(session: Session, text: str, client_id: str, *, actor: User | None = None) -> Saying:
    return Saying(session.uid, (actor or session.user).pk, text, client_id)


def names(*sayings: Saying) -> list[str]:
    """What became of each: `said`, `again`, or why not."""
    return [_name(outcome) for outcome in say_many(sayings).outcomes]


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, Said):
        return "said" if outcome.is_new else "again"
    return outcome.value if isinstance(outcome, Left) else outcome.code


def texts(session: Session) -> list[str]:
    return list(session.messages.order_by("pk").values_list("text", flat=True))


def test_each_message_in_a_quiet_session_makes_a_turn(session: Session) -> None:
    sessions = [make_session(session.user) for _ in range(4)]
    spoken = say_many([saying(each, f"To {number}.", "c") for number, each in enumerate(sessions)])
    for number, (each, outcome) in enumerate(zip(sessions, spoken.outcomes, strict=True)):
        assert isinstance(outcome, Said)
        turn = turn_of(outcome.turn)
        each.refresh_from_db()
        assert (turn.session, turn.state, turn.parent, turn.depth, turn.on_branch) == (each, "queued", None, 0, True)
        assert each.head == turn
        created, queued = events_of(each)
        assert (created["type"], created["seq"]) == ("message.created", outcome.seq)
        assert queued["data"] == {"turn": str(turn.uid), "position": number + 1, "eta_s": 0}
        logged = [(one.seq, one.kind) for one in spoken.news[each.uid]]
        assert logged == [(1, "message.created"), (2, "turn.queued")]
    calls = ProviderCall.objects.order_by("pk")
    assert [call.subject for call in calls] == [one.turn for one in spoken.outcomes if isinstance(one, Said)]
    assert {(call.kind, call.lane, call.owner_id, call.pool) for call in calls} == {
        ("create", "live", session.user.pk, "create")
    }


def test_rows_made_in_a_batch_are_as_any_others(session: Session) -> None:
    """The statements name their columns: one that is added later has to be null, or have a default in the database."""
    turn = says(session).turn
    assert _unlike(Turn(), turn_of(turn)) <= {"id", "uid", "session_id", "due_at", "created_at", "updated_at"}
    named = {"id", "uid", "session_id", "turn_id", "author", "text", "client_id", "seq", "received_at", "created_at"}
    assert _unlike(Message(), Message.objects.get()) <= named


def _unlike(plain: models.Model, stored: models.Model) -> set[str]:
    """The columns in which a row differs from one that was made with nothing given; searching fills its own later."""
    stored.refresh_from_db()
    names = {field.attname for field in plain._meta.concrete_fields if field.name != "words"}
    return {name for name in names if getattr(stored, name) != getattr(plain, name)}


# Locks, sessions, ids, consent, turns, calls and where they stand, what is stored; the savepoint; the accounts once.
STATEMENTS = 24


@pytest.mark.parametrize("number", [1, 20])
def test_more_messages_are_not_more_statements(
    session: Session, number: int, django_assert_max_num_queries: Any
) -> None:
    sessions = [make_session(session.user) for _ in range(number)]
    asked = [saying(each, str(turn), f"c-{turn}") for turn in range(3) for each in sessions]
    with django_assert_max_num_queries(STATEMENTS):
        assert set(names(*asked)) == {"said"}


def test_nobody_is_refused_for_their_neighbours(session: Session, bob: User) -> None:
    good, ended, foreign, silent = (make_session(session.user) for _ in range(4))
    says(good, "First.", "first")
    end_session(session=ended.uid, actor=session.user)
    give_consent(bob)
    stranger = make_session(make_user())
    assert names(
        saying(ended, "Too late.", "c"),
        saying(good, "In time.", "c"),
        saying(foreign, "Not mine.", "c", actor=bob),
        Saying(UUID(int=7), session.user.pk, "Nowhere.", "c"),
        saying(good, "First.", "first"),
        saying(good, "Something else.", "first"),
        saying(stranger, "May I?", "c"),
        saying(good, "After that.", "d"),
        saying(good, "After that.", "d"),
    ) == [
        "session_ended", "said", "session_not_found", "session_not_found", "again", "client_id_reused",
        "consent_required", "said", "again",
    ]  # fmt: skip
    assert texts(good) == ["First.", "In time.", "After that."]
    assert not any(texts(each) for each in (ended, foreign, silent, stranger))


def test_a_repetition_gets_the_earlier_acknowledgement(session: Session) -> None:
    first = says(session, "Once.", "c")
    says(session, "Then.", "d")
    (again,) = say_many([saying(session, "Once.", "c")]).outcomes
    assert again == Said(first.message, first.turn, first.seq, is_new=False)
    end_session(session=session.uid, actor=session.user)
    assert names(saying(session, "Once.", "c")) == ["again"]


def test_what_follows_a_stand_ins_reply_is_said_alone(session: Session) -> None:
    turn = says(session).turn
    Turn.objects.filter(uid=turn).update(answered_at=turn_of(turn).created_at)
    assert names(saying(session, "And then?", "c"), saying(session, "And?", "d")) == ["alone", "busy"]
    assert len(texts(session)) == 1


def test_while_a_reply_is_on_its_way_the_next_turn_gathers_and_does_not_stand_in_line(
    session: Session, manus: Any
) -> None:
    first = says(session).turn
    reach(first, State.RUNNING)
    one, two = say_many([saying(session, "One.", "1"), saying(session, "Two.", "2")]).outcomes
    assert isinstance(one, Said)
    assert isinstance(two, Said)
    assert one.turn == two.turn != first
    assert turn_of(one.turn).parent == turn_of(first)
    assert not ProviderCall.objects.filter(subject=one.turn).exists()
    assert events_of(session)[-2]["data"] == {"turn": str(one.turn), "position": 1, "eta_s": None}


def test_what_does_not_fit_begins_turns_that_follow_each_other(session: Session) -> None:
    long = "語" * 1500
    assert names(*(saying(session, long, str(number)) for number in range(6))) == ["said"] * 4 + ["queue_full"] * 2
    turns = list(session.turns.order_by("pk"))
    assert [turn.parent for turn in turns] == [None, *turns[:-1]]
    assert [turn.depth for turn in turns] == [0, 1, 2, 3]
    session.refresh_from_db()
    assert session.head == turns[-1]
    assert list(ProviderCall.objects.values_list("subject", flat=True)) == [turns[0].uid]


@pytest.mark.django_db(transaction=True)
def test_a_session_in_other_hands_holds_up_nobody(session: Session) -> None:
    busy, free = make_session(session.user), make_session(session.user)
    asked = (saying(busy, "Me?", "c"), saying(free, "Me!", "c"), saying(busy, "And me?", "d"))
    with locked_elsewhere(busy):
        assert names(*asked) == ["busy", "said", "busy"]
    assert names(asked[0], asked[2]) == ["said", "said"]
    assert texts(busy) == ["Me?", "And me?"]


@contextmanager
def locked_elsewhere(session: Session) -> Iterator[None]:
    """Another connection is at work in the session."""
    is_locked, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_session(session.uid)
            is_locked.set()
            is_over.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_locked.wait(10)
    try:
        yield
    finally:
        is_over.set()
        thread.join()


WORDS = st.sampled_from(["Yes.", "No.", "é" * 900, "語" * 1300, "x" * 3900, "😀"])
TALK = st.lists(st.tuples(st.integers(0, 4), WORDS, st.integers(0, 9), st.booleans()), min_size=1, max_size=14)


@given(talk=TALK)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_batches_come_to_the_same_as_one_by_one(db: None, talk: list[tuple[int, str, int, bool]]) -> None:
    """Sessions: two that are open, one that talks already, one that has ended, and one of somebody without consent."""
    owner = make_user()
    give_consent(owner)
    alone, together = _world(owner), _world(owner)
    expected = [_said_alone(alone[place], text, str(name)) for place, text, name, _ in talk]
    found = _said_in_batches([saying(together[place], text, str(name)) for place, text, name, _ in talk], talk)
    assert found == expected
    for one, other in zip(alone, together, strict=True):
        assert _shape(other) == _shape(one)


def _world(owner: User) -> list[Session]:
    world = [make_session(owner), make_session(owner), make_session(owner), make_session(owner)]
    says(world[2], "Hello.", "0")
    end_session(session=world[3].uid, actor=owner)
    return [*world, make_session(make_user())]


def _said_alone(session: Session, text: str, client_id: str) -> str:
    try:
        return _name(say(session=session.uid, actor=session.user, text=text, client_id=client_id))
    except DomainError as refusal:
        return refusal.code


def _said_in_batches(sayings: Sequence[Saying], talk: Sequence[tuple[int, str, int, bool]]) -> list[str]:
    found: list[str] = []
    batch: list[Saying] = []
    for one, (*_, is_last) in zip(sayings, talk, strict=True):
        batch.append(one)
        if is_last:
            found += names(*batch)
            batch = []
    return found + names(*batch)


def _shape(session: Session) -> Any:
    """Everything that was stored, with turns by their number."""
    turns = list(session.turns.order_by("pk"))
    number = {turn.pk: place for place, turn in enumerate(turns)}
    uids = {str(turn.uid): place for place, turn in enumerate(turns)}
    session.refresh_from_db()
    logged = [(event["type"], uids.get(event["data"].get("turn", ""))) for event in events_of(session)]
    kept = session.messages.order_by("pk").values_list("text", "client_id", "seq", "turn_id")
    shapes = [(number.get(turn.parent_id or 0), turn.depth, turn.state, turn.on_branch) for turn in turns]
    in_line = set(ProviderCall.objects.filter(session_ref=session.uid).values_list("subject", flat=True))
    return (
        [(*facts, number[turn]) for *facts, turn in kept],
        shapes,
        logged,
        number.get(session.head_id or 0),
        [turn.uid in in_line for turn in turns],
    )


@given(lengths=st.lists(st.tuples(st.integers(1, 1500), st.sampled_from("aé語😀")), min_size=1, max_size=6))
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_turn_is_filled_as_far_as_a_call_goes_and_not_further(
    session: Session, lengths: list[tuple[int, str]]
) -> None:
    room = make_session(session.user)
    held: dict[UUID, list[str]] = defaultdict(list)
    newest: UUID | None = None
    for number, (length, character) in enumerate(lengths):
        text = character * length
        (outcome,) = say_many([saying(room, text, f"c-{number}")]).outcomes
        if not isinstance(outcome, Said):
            break
        if newest is not None:
            fits = estimated_tokens("\n\n".join([*held[newest], text])) <= MAX_TURN_TOKENS
            assert (outcome.turn == newest) == fits
        newest = outcome.turn
        held[newest].append(text)


@pytest.mark.django_db(transaction=True)
def test_batches_of_several_processes_and_one_who_ends_it(session: Session) -> None:
    """Real threads: every message is stored once or refused, whoever comes first; logs have no gaps."""
    sessions = [make_session(session.user) for _ in range(5)]

    def talk(side: int) -> list[tuple[Saying, str]]:
        if side == 0:
            end_session(session=sessions[0].uid, actor=session.user)
            return []
        found = []
        for number in range(6):
            asked = [saying(each, f"{side}-{number}", f"{side}-{number}-{uuid4().hex[:4]}") for each in sessions]
            found += [(one, _said_at_last(one, outcome)) for one, outcome in _zip(asked)]
        return found

    results = [one for side in at_once(4, talk) for one in _checked(side)]
    for each in sessions:
        stored = set(each.messages.values_list("client_id", flat=True))
        assert stored == {one.client_id for one, name in results if one.session == each.uid and name == "said"}
        assert kinds_of(each).count("message.created") == len(stored)
        assert each.turns.filter(state="queued").count() <= 4
    refused = {name for one, name in results if name != "said"}
    assert refused <= {"session_ended"}


def _zip(asked: list[Saying]) -> Iterator[tuple[Saying, Outcome]]:
    return zip(asked, say_many(asked).outcomes, strict=True)


def _said_at_last(one: Saying, outcome: Outcome) -> str:
    if not isinstance(outcome, Left):
        return _name(outcome)
    actor = User.objects.get(pk=one.actor)
    try:
        return _name(say(session=one.session, actor=actor, text=one.text, client_id=one.client_id))
    except DomainError as refusal:
        return refusal.code


def _checked(side: Any) -> list[tuple[Saying, str]]:
    assert not isinstance(side, DomainError)
    return list(side)


def test_nothing_is_said_without_consent(session: Session) -> None:
    withdraw_consent(user=session.user, purpose="ai_provider")
    assert names(saying(session, "Still?", "c")) == ["consent_required"]


def test_an_id_used_twice_in_one_batch_is_one_message(session: Session) -> None:
    first, again, other = say_many(
        [saying(session, "Once.", "c"), saying(session, "Once.", "c"), saying(session, "Twice.", "c")]
    ).outcomes
    assert isinstance(first, Said)
    assert again == Said(first.message, first.turn, first.seq, is_new=False)
    assert isinstance(other, ClientIdReused)
