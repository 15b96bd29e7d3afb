"""The events that a question names to say when: before I changed jobs, the week after the exam."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from consciousness.recall.numerals import NUMBER, number_in
from consciousness.recall.times import without_times
from consciousness.recall.words import stems

MOST_EVENTS = 3
FEWEST_WORDS = 2


class Side(Enum):
    """Where of an event the rest happened."""

    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, as the question has it; the rest was on that `side` of it, `within` so long if that is said."""

    text: str
    side: Side
    within: timedelta | None = None


_SIDES = {
    "before": Side.BEFORE, "until": Side.BEFORE, "till": Side.BEFORE, "after": Side.AFTER, "since": Side.AFTER,
    "following": Side.AFTER, "when": Side.AROUND, "while": Side.AROUND, "during": Side.AROUND, "around": Side.AROUND,
}  # fmt: skip
_DAYS = {"day": 1, "night": 1, "weekend": 3, "week": 7, "month": 31, "season": 92, "year": 366}
# Where the name of an event is over: the question goes on, or another event begins.
_OVER = (
    r"(?=[,;:?.!]|$|\b(?:how|what|where|who|whom|why|which|did|do|does|was|were|had|have|has|is|am|are|and|or|but"
    r"|until|till|before|after)\b)"
)
# "When did I" asks for a time, "when I did" names one.
_ASKS = r"(?!when\s+(?:is|are|am|was|were|did|do|does|have|has|had|will|would|can|could|should|shall|might|may)\b)"
_EVENT = re.compile(
    rf"(?:\b(?:the )?(?:(?P<number>{NUMBER}) )?(?P<unit>{'|'.join(_DAYS)})s? (?:just |right )?)?"
    rf"(?<!\w){_ASKS}(?P<side>{'|'.join(_SIDES)})\b(?: that| the time)?\s+(?P<event>.+?)\s*{_OVER}",
    re.IGNORECASE,
)


def events_in(question: str) -> list[Event]:
    """The events by which a question says when something was; none in most. Never fails."""
    asked = " ".join(question.split())[:2_000]
    found = (_event(match) for match in _EVENT.finditer(asked))
    return [event for event in found if _happened(event)][:MOST_EVENTS]


def _happened(event: Event) -> bool:
    """Whether it is more than a date."""
    return len(event.text.split()) >= FEWEST_WORDS and bool(stems(without_times(event.text)))


def _event(match: re.Match[str]) -> Event:
    unit = match["unit"]
    number = number_in((match["number"] or "").lower())
    within = timedelta(days=min(number * _DAYS[unit.lower()], 36_500)) if unit else None
    return Event(match["event"], _SIDES[match["side"].lower()], within)
