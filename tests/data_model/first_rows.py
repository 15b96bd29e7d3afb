"""A row in every table that the first steps of the migrations made, written as the models were then."""

import hashlib
from datetime import UTC, datetime
from typing import Any

MOMENT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")
RANGES = {"pace_hours": (3, 8), "horizon_months": (3, 18), "experience_years": (0, 8)}


class First:
    """The models of the first steps; each part makes rows and remembers those that later parts refer to."""

    def __init__(self, apps: Any) -> None:
        self._apps = apps

    def make(self, label: str, **columns: Any) -> Any:
        """A row of a table as it was then."""
        return self._apps.get_model(label)._default_manager.create(**columns)


def fill(apps: Any) -> None:
    """Put the rows in; the same each time."""
    first = First(apps)
    user = _person(first)
    occupation, skill = _taxonomy(first, user)
    traveler = _traveler(first, occupation, skill)
    session = _session(first, user, traveler)
    _mission(first, user, traveler, skill, session)
    first.make(
        "kit.IdempotentAnswer", user=user, route="POST X", key="k", fingerprint=b"0" * 32, status=201, body=b"{}"
    )
    group = first.make("auth.Group", name="readers")
    user.groups.add(group)
    user.user_permissions.add(_permission(first))


def _permission(first: First) -> Any:
    kind = first.make("contenttypes.ContentType", app_label="accounts", model="past")
    return first.make("auth.Permission", name="May", codename="may", content_type=kind)


def _person(first: First) -> Any:
    user = first.make("accounts.User", email="ada@example.org", password="x")
    first.make("accounts.Consent", user=user, purpose="ai_provider", version=1, granted_at=MOMENT)
    return user


def _taxonomy(first: First, user: Any) -> tuple[Any, Any]:
    field = first.make("accounts.Field", code="15-0000", name="Computing", description="Work with data.")
    occupation, other = (
        first.make(
            "accounts.Occupation",
            code=code,
            title=title,
            field=field,
            description="Finds out.",
            alternate_titles=["Ant", "Bee"],
            job_zone=5,
        )
        for code, title in (("15-2051.00", "Data Scientists"), ("15-2041.00", "Statisticians"))
    )
    skill = first.make("accounts.Skill", key="python", name="Python", kind="technology", aliases=["Py"])
    first.make("accounts.RelatedOccupation", occupation=occupation, related=other, tier="primary-short")
    first.make("accounts.OccupationSkill", occupation=occupation, skill=skill, importance=4.5, level=5)
    first.make("accounts.UserSkill", user=user, skill=skill, level=3)
    first.make("accounts.Profile", user=user, display_name="Ada", weekly_hours=5, target_occupation=occupation)
    return occupation, skill


def _traveler(first: First, occupation: Any, skill: Any) -> Any:
    traveler = first.make(
        "mentors.Traveler",
        slug="grace",
        version=3,
        name="Grace",
        era_years=10,
        specializations=["Forecasting"],
        story="I counted pallets at night.",
        voice="Warm.",
        greeting="Hello, I am an AI Traveler.",
        boundaries=["Writes no coursework. Ask your instructor."],
        languages=["en"],
        capacity=40,
        occupation=occupation,
        **dict.fromkeys(AXES, 0.5),
        **{f"{name}_{end}": pair[place] for name, pair in RANGES.items() for place, end in enumerate(("min", "max"))},
    )
    first.make("mentors.TravelerSkill", traveler=traveler, skill=skill, level=5)
    first.make(
        "mentors.WebhookDelivery", digest=hashlib.sha256(b"x").digest(), event_type="task_stopped", task_id="task-1"
    )
    return traveler


def _session(first: First, user: Any, traveler: Any) -> Any:
    session = first.make(
        "consciousness.Session",
        user=user,
        traveler=traveler,
        traveler_version=3,
        consent_version=1,
        last_seq=2,
        provider_task="task-1",
    )
    turn = first.make("consciousness.Turn", session=session, state="completed", due_at=MOMENT, ended_at=MOMENT)
    said = {"session": session, "turn": turn}
    first.make("consciousness.Message", author="user", text="Hello", client_id="c1", **said)
    first.make("consciousness.Message", author="traveler", text="Hello, Ada", engine="manus", **said)
    for seq in (1, 2):
        first.make("consciousness.SessionEvent", session=session, seq=seq, type="message.created", data={"n": seq})
    return session


def _mission(first: First, user: Any, traveler: Any, skill: Any, session: Any) -> None:
    template = first.make(
        "missions.MissionTemplate",
        slug="ask-a-table",
        version=1,
        kind="practice",
        title="Ask a table",
        summary="Find out.",
        minutes=60,
        difficulty=2,
        steps=["Pick one."],
        evidence_kinds=["text"],
        evidence_prompt="What did it say?",
        reward_points=40,
    )
    template.skills.add(skill)
    mission = first.make(
        "missions.Mission",
        user=user,
        template=template,
        traveler=traveler,
        origin=session.uid,
        state="completed",
        reason="Because.",
        offered_at=MOMENT,
        accepted_at=MOMENT,
        ended_at=MOMENT,
    )
    first.make("missions.Evidence", mission=mission, kind="text", content="I did it.")
    first.make("missions.Reward", user=user, mission=mission, points=40, earned_at=MOMENT)
