"""Reads how complete a person's profile is."""

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.completion import Completion, completion
from accounts.models import AXES, Consent, Education, Experience, Goal, GoalStatus, Profile, User, UserSkill
from accounts.selectors.consents import live_consent
from timetravelers.kit.errors import NotFound


def completion_of(user_id: int) -> Completion:
    """The person's completion, from what the rows say at this moment; in three queries. Raises NotFound."""
    return completion(_there(user_id))


def _there(user_id: int) -> dict[str, int]:
    active = Goal.objects.filter(status=GoalStatus.ACTIVE)
    people = User.objects.filter(pk=user_id).annotate(
        roles=_count(Experience.objects.all()),
        schools=_count(Education.objects.all()),
        known=_count(UserSkill.objects.all()),
        aims=_count(active),
        motives=_count(active.exclude(motivation="")),
        horizons=_count(active.filter(horizon_months__isnull=False)),
    )
    counts = people.values("roles", "schools", "known", "aims", "motives", "horizons").first()
    if counts is None:
        raise NotFound
    profile = Profile.objects.filter(user_id=user_id).first() or Profile()
    return {
        **_told(profile),
        "target_occupation": int(profile.target_occupation_id is not None) + counts["aims"],
        "goal_horizon_months": int(profile.goal_horizon_months is not None) + counts["horizons"],
        "goal": int(bool(profile.goal)) + counts["motives"],
        "years_experience": int(profile.years_experience is not None) + counts["roles"],
        "experience": counts["roles"],
        "education": counts["schools"],
        "skills": counts["known"],
        "ai_provider": int(live_consent(user_id, Consent.Purpose.AI_PROVIDER) is not None),
    }


def _told(profile: Profile) -> dict[str, int]:
    plain = ("display_name", "headline", "picture", "languages", "time_zone", "weekly_hours", "availability")
    told = {name: int(bool(getattr(profile, name))) for name in plain}
    return {**told, "learning_preferences": sum(getattr(profile, axis) is not None for axis in AXES)}


def _count(rows: QuerySet[Model]) -> Coalesce:
    """How many of the rows are the outer person's."""
    own = rows.filter(user=OuterRef("pk")).order_by().values("user").annotate(number=Count("pk"))
    return Coalesce(Subquery(own.values("number"), output_field=IntegerField()), 0)
