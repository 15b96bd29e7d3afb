"""Through the public doors: what was deleted is nowhere any more, whatever was deleted, and whatever was made of it.

People say it, are answered with it, have it looked back on, keep and confirm what comes of that, take the task, and
ask for a copy. Then they delete the message, another wording of it, the file, the memory or the whole session.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from consciousness.models import (
    ContextMark,
    Extract,
    InsightSource,
    MemorySource,
    Message,
    Passage,
    Session,
    SummaryLine,
)
from consciousness.runs import Runs, runs_of
from consciousness.selectors import recall, shelves
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api, ApiClient
from tests.consciousness.driving import drive
from tests.consciousness.faults import World
from tests.consciousness.files.driving import sent
from tests.consciousness.leftovers import doors, places_of, work_behind_the_scenes
from tests.consciousness.recall.toys import ToyEmbedder
from tests.consciousness.reflecting_steps import ended, fresh, reach
from tests.consciousness.test_unsaying import age_turns
from tests.factories.sessions import make_session

SECRET = "I will ask my brother Anselm for nine thousand euros for the pottery course in Ghent."
QUESTION = "What about my brother Anselm and the pottery course?"
RUNS = runs_of(SECRET)


@pytest.fixture(autouse=True)
def _toy_embedder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A quick model in place of the house's; and a process that remembers nobody."""
    shelves._shelves.clear()
    monkeypatch.setattr(recall, "default_embedder", ToyEmbedder)
    yield
    shelves._shelves.clear()


def say(phone: ApiClient, session: Session, text: str, *files: str) -> str:
    """Say it and be answered; the public id of the message."""
    body = {"client_id": f"c{Message.objects.count()}", "text": text, **({"file_ids": list(files)} if files else {})}
    answer = phone.post(f"/sessions/{session.uid}/messages/", body, Idempotency_Key=f"k{body['client_id']}")
    assert answer.status_code == 201, answer.content
    drive(answer.json()["turn"], seconds=60)
    return str(answer.json()["message"])


def quote(session: Session, message: str, text: str = SECRET) -> None:
    """The reply to a message repeats it word for word, and its event and the index know."""
    turn = Message.objects.get(uid=message).turn
    reply = turn.messages.get(author="traveler", superseded_at__isnull=True)
    reply.text = f"You said: “{text}” Let us plan that."
    reply.save(update_fields=["text"])
    event = session.events.get(seq=reply.seq or 0)
    event.data["message"]["text"] = reply.text
    event.save(update_fields=["data"])


def look_back(phone: ApiClient, session: Session) -> None:
    """End the session, and say yes to all that comes of it."""
    assert reach(ended(session), seconds=60).state == "done"
    for memory in phone.get("/memories/").json()["results"]:
        phone.post(f"/memories/{memory['uid']}/keep/", Idempotency_Key=f"keep {memory['uid']}")
    for insight in phone.get("/insights/").json()["results"]:
        phone.post(f"/insights/{insight['uid']}/confirm/", Idempotency_Key=f"yes {insight['uid']}")
    for proposal in phone.get("/missions/proposals/").json()["results"]:
        phone.patch(f"/missions/proposals/{proposal['uid']}/", {"state": "taken"})


@pytest.fixture
def later(session: Session) -> Session:
    """Another conversation with the same mentor, which is still open."""
    return make_session(session.user, session.traveler)


@pytest.fixture
def message(api: Api, session: Session, later: Session, manus: SimulatorServer) -> str:
    """The secret, told in a session that ended and recalled in a later one; everything there is was made of it."""
    phone = api(session.user)
    found = say(phone, session, SECRET)
    quote(session, found)
    age_turns(session)
    work_behind_the_scenes([session])
    look_back(phone, session)
    work_behind_the_scenes([session])
    quote(later, say(phone, later, QUESTION))
    return found


def shown(phone: ApiClient, *sessions: Session, runs: Runs = RUNS) -> list[str]:
    """The doors behind which the words are to be found."""
    sessions = tuple(Session.objects.filter(pk__in=[session.pk for session in sessions]))
    return sorted(path for path, text in doors(phone, sessions, QUESTION).items() if runs.are_in(text))


def heard_by(manus: SimulatorServer, phone: ApiClient, session: Session) -> str:
    """What the provider is told from now on."""
    world = World(session, manus)
    before = len(world.taken())
    say(phone, session, QUESTION)
    return "\n".join(world.taken()[before:])


def assert_nowhere(phone: ApiClient, manus: SimulatorServer, later: Session, *others: Session) -> None:
    assert places_of(RUNS) == []
    assert shown(phone, later, *others) == []
    assert not RUNS.are_in(heard_by(manus, phone, later))
    work_behind_the_scenes([later, *others])
    assert places_of(RUNS) == []


def test_everything_is_made_of_it(
    api: Api, session: Session, later: Session, message: str, manus: SimulatorServer
) -> None:
    """The tests below would be worth nothing if it were not everywhere before."""
    assert set(places_of(RUNS)) == {
        "consciousness.Insight.text",
        "consciousness.Memory.text",
        "consciousness.Message.text",
        "consciousness.Session.title",
        "consciousness.SessionEvent.data",
        "consciousness.SummaryLine.text",
        "missions.MissionProposal.text",
    }
    places = {path.partition("?")[0].replace(str(session.uid), "OLD").replace(str(later.uid), "NEW")
              for path in shown(api(session.user), session, later)}  # fmt: skip
    assert places >= {
        "/insights/", "/memories/", "/missions/proposals/", "/recall/", "/sessions/search/", "copy",
        "/sessions/OLD/messages/", "/sessions/OLD/transcript/",
        "/sessions/NEW/messages/", "/sessions/NEW/context/", "/sessions/NEW/transcript/",
    }  # fmt: skip


