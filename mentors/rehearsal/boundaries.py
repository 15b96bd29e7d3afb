"""What a Traveler refuses, and whether somebody has just asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mentors.rehearsal.listening import plain_line

LONGEST_TOLD = 160
STEM = 5
ENOUGH = 2
LEAST = 4
PAIR = re.compile(r"([^;()]+)\(([^()]*)\)")
# Words that say nothing about what is refused.
EMPTY = frozenset(
    """
    about anyone anything because before between cannot could doing from give handle help into more most need nobody
    only other ought over should some somebody tell than that their them there these they thing things this those what
    when where which while will with without work working would write your yours advice advise settle decide
    """.split()  # noqa: SIM905 (a list of 50 quoted words would hide them)
)


@dataclass(frozen=True, slots=True)
class Boundary:
    """What is refused, and who is better placed."""

    refusal: str
    referral: str


def read_boundaries(text: str | None) -> tuple[Boundary, ...]:
    """Boundaries out of a briefing: `refusal (who is better placed); ...`, or sentences that begin with "To"."""
    if not text:
        return ()
    pairs = PAIR.findall(text)
    return tuple(Boundary(_told(one), _told(other)) for one, other in pairs or _sentences(text) if _told(one))


def crossed(words: str, boundaries: tuple[Boundary, ...]) -> Boundary | None:
    """The boundary that a message asks to cross: the one whose words it shares most of, two at least."""
    said = _stems(words)
    shared = {boundary: len(said & _stems(boundary.refusal)) for boundary in boundaries}
    closest = max(boundaries, key=lambda boundary: shared[boundary], default=None)
    return closest if closest is not None and shared[closest] >= ENOUGH else None


def _sentences(text: str) -> list[tuple[str, str]]:
    """Refusals with what follows each, from plain sentences."""
    pairs: list[tuple[str, str]] = []
    for sentence in re.findall(r"[^.;]+", text):
        if sentence.split()[:1] == ["To"] or not pairs:
            pairs.append((sentence, ""))
        elif not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], sentence)
    return pairs


def _told(text: str) -> str:
    line = plain_line(text).strip(" .;:?!")
    return line if len(line) <= LONGEST_TOLD else line[:LONGEST_TOLD].rstrip() + "…"


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(word[:STEM] for word in words if len(word) >= LEAST and word not in EMPTY)
