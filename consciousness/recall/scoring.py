"""How well passages answer a question: words, meaning, neighbours, hops, speakers and times, in one score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.groups import Places
from consciousness.recall.happenings import Event
from consciousness.recall.index import Index
from consciousness.recall.lexicon import Scores
from consciousness.recall.spans import Span
from consciousness.recall.timing import beside_event, within_spans
from consciousness.recall.vectors import Point
from consciousness.recall.words import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What weighs how much in a score.

    `words` against 1 - `words` for meaning, `around` for words that are said near by against those in the passage
    itself, `neighbours` for the turns before and after, `hops` for the words that the first finds have in common,
    `conversation` for the best of the same conversation, `time` for being of a time that was asked about, `speaker`
    for being of somebody who was. `substance` is what a passage loses that says hardly anything, `asking` one that
    only asks. Measured by `bench/benches/recall.py`; each is in the middle of where it does well.
    """

    words: float = 0.35
    around: float = 0.6
    neighbours: float = 0.4
    hops: float = 0.3
    conversation: float = 0.15
    time: float = 0.8
    speaker: float = 0.25
    substance: float = 0.6
    asking: float = 0.4


# How many of the first finds lead on to others, and by how many of their words.
LEADS, LEADING_WORDS = 15, 20
# How many finds may be the event that a question names.
EVENTS = 3
# With so many words a passage has lost two thirds of what it would lose for having none.
SAYING_LITTLE = 6.0


@dataclass(frozen=True, slots=True)
class Query:
    """A question, or an event in one, as it can be looked for; without a point by words alone."""

    terms: Terms
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the times, the events and, by number, the one speaker that it names, if it does."""

    whole: Query
    spans: Sequence[Span] = ()
    events: Sequence[tuple[Event, Query]] = ()
    speaker: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """The total score of each passage, and what speaks for it by itself, each from 0 to 1.

    `words` is how much of what the question's words say it holds, `meaning` the cosine, `time` how well it fits the
    time. A passage that was replaced has a total of -inf. `leads` are the places of the first finds, whose words had
    a say in what else was found.
    """

    total: Scores
    words: Scores
    meaning: Scores
    time: Scores
    leads: Places


def scored(index: Index, asked: Asked, mix: Mix) -> Scored:
    """Every passage of the index against a question; the same for the same index and question. Never NaN."""
    words, meaning = _looked_for(index, asked.whole)
    first = _fused(index, _with_words_around(index, asked.whole, words, mix), meaning, mix)
    leads = _best(first, index.standing, LEADS)
    total = _with_hops(index, asked.whole, first, leads, mix)
    total += np.float32(mix.conversation) * index.groups.best(total)
    time = _timeliness(index, asked, mix)
    total *= _worth(index, asked, mix) * (1 + np.float32(mix.time) * time)
    total[~index.standing] = -np.inf
    return Scored(total, np.clip(words, 0, 1), np.clip(meaning, 0, 1), time, leads)


def _worth(index: Index, asked: Asked, mix: Mix) -> Scores:
    """What each passage is worth by itself: one that says little, or only asks, seldom answers."""
    saying = 1 - np.float32(mix.substance) * _EMPTINESS[np.minimum(index.lengths, len(_EMPTINESS) - 1)]
    worth: Scores = saying * (1 - np.float32(mix.asking) * index.asking)
    if asked.speaker:
        worth = worth * (1 + np.float32(mix.speaker) * (index.speakers == asked.speaker))
    return worth


_EMPTINESS = np.exp(-np.arange(64) / SAYING_LITTLE).astype(np.float32)


def _looked_for(index: Index, query: Query) -> tuple[Scores, Scores]:
    """By words, as a share of what a passage with each of them once would have; and by meaning."""
    terms = np.unique(query.terms)
    words = index.by_words(terms) / np.float32(max(index.rarity(terms).sum(), 1e-6))
    if query.point is None or not index.known.any():
        return words, np.zeros(len(index), np.float32)
    return words, index.by_meaning(query.point)


def _with_words_around(index: Index, query: Query, words: Scores, mix: Mix) -> Scores:
    """As shares of the best: by the passage's own words, and by those around it too."""
    if not mix.around:
        return _shares(words)
    around = _shares(index.by_words_around(np.unique(query.terms)))
    return np.float32(1 - mix.around) * _shares(words) + np.float32(mix.around) * around


