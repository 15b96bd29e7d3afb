"""Mission templates and missions of one's own."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from accounts.models import User
from missions.models import Mission, MissionTemplate, Reward
from tests.factories.accounts import make_skill
from timetravelers.kit.clock import now

_numbers = count(1)

STEPS = ["Pick a table.", "Ask it a question.", "Write down what it said."]


def make_template(slug: str = "", *, skills: Sequence[str] = (), **facts: Any) -> MissionTemplate:
    """A current template for any field that takes a text of three words or a link."""
    slug = slug or f"mission-{next(_numbers)}"
    defaults = {
        "version": 1,
        "kind": MissionTemplate.Kind.PRACTICE,
        "title": slug.replace("-", " ").title(),
        "summary": "Find something out from data.",
        "minutes": 60,
        "difficulty": 2,
        "steps": STEPS,
        "evidence_kinds": ["text", "link"],
        "evidence_prompt": "What did it say?",
        "evidence_min_words": 3,
        "reward_points": 40,
    }
    template = MissionTemplate.objects.create(slug=slug, **{**defaults, **facts})
    template.skills.set([make_skill(key) for key in skills])
    return template


def make_mission(user: User, *, state: str = Mission.State.OFFERED, **facts: Any) -> Mission:
    """A mission in the given state, with the times that belong to it."""
    moment = now()
    is_over = state in (Mission.State.COMPLETED, Mission.State.DECLINED)
    template = facts.pop("template", None) or make_template()
    defaults = {
        "reason": "It takes about 60 minutes.",
        "offered_at": moment,
        "accepted_at": None if state == Mission.State.OFFERED else moment,
        "ended_at": moment if is_over else None,
    }
    return Mission.objects.create(user=user, template=template, state=state, **{**defaults, **facts})


def make_reward(user: User, points: int = 40) -> Reward:
    """A completed mission and its entry in the ledger."""
    mission = make_mission(user, state=Mission.State.COMPLETED)
    return Reward.objects.create(user=user, mission=mission, points=points, earned_at=now())
