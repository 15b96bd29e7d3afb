"""How well the times of passages fit the times and the events that a question names."""

from collections.abc import Sequence

import numpy as np

from consciousness.recall.groups import Places
from consciousness.recall.happenings import Event, Side
from consciousness.recall.index import Index
from consciousness.recall.lexicon import Scores
from consciousness.recall.spans import DAY, Span

# How much less an event in a question says than a date.
EVENT_WEIGHT = 0.5
# Days around an event in which something was that is only said to have been before or after it.
WHENEVER = 45.0
# What is further off than so many times what fades to a third is not looked at.
FADED = 7.0

_DAY = DAY.total_seconds()


def within_spans(index: Index, spans: Sequence[Span]) -> Scores:
    """From 0 to 1 for each passage: whether it is of one of these times."""
    fitting = np.zeros(len(index), np.float32)
    for span in spans:
        _add(fitting, index, span.begins.timestamp() / _DAY, span.ends.timestamp() / _DAY, span.weight)
    return fitting


def beside_event(index: Index, event: Event, places: Places, sure: Scores) -> Scores:
    """From 0 to EVENT_WEIGHT: whether it is on that side of the event, which is surely, or less so, at these places."""
    fitting = np.zeros(len(index), np.float32)
    for place, weight in zip(places.tolist(), sure.tolist(), strict=True):
        first, last = _days_beside(event, float(index.at[place]) / _DAY)
        _add(fitting, index, first, last, EVENT_WEIGHT * weight)
    return fitting


def _days_beside(event: Event, day: float) -> tuple[float, float]:
    length = event.within / DAY if event.within else WHENEVER
    return day - (0 if event.side is Side.AFTER else length), day + (0 if event.side is Side.BEFORE else length)


def _add(fitting: Scores, index: Index, first: float, last: float, weight: float) -> None:
    """Full weight from the first to the last day, less outside: of things one speaks afterwards, sometimes before."""
    fading_late, fading_early = max(5.0, 0.2 * (last - first)), max(2.0, 0.1 * (last - first))
    days = index.at / _DAY
    places = np.flatnonzero((days >= first - FADED * fading_early) & (days <= last + FADED * fading_late))
    days = days[places]
    off = np.maximum(days - last, 0) / fading_late + np.maximum(first - days, 0) / fading_early
    fitting[places] = np.maximum(fitting[places], np.float32(weight) * np.exp(-off).astype(np.float32))