def _fused(index: Index, shares: Scores, meaning: Scores, mix: Mix) -> Scores:
    counted = index.known & index.standing
    # Of what has no meaning yet, its words speak for it.
    alike = np.where(counted, _above_average(meaning, counted), shares) if meaning.any() else shares
    fused = np.float32(mix.words) * shares + np.float32(1 - mix.words) * alike
    return index.groups.with_neighbours(fused, mix.neighbours)


def _shares(scores: Scores) -> Scores:
    """As shares of the best."""
    best = float(scores.max(initial=0.0))
    return scores / np.float32(best) if best > 0 else scores


def _above_average(scores: Scores, counted: NDArray[np.bool_]) -> Scores:
    """From 0 for the average, and whatever is below, to 1 for the best. What does not count has a score of 0."""
    average = float(scores.sum(dtype=np.float64)) / max(int(np.count_nonzero(counted)), 1)
    best = float(scores.max(initial=0.0, where=counted))
    above = (scores - np.float32(average)) / np.float32(max(best - average, 1e-6))
    clipped: Scores = np.clip(above, 0.0, 1.0, out=above)
    return clipped


def _with_hops(index: Index, query: Query, first: Scores, leads: Places, mix: Mix) -> Scores:
    """The scores, and some for the words that say most of what the first finds have said."""
    if not len(leads) or not mix.hops:
        return first
    trust = first[leads] / first[leads[0]]
    words = _shares(index.by_words(*_leading_words(index, query, leads, trust)))
    return first + np.float32(mix.hops) * index.groups.with_neighbours(words, mix.neighbours)


def _best(scores: Scores, standing: NDArray[np.bool_], number: int) -> Places:
    """The places of the best scores above zero, the best first; among equals, those that came first."""
    places = np.flatnonzero(standing & (scores > 0))
    if len(places) > number:
        least = np.partition(scores[places], -number)[-number]
        places = places[scores[places] >= least]
    return places[np.argsort(-scores[places], kind="stable")][:number]


def _leading_words(index: Index, query: Query, leads: Places, trust: Scores) -> tuple[Terms, Scores]:
    """The words of the leads that say most, each with a weight up to 1; not those that were asked for already."""
    said = [np.unique(index.words_in(place), return_counts=True) for place in leads.tolist()]
    trusted = [trust[number] * np.minimum(times, 2) for number, (_, times) in enumerate(said)]
    terms, numbers = np.unique(np.concatenate([words for words, _ in said]), return_inverse=True)
    weights = np.bincount(numbers, weights=np.concatenate(trusted), minlength=len(terms)) * index.rarity(terms)
    leading = (index.holders(terms) > 1) & ~np.isin(terms, query.terms)
    terms, weights = terms[leading], weights[leading]
    best = np.lexsort((terms, -weights))[:LEADING_WORDS]
    return terms[best], (weights[best] / max(weights.max(initial=0.0), 1e-9)).astype(np.float32)


def _timeliness(index: Index, asked: Asked, mix: Mix) -> Scores:
    """From 0 to 1: how well the time of each passage fits the times and the events that the question names."""
    fitting = within_spans(index, asked.spans)
    for event, query in asked.events:
        words, meaning = _looked_for(index, query)
        found = _fused(index, _shares(words), meaning, mix)
        places = _best(found, index.standing, EVENTS)
        if len(places):
            # Whichever of the best finds the event is.
            fitting = np.maximum(fitting, beside_event(index, event, places, (found[places] / found[places[0]]) ** 2))
    return fitting
