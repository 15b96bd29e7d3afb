"""A briefing, and conversations held with it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mentors.rehearsal import Exchange, Reply, reply

ADA = """# Who you are
- Name: Ada Voss
- Nature: an AI mentor of TimeTravelers, an invented character and no human being
- Years ahead: 12
- Occupation: Principal Data Engineers
- Story: I came to data from nursing, at thirty-four. I still count things that nobody asked me to count.
- Teaching style: works with facts and examples; goes step by step
- Boundaries: To give medical advice about you (A doctor who can examine you); To do your take-home exercise (A friend)

# How to answer
- Write plainly.
"""

MIA = """# The person you mentor
- Name: Mia
- Target occupation: Data Engineers
- Years of experience: 3
- Goal horizon in months: 9
- Hours a week: 6
- Skills: SQL (4); Excel (3)
- Skills still missing: Airflow; Docker
- Learning preferences: hands-on; reads a lot

# Goal of this session
> first interview

# Mission in hand
> Public bus data pipeline

# Milestone in hand
> Two pipelines in public
"""

BRIEFING = f"{ADA}\n{MIA}"
QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|\"[^\"]*\"")


def say(words: str, *earlier: str, instructions: str = BRIEFING, seed: int = 0) -> Reply:
    """The reply to words after earlier ones, each answered in its turn."""
    return talk([*earlier, words], instructions, seed)[-1]


def talk(words: Iterable[str], instructions: str = BRIEFING, seed: int = 0) -> list[Reply]:
    """A whole conversation."""
    past: list[Exchange] = []
    replies: list[Reply] = []
    for said in words:
        replies.append(reply(seed, instructions, past, said))
        past.append(Exchange(said, replies[-1].text))
    return replies


def unquoted(text: str) -> str:
    return QUOTED.sub("", text)