def test_a_message(api: Api, session: Session, later: Session, message: str, manus: SimulatorServer) -> None:
    phone, turn = api(session.user), Message.objects.get(uid=message).turn
    assert phone.delete(f"/sessions/{session.uid}/messages/{message}/").status_code == 204
    assert not Passage.objects.filter(turn=turn).exists()
    for rows in (MemorySource, InsightSource, SummaryLine):
        assert not rows.objects.filter(message__uid=message).exists()
    assert_nowhere(phone, manus, later, session)


def test_a_session(api: Api, session: Session, later: Session, message: str, manus: SimulatorServer) -> None:
    phone = api(session.user)
    assert phone.delete(f"/sessions/{session.uid}/").status_code == 202
    assert_nowhere(phone, manus, later)


def test_a_wording_that_was_edited_away(api: Api, session: Session, later: Session, manus: SimulatorServer) -> None:
    phone = api(session.user)
    first = say(phone, session, SECRET)
    quote(session, first)
    turn = Message.objects.get(uid=first).turn.uid
    edit = {"client_id": "edited", "text": SECRET.replace("Ghent", "Bruges")}
    answer = phone.post(f"/sessions/{session.uid}/turns/{turn}/edit/", edit, Idempotency_Key="edit")
    assert answer.status_code == 201, answer.content
    drive(answer.json()["turn"], seconds=60)
    work_behind_the_scenes([session])
    assert not RUNS.are_in(phone.get(f"/sessions/{session.uid}/context/").json()["told"].replace("Bruges", ""))
    assert phone.delete(f"/sessions/{session.uid}/messages/{answer.json()['message']}/").status_code == 204
    assert not Message.objects.filter(uid=first).exists()
    assert_nowhere(phone, manus, session, later)


def test_another_thing_said_in_its_place_stays(api: Api, session: Session, manus: SimulatorServer) -> None:
    phone = api(session.user)
    first = say(phone, session, "How do I begin with statistics, and where?")
    turn = Message.objects.get(uid=first).turn.uid
    edit = {"client_id": "edited", "text": SECRET}
    answer = phone.post(f"/sessions/{session.uid}/turns/{turn}/edit/", edit, Idempotency_Key="edit")
    drive(answer.json()["turn"], seconds=60)
    assert phone.delete(f"/sessions/{session.uid}/messages/{answer.json()['message']}/").status_code == 204
    assert Message.objects.filter(uid=first).exists()


def test_a_file(api: Api, session: Session, later: Session, manus: SimulatorServer) -> None:
    phone = api(session.user)
    file = sent(phone, "plan.txt", SECRET.encode())["uid"]
    message = say(phone, session, "Look at this plan, please.", file)
    quote(session, message)
    work_behind_the_scenes([session])
    assert shown(phone, session)
    assert phone.delete(f"/files/{file}/").status_code == 202
    assert not Extract.objects.exists()
    assert_nowhere(phone, manus, session, later)


def test_a_memory_in_other_words_than_the_messages(
    api: Api, session: Session, later: Session, message: str, manus: SimulatorServer
) -> None:
    """The person has put it in words of their own, and the mentor has repeated those."""
    phone = api(session.user)
    own = "Anselm, my elder brother, pays for all of the course on pots."
    (memory,) = [one for one in phone.get("/memories/").json()["results"] if "Anselm" in one["text"]]
    assert phone.patch(f"/memories/{memory['uid']}/", {"text": own}).status_code == 200
    again = say(phone, later, QUESTION)
    quote(later, again, own)
    runs = runs_of(own)
    assert places_of(runs)
    assert phone.delete(f"/memories/{memory['uid']}/").status_code == 204
    assert places_of(runs) == []
    assert shown(phone, session, later, runs=runs) == []
    assert not runs.are_in(heard_by(manus, phone, later))


def test_a_memory_in_the_words_of_a_message_is_told_no_more(
    api: Api, session: Session, later: Session, message: str, manus: SimulatorServer
) -> None:
    """What the person said is theirs until they delete that too; but no call tells it any more, and they see why."""
    phone, turn = api(session.user), Message.objects.get(uid=message).turn
    (memory,) = [one for one in phone.get("/memories/").json()["results"] if "Anselm" in one["text"]]
    told = {path for path in shown(phone, later) if "/context/" in path}
    assert told
    assert phone.delete(f"/memories/{memory['uid']}/").status_code == 204
    assert not SummaryLine.objects.filter(message__uid=message).exists()
    assert ContextMark.objects.get(turn=turn).mark == "excluded"
    context: Any = phone.get(f"/sessions/{later.uid}/context/", {"text": QUESTION}).json()
    assert str(turn.uid) not in [origin["uid"] for part in context["parts"] for origin in part["origins"]]
    (marked,) = phone.get(f"/sessions/{session.uid}/context/").json()["marks"]
    assert (marked["mark"], marked["kind"]) == ("excluded", "turn")
    work_behind_the_scenes([session])
    assert not SummaryLine.objects.filter(message__uid=message).exists()


def test_nothing_excluded_is_looked_back_on(api: Api, session: Session, alice: User, manus: SimulatorServer) -> None:
    phone = api(alice)
    message = say(phone, session, SECRET)
    say(phone, session, "I decided to stay at my job for a year.")
    turn = Message.objects.get(uid=message).turn.uid
    assert phone.put(f"/sessions/{session.uid}/context/exclusions/turn/{turn}/").status_code == 204
    before = len(World(session, manus).taken())
    reflection = reach(ended(session), seconds=60)
    assert fresh(reflection).state == "done"
    assert not RUNS.are_in("\n".join(World(session, manus).taken()[before:]))
    assert session.insights.filter(kind="decision").exists()
    assert not session.insights.filter(sources__message__uid=message).exists()
