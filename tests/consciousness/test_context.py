"""What a call tells: the page that shows it and the wire that carries it say the same; pins and exclusions hold."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Consent, User
from accounts.services import withdraw_consent
from consciousness.models import ContextMark, Memory, Message, Session, Turn
from consciousness.selectors.context import FILE_CHARACTERS, MOST_NEW_MEMORIES
from consciousness.selectors.files import file_texts_of
from consciousness.services.forgetting import forget_memory
from consciousness.services.messages import say
from consciousness.services.remembering import fingerprint_of
from consciousness.services.summing import advance_summary
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import ApiClient
from tests.consciousness.driving import State, carried_out, drive, says, turn_of
from tests.consciousness.faults import World
from tests.consciousness.test_api import assert_problem
from tests.consciousness.trees import told
from tests.factories.files import make_file
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]


def remember(user: User, text: str, kind: str = "goal", state: str = "kept", **facts: Any) -> Memory:
    decided = None if state == "proposed" else now()
    facts = {"confidence": 0.9, "decided_at": decided, **facts}
    return Memory.objects.create(
        user=user, kind=kind, text=text, fingerprint=fingerprint_of(text), state=state, **facts
    )


def shown(phone: ApiClient, session: Session, text: str = "") -> dict[str, Any]:
    answer = phone.get(f"/sessions/{session.uid}/context/", {"text": text})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    assert found["tokens"] <= found["budget"]
    for part in found["parts"]:
        assert part["text"] in (found["words"] if part["kind"] == "words" else found["told"])
        assert part["origins"]
    return found


def parts_taken(manus: SimulatorServer, session: Session) -> list[list[str]]:
    """The text parts of every message that the task of a session took, as they came over the wire."""
    session.refresh_from_db()
    tasks = [task for account in manus.world.memory.accounts.values() for task in account.tasks.values()]
    (task,) = (task for task in tasks if task.id == session.provider_task)
    return [list(task.first_parts)]


def hear(session: Session, count: int) -> None:
    """Turns that were answered a while ago."""
    for number in range(count):
        turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
        said = f"On day {number} I wrote {number} pages about gardening."
        Message.objects.create(session=session, turn=turn, author="user", text=said, client_id=f"day {number}")
        Message.objects.create(session=session, turn=turn, author="traveler", text=f"Good for day {number}.")


def test_the_page_shows_what_goes_out_byte_for_byte(api: Api, session: Session, manus: SimulatorServer) -> None:
    hear(session, 3)
    remember(session.user, "To work with maps.")
    turn = says(session, "What about maps?").turn
    before = shown(api(session.user), session)
    assert before["words"] == "What about maps?"
    assert not before["goes_on"]
    assert drive(turn).state == State.COMPLETED
    (first,) = parts_taken(manus, session)
    assert first == [before["told"], before["words"]]
    kinds = [part["kind"] for part in before["parts"]]
    assert kinds == ["persona", "profile", "goal", "memory", "turn", "turn", "turn", "words"]


def test_a_conversation_that_goes_on_is_told_what_it_has_not_heard(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    told(session, "I like apples.")
    turn = says(session, "And pears?").turn
    preview = shown(api(session.user), session)
    assert preview["goes_on"]
    assert "apples" not in preview["told"]
    world = World(session, manus)
    before = len(world.taken())
    drive(turn)
    assert world.taken()[before:] == ["\n".join(filter(None, [preview["told"], "And pears?"]))]


def test_a_draft_is_shown_as_if_it_were_said(api: Api, session: Session, manus: SimulatorServer) -> None:
    draft = shown(api(session.user), session, "How do I begin?")
    says(session, "How do I begin?")
    said = shown(api(session.user), session)
    assert (draft["told"], draft["words"]) == (said["told"], said["words"])


def test_without_consent_there_is_nothing_to_show(api: Api, session: Session, manus: SimulatorServer) -> None:
    withdraw_consent(user=session.user, purpose=Consent.Purpose.AI_PROVIDER)
    found = shown(api(session.user), session, "Hello?")
    assert (found["consented"], found["parts"], found["told"], found["words"]) == (False, [], "", "")


def test_only_what_is_kept_is_told(api: Api, session: Session, manus: SimulatorServer) -> None:
    remember(session.user, "Kept words.")
    remember(session.user, "Proposed words.", state="proposed")
    remember(session.user, "Rejected words.", state="rejected")
    found = shown(api(session.user), session)["told"]
    assert "Kept words." in found
    assert "Proposed words." not in found
    assert "Rejected words." not in found


def test_what_lasts_and_what_is_new_is_told_without_being_asked(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    remember(session.user, "To lead a team.")
    for number in range(MOST_NEW_MEMORIES + 1):
        remember(session.user, f"Fact {number}.", kind="fact")
    found = shown(api(session.user), session)["told"]
    assert "To lead a team." in found
    assert "Fact 0." not in found
    assert all(f"Fact {number}." in found for number in range(1, MOST_NEW_MEMORIES + 1))


def test_a_memory_that_was_used_knows_when(session: Session, manus: SimulatorServer) -> None:
    unused = remember(session.user, "Nobody asks.", kind="fact")
    memory = remember(session.user, "To work with maps.")
    for number in range(MOST_NEW_MEMORIES):
        remember(session.user, f"Newer fact {number}.", kind="fact")
    told(session, "Where do I begin?")
    memory.refresh_from_db()
    unused.refresh_from_db()
    assert memory.last_used_at is not None
    assert unused.last_used_at is None


def test_what_is_excluded_is_in_no_call_and_a_task_that_knows_it_is_left(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    phone = api(session.user)
    turn = told(session, "I like turnips.")
    memory = remember(session.user, "Never on Fridays.", kind="constraint")
    path = f"/sessions/{session.uid}/context/exclusions"
    for place in (f"turn/{turn}", f"memory/{memory.uid}"):
        assert phone.put(f"{path}/{place}/").status_code == 204
        assert phone.put(f"{path}/{place}/").status_code == 204
    preview = shown(phone, session, "And now?")
    assert not preview["goes_on"]
    assert "turnips" not in preview["told"]
    assert "Fridays" not in preview["told"]
    assert [(one["mark"], one["kind"]) for one in preview["marks"]] == [("excluded", "turn"), ("excluded", "memory")]
    world = World(session, manus)
    before = len(world.taken())
    told(session, "And now?")
    assert "turnips" not in "\n".join(world.taken()[before:])
    assert carried_out(manus, "task.create") == 2
    assert phone.delete(f"{path}/memory/{memory.uid}/").status_code == 204
    assert "Fridays" in shown(phone, session)["told"]
    assert ContextMark.objects.count() == 1


def test_what_is_pinned_is_told_however_old_it_is(api: Api, session: Session, manus: SimulatorServer) -> None:
    phone = api(session.user)
    hear(session, 180)
    first = session.turns.order_by("pk")[0]
    assert f"> {first.messages.first().text}" not in shown(phone, session)["told"]  # type: ignore[union-attr]
    pin = f"/sessions/{session.uid}/context/pins/turn/{first.uid}/"
    assert phone.put(pin).status_code == 204
    found = shown(phone, session)
    assert [part["kind"] for part in found["parts"] if part["pinned"]] == ["recalled"]
    assert "I wrote 0 pages" in found["told"]
    assert phone.put(pin.replace("pins", "exclusions")).status_code == 204
    assert phone.delete(pin).status_code == 204  # it is not pinned any more, so nothing happens
    assert ContextMark.objects.get().mark == "excluded"


def test_what_is_not_there_cannot_be_marked(api: Api, session: Session, bob: User) -> None:
    others = remember(bob, "Bob's own.")
    path = f"/sessions/{session.uid}/context/pins"
    for place in (f"memory/{others.uid}", f"turn/{session.uid}", f"nonsense/{session.uid}"):
        assert_problem(api(session.user).put(f"{path}/{place}/"), 404, "context_target_not_found")
    assert_problem(api(bob).put(f"{path}/memory/{others.uid}/"), 404, "session_not_found")
    assert_problem(api(bob).get(f"/sessions/{session.uid}/context/"), 404, "session_not_found")


def test_a_forgotten_memory_is_told_no_more_by_a_task_that_had_heard_it(
    session: Session, manus: SimulatorServer
) -> None:
    memory = remember(session.user, "To work with maps.")
    told(session, "Where do I begin?")
    forget_memory(memory=memory.uid, actor=session.user)
    world = World(session, manus)
    before = len(world.taken())
    told(session, "And then?")
    heard = "\n".join(world.taken()[before:])
    assert "maps" not in heard
    assert "Where do I begin?" in heard
    assert carried_out(manus, "task.create") == 2


def test_of_a_very_long_file_the_beginning_is_read_and_told(api: Api, session: Session, manus: SimulatorServer) -> None:
    """Even after a long conversation, and of the text no more is fetched than could be told."""
    hear(session, 180)
    file = make_file(session.user, text="A line of the file.\n" * 10_000)
    said = say(session=session.uid, actor=session.user, text="Read this.", client_id="file", files=[file.uid])
    (found,) = file_texts_of([turn_of(said.turn).pk], FILE_CHARACTERS)
    assert len(found.text) == FILE_CHARACTERS
    (part,) = [part for part in shown(api(session.user), session)["parts"] if part["kind"] == "file"]
    assert not part["trusted"]
    assert part["text"].count("> A line of the file.") > 20


def test_the_summary_takes_the_place_of_what_is_too_far_back(
    api: Api, session: Session, manus: SimulatorServer
) -> None:
    hear(session, 180)
    decided = Message.objects.filter(session=session, author="user").order_by("pk")[3]
    Message.objects.filter(pk=decided.pk).update(text="I have decided to move to Lisbon in 2027 for good.")
    while advance_summary(session.uid):
        pass
    found = shown(api(session.user), session)
    lines = [part for part in found["parts"] if part["kind"] == "summary"]
    assert any("move to Lisbon" in part["text"] for part in lines)
    assert all({origin["kind"] for origin in part["origins"]} == {"summary", "message"} for part in lines)
    assert "> I have decided to move" not in found["told"]


@pytest.mark.parametrize("words", ["", "What did I write about gardening?"])
def test_the_number_of_questions_does_not_grow_with_the_history(
    words: str, api: Api, session: Session, manus: SimulatorServer, django_assert_max_num_queries: Any
) -> None:
    hear(session, 5)
    phone = api(session.user)
    shown(phone, session, words)
    with django_assert_max_num_queries(60) as few:
        shown(phone, session, words)
    hear_more = make_session(session.user)
    hear(hear_more, 300)
    while advance_summary(hear_more.uid):
        pass
    with django_assert_max_num_queries(60) as many:
        shown(phone, hear_more, words)
    assert len(many) <= len(few) + 1
