"""The parts of a context: what may be told, and what is."""

from dataclasses import dataclass
from enum import StrEnum

from mentors.engines import Exchange


class Kind(StrEnum):
    """What a part is about, in the order in which parts are told."""

    PERSONA = "persona"
    PERSON = "profile"
    GOAL = "goal"
    MATCH = "match"
    MISSION = "mission"
    MEMORY = "memory"
    FILE = "file"
    SUMMARY = "summary"
    RECALLED = "recalled"
    TURN = "turn"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Origin:
    """A row that a part was made of, by the name of what it is and its public id."""

    kind: str
    uid: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be told; `text` ends with a line break, and no line of it begins with '#'.

    Of its kind the one with the most `worth` is chosen first, and `place` says where it stands among the chosen.
    `turn` is the turn that it repeats something of, so that nothing is told twice. `exchange` is there for turns,
    which some engines want as such. Text that is not `trusted` is nobody's word: it came out of a file or the web.
    """

    kind: Kind
    text: str
    origins: tuple[Origin, ...]
    worth: float = 0.0
    place: int = 0
    turn: int | None = None
    pinned: bool = False
    trusted: bool = True
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is told, with what it costs; `clipped` if only its beginning had room."""

    kind: Kind
    title: str
    text: str
    tokens: int
    origins: tuple[Origin, ...]
    pinned: bool
    trusted: bool
    clipped: bool
    exchange: Exchange | None
