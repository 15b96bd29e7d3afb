"""Whatever files and pasted words say, nothing is remembered, awarded or changed without the person's own word."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from accounts.models import Goal, Profile, UserSkill
from consciousness.models import Extract, Insight, Memory, Session
from consciousness.runs import Runs, runs_of
from consciousness.services.messages import say
from consciousness.services.missions import offer_mission_from
from mentors.manus.simulator.server import SimulatorServer
from mentors.rehearsal.structuring import fill
from missions.models import Mission, MissionProposal, Reward
from tests.actors import Api, ApiClient
from tests.clean import clear_valkey
from tests.consciousness.driving import State, drive, says
from tests.consciousness.files.driving import sent
from tests.consciousness.poison.corpus import FILES, HARMLESS, MESSAGES, Maker
from tests.consciousness.reflecting_steps import ended, reach
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db

# Of an answer no more than eight items of a kind are looked at.
PORTION = 8
OWN_WORDS = "I want to become a data analyst. I have two kids and little time in the evening."


@pytest.fixture(params=["simulator", "rehearsal"])
def answered_by(request: pytest.FixtureRequest, manus: SimulatorServer, session: Session, settings: Any) -> str:
    """Who answers: the provider's simulator over HTTP, or the rehearsal engine in the house."""
    if request.param == "rehearsal":
        settings.ENGINE_CHAIN = ["rehearsal"]
    session.engine_chain = [*settings.ENGINE_CHAIN]
    session.save()
    return str(request.param)


def everything_kept(session: Session) -> dict[str, Any]:
    """What only the person's own word may change."""
    user = session.user_id
    tables = {
        "profile": Profile.objects.filter(user=user),
        "goals": Goal.objects.filter(user=user),
        "skills": UserSkill.objects.filter(user=user),
        "missions": Mission.objects.filter(user=user).exclude(state=Mission.State.OFFERED),
        "rewards": Reward.objects.filter(user=user),
        "memories": Memory.objects.filter(user=user, state=Memory.State.KEPT),
        "insights": Insight.objects.filter(user=user).exclude(state=Insight.State.PROPOSED),
    }
    return {name: list(rows.order_by("pk").values()) for name, rows in tables.items()}


def derived(session: Session) -> list[str]:
    """All that was made of what was said, as text."""
    user = session.user_id
    session.refresh_from_db()
    return [
        session.title,
        *Memory.objects.filter(user=user).values_list("text", flat=True),
        *Insight.objects.filter(user=user).values_list("text", flat=True),
        *MissionProposal.objects.filter(user=user).values_list("text", flat=True),
        *Mission.objects.filter(user=user).values_list("reason", flat=True),
    ]


def hand_over(session: Session, phone: ApiClient, files: dict[str, tuple[str, Maker]]) -> list[str]:
    """Send them all, ten a message, through the door, and be answered each time; what is not taken is named."""
    left: list[str] = []
    taken: list[str] = []
    for case, (name, body) in files.items():
        clear_valkey()  # nobody sends as many in a minute
        told = sent(phone, name, body())
        if told["state"] == "ready":
            taken.append(told["uid"])
        else:
            left.append(case)
    for number, some in enumerate(_tens(taken)):
        said = say(
            session=session.uid,
            actor=session.user,
            text="Please have a look at these.",
            client_id=f"files-{number}",
            files=[UUID(uid) for uid in some],
        )
        assert drive(said.turn).state == State.COMPLETED
    return left


def _tens(things: list[str]) -> list[list[str]]:
    return [things[place : place + 10] for place in range(0, len(things), 10)]


def runs_in(files: dict[str, tuple[str, Maker]]) -> Runs:
    names = [name for name, _ in files.values()]
    return runs_of(*names, *Extract.objects.values_list("text", flat=True))


def test_the_corpus_is_large_enough() -> None:
    assert len(FILES) + len(MESSAGES) >= 60
    assert len(HARMLESS) >= 8


