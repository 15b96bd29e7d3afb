"""Summing up what was said, by rules: the sentences that would be missed most, word for word, each with its message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consciousness.recall.words import stems

SHORTEST, LONGEST = 15, 400
# Of two sentences that share so many of their words, one is enough.
ALIKE = 0.6
ENOUGH_STEMS = 8
QUESTION = -0.6
REPLY = -0.4

_ENDS = re.compile(r"(?<=[.!?\u2026\u3002\uff01\uff1f])\s+|\n+|(?<=[\u3002\uff01\uff1f])")
_MARKUP = re.compile(r"^(?:[-*>#]+|\d+[.)])\s+")
_FIGURE = re.compile(r"\d")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]+")

# What people say of themselves that a mentor should not forget, in the languages of the app.
_OF_ONESELF = (
    (1.2, r"i(?:'ve| have)? decided|i quit|i accepted|i signed|i got|entschieden|gekündigt|he decidido|j'ai décidé"),
    (1.0, r"my goal|i want to|i plan|i hope|i need|mein ziel|ich will|ich möchte|mi objetivo|quiero|mon but|je veux"),
    (1.0, r"i can(?:'t|not)|i never|i only|i must|deadline|ich kann nicht|ich muss|no puedo|debo|je dois"),
    (0.8, r"i am|i'm|i work|i live|i have|my \w+ is|ich bin|ich arbeite|ich habe|soy|trabajo|tengo|je suis"),
    (0.6, r"i like|i prefer|i love|i hate|ich mag|prefiero|me gusta|j'aime|je préfère"),
)
# What a mentor said that binds both.
_PROMISED = (
    (1.0, r"next step|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|until next|nächster schritt|próximo paso"),
    (0.8, r"i(?:'ll| will)|let(?:'s| us)|we agreed|wir haben vereinbart|quedamos|nous avons convenu"),
    (0.5, r"\btry\b|\bstart\b|\bwrite\b|probier|empieza|essaie"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message, by its key."""

    message: int
    is_own: bool
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a message: the `place`-th; `weight` says how much it would be missed."""

    message: int
    place: int
    weight: float
    text: str


def sum_up(said: Iterable[Said], most: int) -> list[Line]:
    """At most so many sentences, in the order in which they were said; the same for the same messages."""
    lines = [line for one in said for line in _lines(one)]
    return sorted(weightiest(lines, most), key=lambda line: (line.message, line.place))


def weightiest(lines: Sequence[Line], most: int) -> list[Line]:
    """Those that would be missed most, none of which says what another one says."""
    kept: list[Line] = []
    words: list[set[str]] = []
    for line in sorted(lines, key=lambda line: (-line.weight, line.message, line.place)):
        held = set(stems(line.text))
        if len(kept) == most:
            break
        if not any(_alike(held, other) for other in words):
            kept.append(line)
            words.append(held)
    return kept


def _lines(said: Said) -> list[Line]:
    parts = [_MARKUP.sub("", part.strip()) for part in _ENDS.split(said.text)]
    return [
        Line(said.message, place, round(_weight(part, is_own=said.is_own), 4), part)
        for place, part in enumerate(parts)
        if SHORTEST <= len(part) <= LONGEST
    ]


def _weight(sentence: str, *, is_own: bool) -> float:
    lowered = sentence.casefold()
    signs = _OF_ONESELF if is_own else _PROMISED
    weight = sum(value for value, pattern in signs if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", lowered))
    weight += 0.5 * bool(_FIGURE.search(sentence)) + min(0.6, 0.2 * len(_NAME.findall(sentence)))
    weight += 0.5 * min(1.0, len(set(stems(sentence))) / ENOUGH_STEMS)
    return weight + QUESTION * ("?" in sentence) + REPLY * (not is_own)


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and len(one & other) / min(len(one), len(other)) >= ALIKE
