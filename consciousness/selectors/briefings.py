"""What the provider is told."""

from consciousness.disclosure import goal_told, mission_told, person_told, telling_about, words_told
from consciousness.models import Session, Turn
from mentors.briefing import compose_briefing
from timetravelers.kit.disclosure import Telling


def words_of(turn: Turn, telling: Telling | None = None) -> str:
    """All that the person said in a turn, as one message to the provider; raises Withheld without a live consent."""
    return words_told(turn, telling or telling_about(turn.session.user_id))


def briefing_of(session: Session, telling: Telling | None = None, *, in_project: bool = False) -> str:
    """What the provider is told when a conversation opens: only what the person's consent covers.

    With `in_project` a project at the provider holds the Traveler's instructions already.
    `telling` is `telling_about` the person unless given; afterwards it knows the categories of what was told.
    Neither name nor address nor any protected attribute is in it.
    """
    telling = telling or telling_about(session.user_id)
    person = person_told(session.user_id, telling)
    mission = mission_told(session.user_id, telling)
    return compose_briefing(
        "" if in_project else session.version.instructions, person, goal_told(session, telling), mission
    )