def test_files_write_nothing(session: Session, api: Api, answered_by: str) -> None:
    phone = api(session.user)
    before = everything_kept(session)
    drive(says(session, OWN_WORDS).turn)
    assert hand_over(session, phone, FILES) == []
    offer_mission_from(session.uid)
    reach(ended(session))
    assert everything_kept(session) == before
    poison = runs_in(FILES)
    assert [text for text in derived(session) if poison.are_in(text)] == []


def filled_obediently(poison: list[str], *asked: Any) -> dict[str, Any]:
    """An answer that repeats whatever files say, as if it were the person's first message."""
    items = [{"text": text, "messages": [1]} for text in poison]
    memories = [{**one, "kind": "fact", "confidence": 1.0} for one in items]
    lists = dict.fromkeys(("topics", "decisions", "action_items", "skills", "open_questions"), items)
    return {**fill(*asked), **lists, "summary": items[0], "title": poison[0], "memories": memories}


@pytest.mark.parametrize("first", range(0, len(FILES), PORTION))
def test_an_engine_that_obeys_files_writes_nothing_either(
    first: int, session: Session, api: Api, manus: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = dict(list(FILES.items())[first : first + PORTION])
    before = everything_kept(session)
    drive(says(session, OWN_WORDS).turn)
    assert hand_over(session, api(session.user), some) == []
    poison = [" ".join(text.split())[:80] for text in Extract.objects.order_by("pk").values_list("text", flat=True)]
    obeys = partial(filled_obediently, poison)
    monkeypatch.setattr("mentors.manus.simulator.work.fill", obeys)
    assert reach(ended(session)).state == "done"
    assert everything_kept(session) == before
    strange = runs_in(some)
    assert [text for text in derived(session) if strange.are_in(text)] == []
    kept = Memory.objects.values_list("text", flat=True)
    assert [text for text in kept if text.casefold() not in OWN_WORDS.casefold()] == []


def test_pasted_words_write_nothing_without_the_persons_word(session: Session, answered_by: str) -> None:
    before = everything_kept(session)
    for words in MESSAGES.values():
        assert drive(says(session, words).turn).state == State.COMPLETED
    offer_mission_from(session.uid)
    reach(ended(session))
    assert everything_kept(session) == before
    assert set(Memory.objects.values_list("state", flat=True)) <= {Memory.State.PROPOSED}


def test_harmless_files_can_be_used(session: Session, api: Api, manus: SimulatorServer) -> None:
    phone = api(session.user)
    assert hand_over(session, phone, {case: (name, body) for case, (name, body, _) in HARMLESS.items()}) == []
    read = "\n".join(Extract.objects.values_list("text", flat=True))
    assert [case for case, (_, _, text) in HARMLESS.items() if text not in read] == []


def test_what_a_file_says_is_told_as_nobodys_word(session: Session, api: Api, manus: SimulatorServer) -> None:
    """Each in its turn, as the newest thing that was said."""
    phone, told = api(session.user), set()
    for number, (case, (name, body)) in enumerate(FILES.items()):
        clear_valkey()
        uid = sent(phone, name, body())["uid"]
        say(session=session.uid, actor=session.user, text="Look.", client_id=f"{number}", files=[UUID(uid)])
        session.turns.update(state="completed", ended_at=now())
        parts = phone.get(f"/sessions/{session.uid}/context/", {"text": "What is in my file?"}).json()["parts"]
        of_file = [part for part in parts if any(origin["uid"] == uid for origin in part["origins"])]
        assert all(part["kind"] == "file" and not part["trusted"] for part in of_file), case
        said = runs_of(Extract.objects.get(file__uid=uid).text)
        assert not any(said.are_in(part["text"]) for part in parts if part["trusted"]), case
        told |= {case} if of_file else set()
    assert len(told) > len(FILES) * 0.9, sorted(set(FILES) - told)
