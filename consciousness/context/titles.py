"""How parts are laid out as text: one section a kind, under headings that nothing in them can forge."""

from collections.abc import Sequence
from itertools import groupby

from consciousness.context.parts import Kind, Part
from mentors import briefing

TITLES = {
    Kind.PERSONA: briefing.WHO_YOU_ARE,
    Kind.PERSON: briefing.THE_PERSON,
    Kind.GOAL: briefing.GOAL,
    Kind.MATCH: briefing.WHY_YOU,
    Kind.MISSION: briefing.MISSION,
    Kind.MEMORY: briefing.REMEMBERED,
    Kind.FILE: briefing.FILES,
    Kind.SUMMARY: briefing.SUMMARY,
    Kind.RECALLED: briefing.LONG_AGO,
    Kind.TURN: briefing.SAID_BEFORE,
    Kind.WORDS: briefing.WHAT_THEY_SAY,
}


def heading_of(kind: Kind) -> str:
    """What stands above the parts of a kind; a Traveler's instructions bring headings of their own."""
    return "" if kind is Kind.PERSONA else f"\n# {TITLES[kind]}\n"


def laid_out(parts: Sequence[Part]) -> str:
    """Parts in their order as one text; the words, which go beside it, are none of them."""
    sections = groupby(parts, key=lambda part: part.kind)
    return "".join(heading_of(kind) + "".join(part.text for part in group) for kind, group in sections).lstrip("\n")
