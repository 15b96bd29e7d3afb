"""A briefing as it opens a conversation in which nothing has been said yet."""

from mentors.briefing import GOAL, MISSION, THE_PERSON, Person, told_goal, told_mission, told_person

OWN = [f"# {THE_PERSON}", f"# {GOAL}", f"# {MISSION}"]


def compose_briefing(instructions: str, person: Person, goal: str, mission: str | None) -> str:
    """The Traveler's instructions, and what is new."""
    told = (told_person(person), told_goal(goal), told_mission(mission or ""))
    own = "\n".join(f"{heading}\n{text}" for heading, text in zip(OWN, told, strict=True))
    return f"{instructions}\n{own}" if instructions else own
