"""What the AI provider is told follows the catalogue and the consent: change either, and it is told less."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import models

from accounts.models import Consent, Experience, Profile, User, UserSkill
from accounts.selectors import consented_purposes
from accounts.services import withdraw_consent
from consciousness.asking import Parcel, parcel_for_reply
from consciousness.disclosure import telling_about
from consciousness.models import Extract, File, Memory, Message, Session, SummaryLine, SummaryPart, Turn
from consciousness.services.remembering import fingerprint_of
from mentors.engines.rehearsal import RehearsalEngine
from missions.models import Mission
from tests.consciousness.telling import briefing_of
from tests.factories.accounts import (
    give_consent,
    give_skill,
    make_education,
    make_experience,
    make_goal,
    make_occupation,
    make_profile,
    make_user,
)
from tests.factories.missions import make_mission
from tests.factories.sessions import make_session
from timetravelers.kit import catalogue
from timetravelers.kit.catalogue import table_of, tables
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Withheld
from timetravelers.kit.tags import NEVER, Category

pytestmark = pytest.mark.django_db

# What of each column can be seen in the briefing of `mia`.
SEEN: dict[tuple[type[models.Model], str], str] = {
    (Profile, "target_occupation"): "Target occupation: Data Scientists",
    (Profile, "goal_horizon_months"): "Goal horizon in months: 17",
    (Profile, "weekly_hours"): "Hours a week: 23",
    (Profile, "years_experience"): "Years of experience: 4",
    (Experience, "started"): "Years of experience: 4",
    (Experience, "ended"): "Years of experience: 4",
    (Profile, "active_reflective"): "learns by doing",
    (Profile, "sequential_global"): "likes the whole first",
    (UserSkill, "skill"): "Python (strong)",
    (UserSkill, "level"): "Python (strong)",
    (Session, "goal"): "> Find my first data role.",
    (Session, "match"): "your goal is within the months Ada plans for",
    (Memory, "kind"): "constraint: Never on Fridays.",
    (Memory, "text"): "constraint: Never on Fridays.",
    (SummaryLine, "text"): "They said: I work nights.",
    (File, "name"): "File: notes.txt",
    (Extract, "text"): "> A note that was in the file.",
    (Mission, "template"): "mission in hand",
}
PRIVATE = "zanzibarquokka"


@pytest.fixture
def mia() -> User:
    """Somebody who told us much, some of it not meant for others."""
    user = make_user(f"{PRIVATE}@example.org")
    make_profile(
        user,
        display_name=PRIVATE,
        headline=PRIVATE,
        bio=PRIVATE,
        goal=PRIVATE,
        goal_horizon_months=17,
        weekly_hours=23,
        target_occupation=make_occupation(),
        active_reflective=-0.8,
        sequential_global=0.7,
    )
    give_skill(user, "python", 4)
    UserSkill.objects.create(user=user, name=PRIVATE, level=5)
    make_experience(user, "2016-01-01", "2020-01-01", employer=PRIVATE, description=PRIVATE, title=PRIVATE)
    make_education(user, institution=PRIVATE, field_of_study=PRIVATE)
    make_goal(user, motivation=PRIVATE)
    make_mission(user, state=Mission.State.ACCEPTED, accepted_at=now(), reason=PRIVATE)
    give_consent(user)
    return user


@pytest.fixture
def session(mia: User) -> Session:
    reason = {"text": "your goal is within the months Ada plans for", "unknown": False}
    match = {"reasons": {"time": reason}}
    made = make_session(mia, goal="Find my first data role.", origin="match", match=match)
    Memory.objects.create(
        user=mia, kind="constraint", text="Never on Fridays.", fingerprint=fingerprint_of("Never on Fridays."),
        confidence=1, state="kept", decided_at=now(),
    )  # fmt: skip
    _sum_up(made)
    _send_file(made)
    return made


def _sum_up(session: Session) -> None:
    """A turn that is too far back to be told word for word."""
    turn = session.turns.create(due_at=now(), ended_at=now(), state="failed")
    message = Message.objects.create(session=session, turn=turn, author="user", text="I work nights.", client_id="far")
    part = SummaryPart.objects.create(session=session, first=turn, last=turn)
    SummaryLine.objects.create(part=part, message=message, place=0, weight=1, text=message.text)


def _send_file(session: Session) -> None:
    turn = session.turns.create(due_at=now(), ended_at=now(), state="completed")
    message = Message.objects.create(session=session, turn=turn, author="user", text="Read this.", client_id="file")
    facts = {"media_type": "text/plain", "size": 30, "sha256": "0" * 64, "due_at": now(), "state": "ready"}
    file = File.objects.create(user=session.user, message=message, name="notes.txt", key="k", **facts)
    Extract.objects.create(file=file, text="A note that was in the file.")


def say_never(monkeypatch: pytest.MonkeyPatch, model: type[models.Model], column: str, **said: Any) -> None:
    table = table_of(model)
    assert table is not None
    columns = [replace(one, **said) if one.name == column else one for one in table.columns]
    monkeypatch.setitem(catalogue._tables, model, replace(table, columns=columns))


def seen(model: type[models.Model], column: str, session: Session) -> str:
    """What the briefing shows of a column; a mission goes by its title."""
    if model is Mission:
        return str(Mission.objects.get(user=session.user).template.title)
    return SEEN[model, column]


def parcel_of(turn: Turn) -> Parcel:
    return parcel_for_reply(turn, RehearsalEngine())


def says(session: Session, text: str = "How do I begin?") -> Message:
    turn = session.turns.create(due_at=now())
    return Message.objects.create(session=session, turn=turn, author="user", text=text, client_id=text)


def test_the_cases_below_are_all_there_is() -> None:
    leaving = {(table.model, one.name) for table in tables() for one in table.columns if one.leaves}
    others = {(Message, "text"), (Profile, "sensing_intuitive"), (Profile, "visual_verbal")}
    others |= {(File, "media_type"), (File, "size")}  # go along with the file itself
    assert leaving == {*SEEN, *others}


@pytest.mark.parametrize(("model", "column"), SEEN, ids=lambda one: one if isinstance(one, str) else one.__name__)
@pytest.mark.parametrize("said", [{"leaves": NEVER}, {"special": True}], ids=["never", "protected"])
def test_what_is_tagged_as_never_leaving_is_not_in_the_briefing(
    model: type[models.Model], column: str, said: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen(model, column, session) in briefing_of(session)
    say_never(monkeypatch, model, column, **said)
    assert seen(model, column, session) not in briefing_of(session)


def test_a_column_that_is_kept_in_takes_nothing_else_along(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = briefing_of(session)
    say_never(monkeypatch, Profile, "weekly_hours", leaves=NEVER)
    assert briefing_of(session) == before.replace("Hours a week: 23", "Hours a week: not said")


def test_once_consent_is_withdrawn_nothing_of_the_person_is_in_it(session: Session) -> None:
    told = [seen(model, column, session) for model, column in SEEN]
    assert all(one in briefing_of(session) for one in told)
    withdraw_consent(user=session.user, purpose=Consent.Purpose.AI_PROVIDER)
    briefing = briefing_of(session)
    assert not any(one in briefing for one in told)
    assert session.traveler.name in briefing


def test_words_are_not_told_without_consent(session: Session) -> None:
    turn = says(session).turn
    assert parcel_of(turn).ask.words == "How do I begin?"
    Consent.objects.all().delete()
    with pytest.raises(Withheld):
        parcel_of(turn)


def test_a_consent_to_an_older_wording_or_for_something_else_does_not_do(session: Session) -> None:
    Consent.objects.update(version=0)
    give_consent(session.user, purpose=Consent.Purpose.ANALYTICS)
    assert "ai_provider" not in consented_purposes(session.user_id)
    with pytest.raises(Withheld):
        parcel_of(says(session).turn)


def test_nothing_private_is_in_it(session: Session) -> None:
    assert PRIVATE not in briefing_of(session)
    assert "2016" not in briefing_of(session)


def test_the_receipt_knows_what_kinds_of_things_were_told(session: Session) -> None:
    assert parcel_of(says(session).turn).categories == {
        Category.CONVERSATION,
        Category.DERIVED,
        Category.PROFILE,
        Category.CAREER,
        Category.LEARNING,
        Category.PROGRESS,
    }


def test_what_nobody_said_is_no_category(charlie: User) -> None:
    give_consent(charlie)
    telling = telling_about(charlie.pk)
    briefing_of(make_session(charlie), telling)
    assert telling.categories == set()
