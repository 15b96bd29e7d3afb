"""The course of a conversation: what was said, in which language, on what, and what need not be said again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mentors.rehearsal.book import Book, Variant, books
from mentors.rehearsal.boundaries import Boundary, crossed, read_boundaries
from mentors.rehearsal.exchange import Exchange
from mentors.rehearsal.facts import skill_names
from mentors.rehearsal.languages import language_of, spoken
from mentors.rehearsal.listening import Heard, hear
from mentors.rehearsal.reading import Read

# Topics that no later message goes on with.
CLOSED = frozenset({"distress", "injection", "boundary", "about_you", "thanks", "greeting", "meeting", "unknown"})
URGENT = frozenset({"distress", "injection"})
# Always first things first in these.
IN_ORDER = frozenset({"greeting", "meeting", "distress", "thanks"})
SOON_AFTER = 2
SLOT = re.compile(r"\{\w+\}")
LEAST_TELLING = 6


@dataclass(slots=True)
class Turn:
    """One message in its place: how it was heard, and what it was or is answered with."""

    words: str
    heard: Heard
    book: Book
    topic: str
    boundary: Boundary | None
    goes_on: bool
    foreign: bool
    answered: str = ""

    @property
    def label(self) -> str:
        return self.book.topics[self.topic].label


@dataclass(slots=True)
class Course:
    """A conversation as far as it has come; the same for the same words.

    What was said before is known by the answers themselves, whichever seed they were made with.
    """

    seed: int
    briefing: Read
    locale: str | None = None
    turns: list[Turn] = field(default_factory=list)
    language: str | None = None
    _said: str = ""
    _used: set[str] = field(default_factory=set)

    def follow(self, exchange: Exchange) -> None:
        """Take in a turn that is behind us."""
        self.take(exchange.said).answered = exchange.answered
        self._said += f"\n{exchange.answered.casefold()}"

    def take(self, words: str) -> Turn:
        """Take in the next message."""
        told = language_of(words, self.language)
        foreign = told is not None and told not in books()
        self.language = spoken(None if foreign else told, self.language, self.locale)
        book = books()[self.language]
        heard = hear(words, book, skill_names(self.briefing))
        boundary = crossed(words, read_boundaries(self.briefing.boundaries))
        last = self._last_open()
        goes_on = heard.topic == "unknown" and boundary is None and not foreign and last is not None
        topic = last if goes_on and last else self._topic(heard, boundary)
        turn = Turn(words, heard, book, topic, boundary, goes_on, foreign)
        self.turns.append(turn)
        return turn

    def pick(self, name: str, lines: Sequence[str]) -> str | None:
        """The next line of a pool that has not been said; None when all have."""
        index = self._unused(name, lines, self._offset(name, len(lines)))
        return None if index is None else lines[index]

    def any_of(self, name: str, lines: Sequence[str]) -> str:
        """The next line of a pool, from the beginning again when all have been said."""
        return self.pick(name, lines) or lines[len(self.turns) % len(lines)]

    def said_before(self, words: str) -> bool:
        """Whether a message came before in the very same words."""
        return any(turn.words.split() == words.split() for turn in self.turns[:-1])

    def recalled(self) -> str | None:
        """What the person last said of substance before now."""
        past = (turn for turn in reversed(self.turns[-5:-1]) if turn.topic not in CLOSED)
        return next((turn.heard.phrase for turn in past if turn.heard.phrase), None)

    def comes_after_distress(self, line: str) -> bool:
        """Whether somebody was in danger a few turns ago, and has not heard this line since."""
        before = range(max(0, len(self.turns) - 1 - SOON_AFTER), len(self.turns) - 1)
        last = next((number for number in reversed(before) if self.turns[number].topic == "distress"), None)
        return last is not None and not any(line in turn.answered for turn in self.turns[last + 1 : -1])

    def variant(self) -> Variant:
        """What there is to say to the last message: of its topic while that lasts, then of what fits any."""
        turn = self.turns[-1]
        book, choices = turn.book, turn.book.topics[turn.topic].variants
        if turn.topic == "distress":
            return choices[0]
        start = 0 if turn.topic in IN_ORDER else self._offset(turn.topic, len(choices))
        if turn.topic == "greeting" and len(self.turns) > 1:
            start = len(choices) - 1
        index = self._unused(turn.topic, [one.idea for one in choices], start)
        if index is not None:
            return choices[index]
        index = self._unused("deeper", [one.idea for one in book.deeper], self._offset("deeper", len(book.deeper)))
        return book.deeper[index] if index is not None else choices[len(self.turns) % len(choices)]

    def _topic(self, heard: Heard, boundary: Boundary | None) -> str:
        if boundary is not None and heard.topic not in URGENT:
            return "boundary"
        if heard.topic == "greeting" and self.briefing.target is None and not self.turns:
            return "meeting"
        return "skill" if heard.topic == "decision" and heard.options is None else heard.topic

    def _last_open(self) -> str | None:
        """The topic that an answer without a topic of its own goes on with."""
        for turn in reversed(self.turns[-3:]):
            if turn.topic not in CLOSED:
                return turn.topic
        return None

    def _unused(self, name: str, lines: Sequence[str], start: int) -> int | None:
        for step in range(len(lines)):
            index = (start + step) % len(lines)
            key = f"{name}:{index}"
            if key not in self._used and not self._was_said(lines[index]):
                self._used.add(key)
                return index
        return None

    def _was_said(self, line: str) -> bool:
        """Whether an earlier answer holds this line, whatever its slots were filled with."""
        telling = max(SLOT.split(line), key=len).strip().casefold()
        return len(telling) >= LEAST_TELLING and telling in self._said

    def _offset(self, name: str, size: int) -> int:
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % max(1, size)
