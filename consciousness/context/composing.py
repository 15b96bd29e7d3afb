"""Choosing what is told: never more than the budget holds, and the same for the same candidates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from consciousness.context.parts import Candidate, Kind, Part
from consciousness.context.titles import TITLES, heading_of, laid_out
from mentors.engines import Budget, Exchange

# Who the Traveler is may take so much of what the words leave, when there is little.
PERSONA_SHARE = 0.6
FRAME = (Kind.GOAL, Kind.PERSON, Kind.MISSION, Kind.MATCH)
# What of the rest is kept free for each, as far as there is anything; what was said last has all the others leave.
SHARES = {Kind.FILE: 0.3, Kind.MEMORY: 0.1, Kind.RECALLED: 0.15, Kind.SUMMARY: 0.15}
# Of a file less than that says nothing.
LEAST_OF_FILE = 80
ELLIPSIS = "…"
PLACES = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Context:
    """What one call tells an engine: parts in the order in which they are told, the words last."""

    parts: tuple[Part, ...]
    words: str
    tokens: int
    budget: int

    def told(self) -> str:
        """All but the words, as one text."""
        return laid_out([part for part in self.parts if part.kind is not Kind.WORDS])

    def told_without_turns(self) -> str:
        """The same for an engine that wants what was said last as `exchanges`."""
        return laid_out([part for part in self.parts if part.kind not in (Kind.WORDS, Kind.TURN)])

    def exchanges(self) -> list[Exchange]:
        """What was said last, oldest first."""
        return [part.exchange for part in self.parts if part.kind is Kind.TURN and part.exchange is not None]

    def uids_of(self, kind: str) -> list[str]:
        """The public ids of rows of this kind that went into it."""
        return [origin.uid for part in self.parts for origin in part.origins if origin.kind == kind]


def compose(candidates: Iterable[Candidate], words: Candidate | None, budget: Budget) -> Context:
    """The context of one call.

    Guarantees: all its texts together, headings and words included, count at most `budget.tokens`; the same arguments
    give the same bytes; of what was said last there is no gap but those that somebody excluded; nothing of one turn
    is told twice. What is pinned comes before what is not. Only a budget too small for the words cuts them; of a file
    there is as much of its beginning as has room.
    """
    return _Composer(candidates, budget).compose(words)


class _Composer:
    def __init__(self, candidates: Iterable[Candidate], budget: Budget) -> None:
        self._budget = budget
        self._count = cache(budget.count)
        self._left = budget.tokens
        self._chosen: list[tuple[Candidate, bool]] = []
        self._taken: set[int] = set()
        self._opened: set[Kind] = set()
        self._turns: set[int] = set()
        ordered = sorted(candidates, key=lambda one: (PLACES[one.kind], -one.worth, one.place, one.text))
        self._waiting = {kind: [one for one in ordered if one.kind is kind] for kind in Kind}

    def compose(self, words: Candidate | None) -> Context:
        said = self._take_words(words)
        self._take_persona()
        self._take_all([one for kind in Kind for one in self._waiting[kind] if one.pinned])
        self._take_all([*(one for kind in FRAME for one in self._waiting[kind]), *self._waiting[Kind.TURN][:1]])
        needs = {kind: min(self._left * share, self._need(kind)) for kind, share in SHARES.items()}
        self._take_turns(self._left - sum(needs.values()))
        self._take_files(needs.pop(Kind.FILE))
        for kind, limit in needs.items():
            self._take_all(self._waiting[kind], limit)
        for kind in SHARES:
            self._take_all(self._waiting[kind])
        return self._context(said)

    # Taking

    def _take_words(self, words: Candidate | None) -> Part | None:
        if words is None:
            return None
        text = self._clipped(words.text, self._left)
        self._left -= self._count(text)
        return self._part(replace(words, text=text), clipped=text != words.text)

    def _take_persona(self) -> None:
        for persona in self._waiting[Kind.PERSONA]:
            whole = self._count(persona.text)
            if whole <= self._left * PERSONA_SHARE or whole <= self._left - self._need(*FRAME, Kind.TURN):
                self._take(persona)
                continue
            text = self._lines(persona.text, self._left * PERSONA_SHARE)
            if text:
                self._take(replace(persona, text=text), clipped=True)

    def _take_turns(self, limit: float) -> None:
        """From the newest back to the first that has no room: a gap would make nonsense of what was said."""
        for turn in self._waiting[Kind.TURN]:
            if self._is_told(turn):
                continue
            cost = self._cost(turn)
            if cost > min(limit, self._left):
                return
            limit -= cost
            self._take(turn)

    def _take_files(self, limit: float) -> None:
        """The newest first, the last of them as far as there is room."""
        for file in self._waiting[Kind.FILE]:
            if self._is_told(file):
                continue
            cost, room = self._cost(file), min(limit, self._left)
            if cost <= room:
                self._take(file)
                limit -= cost
                continue
            text = self._beginning(file, room)
            if text:
                self._take(replace(file, text=text), clipped=True)
                self._taken.add(id(file))
            return

    def _take_all(self, wanted: Sequence[Candidate], limit: float | None = None) -> None:
        room = float(self._left) if limit is None else limit
        for one in wanted:
            cost = self._cost(one)
            if cost <= min(room, self._left) and not self._is_told(one):
                room -= cost
                self._take(one)

    def _take(self, one: Candidate, *, clipped: bool = False) -> None:
        self._left -= self._cost(one)
        self._opened.add(one.kind)
        self._taken.add(id(one))
        if one.turn is not None and one.kind in (Kind.TURN, Kind.RECALLED):
            self._turns.add(one.turn)
        self._chosen.append((one, clipped))

    # Weighing

    def _is_told(self, one: Candidate) -> bool:
        return one.turn in self._turns or id(one) in self._taken

    def _cost(self, one: Candidate) -> int:
        heading = 0 if one.kind in self._opened else self._count(heading_of(one.kind))
        return heading + self._count(one.text)

    def _need(self, *kinds: Kind) -> int:
        """What all that waits would cost."""
        return sum(
            self._count(heading_of(kind)) + sum(self._count(one.text) for one in self._waiting[kind])
            for kind in kinds
            if self._waiting[kind]
        )

    def _lines(self, text: str, limit: float) -> str:
        """As many whole lines from the beginning as the limit holds."""
        kept, left = [], min(limit, self._left)
        for line in text.splitlines(keepends=True):
            left -= self._count(line)
            if left < 0:
                break
            kept.append(line)
        return "".join(kept)

    def _beginning(self, one: Candidate, limit: float) -> str:
        """As much of it as the limit holds with what stands above it; nothing if that is too little to be of use."""
        room = int(limit) - (self._cost(one) - self._count(one.text)) - self._count("\n")
        return self._clipped(one.text, room) + "\n" if room >= LEAST_OF_FILE else ""

    def _clipped(self, text: str, limit: int) -> str:
        if self._count(text) <= limit:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._count(text[:middle] + ELLIPSIS) <= limit
            low, high = (middle, high) if fits else (low, middle - 1)
        return text[:low] + ELLIPSIS if low else ""

    # Telling

    def _context(self, words: Part | None) -> Context:
        chosen = sorted(self._chosen, key=lambda pair: (PLACES[pair[0].kind], pair[0].place, pair[0].text))
        parts = [self._part(one, clipped=clipped) for one, clipped in chosen]
        told = self._count(laid_out(parts))
        said = self._count(words.text) if words else 0
        everything = (*parts, words) if words else tuple(parts)
        return Context(everything, words.text if words else "", told + said, self._budget.tokens)

    def _part(self, one: Candidate, *, clipped: bool) -> Part:
        tokens = self._count(one.text)
        return Part(
            one.kind, TITLES[one.kind], one.text, tokens, one.origins, one.pinned, one.trusted, clipped, one.exchange
        )
