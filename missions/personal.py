"""What becomes of missions, evidence and rewards when their person leaves."""

from missions.models import Evidence, Mission, MissionTemplate, Reward
from timetravelers.kit.personal import Fate, Rule, exempt, register


def register_tables() -> None:
    """Called when the app is ready."""
    exempt("reviewed content", MissionTemplate, MissionTemplate.skills.through)
    register(
        Rule(
            Mission,
            "user",
            Fate.DELETE,
            "what the person took on",
            export=(
                "uid",
                "template__slug",
                "template__version",
                "template__title",
                "traveler__name",
                "origin",
                "state",
                "reason",
                "offered_at",
                "accepted_at",
                "ended_at",
            ),
        ),
        Rule(
            Evidence,
            "mission__user",
            Fate.DELETE,
            "the person's own words",
            export=("uid", "mission__uid", "kind", "content", "created_at"),
        ),
        Rule(
            Reward,
            "user",
            Fate.DELETE,
            "the ledger is the person's, and nobody else's sums depend on it",
            export=("uid", "mission__uid", "points", "earned_at"),
        ),
    )
