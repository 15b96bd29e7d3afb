"""Reading sessions: for the phone, and for the provider."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import AXES, OccupationSkill, Profile, User, UserSkill
from accounts.selectors import years_of_experience
from consciousness.errors import SessionNotFound
from consciousness.models import Message, Session, Turn
from mentors.briefing import Person, Persona, compose_briefing
from mentors.models import Traveler
from missions.selectors import title_of_mission_in_hand

IMPORTANT = 3.0  # on O*NET's scale of 1 to 5
MOST_GAPS = 5
LEVELS = {1: "beginning", 2: "basic", 3: "solid", 4: "strong", 5: "teaches others"}
POLES = {
    "active_reflective": ("learns by doing", "learns by thinking it through"),
    "sensing_intuitive": ("likes facts and examples", "likes ideas and patterns"),
    "visual_verbal": ("likes pictures", "likes words"),
    "sequential_global": ("likes step by step", "likes the whole first"),
}
CLEAR_PREFERENCE = 0.2


def sessions_of(actor: User) -> QuerySet[Session]:
    """The sessions that the actor may see, with their Travelers."""
    return Session.objects.visible_to(actor).select_related("traveler__occupation")


def session_for(actor: User, uid: UUID) -> Session:
    """One of them; raises SessionNotFound."""
    session = sessions_of(actor).filter(uid=uid).first()
    if session is None:
        raise SessionNotFound
    return session


def messages_in(session: Session) -> QuerySet[Message]:
    """What was said, in order."""
    return session.messages.select_related("turn")


def words_of(turn: Turn) -> str:
    """All that the person said in a turn, as one message."""
    said = turn.messages.filter(author=Message.Author.USER).values_list("text", flat=True)
    return "\n\n".join(said)


def briefing_of(session: Session) -> str:
    """What the provider is told when a conversation opens: only what the person's consent covers.

    Neither name nor address nor any protected attribute is in it.
    """
    mission = title_of_mission_in_hand(session.user_id)
    return compose_briefing(_persona(session.traveler), _person(session.user_id), session.goal, mission)


def _persona(traveler: Traveler) -> Persona:
    return Persona(
        name=traveler.name,
        era_years=traveler.era_years,
        occupation=traveler.occupation.title,
        story=traveler.story,
        teaching_style=", ".join(_preferences(traveler)),
        voice=traveler.voice,
        boundaries=" ".join(traveler.boundaries),
    )


def _person(user_id: int) -> Person:
    profile = Profile.objects.select_related("target_occupation").filter(pk=user_id).first()
    # Skills in people's own words stay here: they may say anything about anybody.
    skills = UserSkill.objects.filter(user_id=user_id, skill__isnull=False).order_by("-level", "skill__name")
    known = {name: LEVELS[level] for name, level in skills.values_list("skill__name", "level")}
    if profile is None:
        return Person(skills=tuple(known.items()))
    return Person(
        target_occupation=profile.target_occupation.title if profile.target_occupation else None,
        years_experience=years_of_experience(user_id),
        goal_horizon_months=profile.goal_horizon_months,
        weekly_hours=profile.weekly_hours,
        skills=tuple(known.items()),
        missing_skills=_gaps(profile, set(known)),
        learning_preferences=_preferences(profile),
    )


def _gaps(profile: Profile, known: set[str]) -> tuple[str, ...]:
    """The skills that the target occupation asks for most and the person did not name."""
    wanted = OccupationSkill.objects.filter(occupation=profile.target_occupation, importance__gte=IMPORTANT).order_by(
        "-importance", "skill__name"
    )
    names = wanted.values_list("skill__name", flat=True)
    return tuple(name for name in names if name not in known)[:MOST_GAPS]


def _preferences(holder: Profile | Traveler) -> tuple[str, ...]:
    """In words, for the axes on which there is a clear preference."""
    values = {axis: getattr(holder, axis) for axis in AXES}
    return tuple(
        POLES[axis][value > 0] for axis, value in values.items() if value is not None and abs(value) >= CLEAR_PREFERENCE
    )
