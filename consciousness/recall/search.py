"""The door: passages in, a question asked, and the passages that answer it out."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.embedding import Embedder
from consciousness.recall.groups import Places
from consciousness.recall.happenings import events_in
from consciousness.recall.index import Entry, Index
from consciousness.recall.lexicon import Scores
from consciousness.recall.passages import Passage
from consciousness.recall.scoring import Asked, Mix, Query, Scored, scored
from consciousness.recall.speakers import Speakers
from consciousness.recall.times import spans_in
from consciousness.recall.vectors import Code, coded
from consciousness.recall.words import DEFAULT_LANGUAGE, terms_of

# What the person said counts for itself too, beside the turn as a whole: answers often only repeat or ask.
SAID = 0.4
# What is less has nothing to do with the question.
LEAST = 5e-6


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that answers; the reasons are from 0 to 1, and are explained with `Scored`."""

    key: Hashable
    score: float
    words: float
    meaning: float
    time: float


class Recall:
    """Passages of one conversation of many sessions, to be searched in memory.

        recall = Recall(passages)
        recall.search("what did I say about my exam last spring", asked_at=now, limit=10)

    `passages` are `Passage`s: a key of your own, when it was, what was said, and what was answered or who spoke.
    Those of a `group` are a session. The order of passages decides nothing but what was said first at the same time.
    Without an embedder only words and times are looked at. Seasons and days are those of `zone`, or else of the
    zone of `asked_at`; a question without `asked_at` is asked right after the last passage. The same passages and
    question give the same answer, always.
    """

    def __init__(
        self,
        passages: Iterable[Passage],
        *,
        embedder: Embedder | None = None,
        language: str = DEFAULT_LANGUAGE,
        zone: tzinfo | None = None,
        mix: Mix | None = None,
    ) -> None:
        self._embedder, self._language, self._zone, self._mix = embedder, language, zone, mix or Mix()
        ordered = sorted(passages, key=lambda passage: passage.at)
        self._keys = [passage.key for passage in ordered]
        self._last = ordered[-1].at if ordered else None
        self._speakers = Speakers.of(ordered, language)
        groups = {group: number for number, group in enumerate(dict.fromkeys(each.group for each in ordered))}
        codes = codes_of(ordered, embedder) if embedder else [None] * len(ordered)
        self.index = Index.of([
            Entry(
                key=number,
                group=groups[passage.group],
                at=passage.at.timestamp(),
                terms=terms_of(passage.text, language),
                code=code,
                speaker=self._speakers.number_of(passage),
                asking=passage.asking,
            )
            for number, (passage, code) in enumerate(zip(ordered, codes, strict=True))
        ])  # fmt: skip

    def search(self, question: str, *, asked_at: datetime | None = None, limit: int = 10) -> list[Found]:
        """The passages that answer the question best, at most `limit`; fewer if fewer have anything to do with it."""
        found = best_of(self.index, self.scored(self.asked(question, asked_at)), limit)
        return [replace(each, key=self._keys[place]) for place, each in found]

    def asked(self, question: str, asked_at: datetime | None = None) -> Asked:
        """A question as these passages are looked through for it."""
        moment = asked_at or self._last or datetime.now(UTC)
        asked = asked_of(question, moment, self._embedder, language=self._language, zone=self._zone)
        return self._speakers.asked_about(asked)

    def scored(self, asked: Asked) -> Scored:
        """Every passage against a question, in the order of `at`."""
        return scored(self.index, asked, self._mix)


def asked_of(
    question: str,
    asked_at: datetime,
    embedder: Embedder | None,
    *,
    language: str = DEFAULT_LANGUAGE,
    zone: tzinfo | None = None,
) -> Asked:
    """A question as it is looked for; its events go through the model together with it."""
    events = events_in(question)
    texts = [question, *(event.text for event in events)]
    points = list(embedder.points_of(texts)) if embedder else [None] * len(texts)
    whole, *parts = [Query(terms_of(text, language), point) for text, point in zip(texts, points, strict=True)]
    return Asked(whole, spans_in(question, asked_at, zone), list(zip(events, parts, strict=True)))


def codes_of(passages: Sequence[Passage], embedder: Embedder) -> Sequence[Code]:
    """What each passage means: mostly the turn as a whole, and what was said in it."""
    answered = [place for place, passage in enumerate(passages) if passage.answered]
    points = embedder.points_of([*(passage.text for passage in passages), *(passages[each].said for each in answered)])
    mixed = points[: len(passages)].copy()
    mixed[answered] = (1 - SAID) * mixed[answered] + SAID * points[len(passages) :]
    return list(coded(mixed))


def best_of(index: Index, found: Scored, limit: int) -> list[tuple[int, Found]]:
    """The places of the best scores above zero, with what was found there; among equals, the earlier one."""
    places = _likeliest(found.total, index.standing & (found.total > LEAST), limit)
    total = np.round(found.total[places], 5)
    order = np.lexsort((places, index.at[places], -total))[: max(limit, 0)]
    return [(place, _found(index, found, place)) for place in places[order].tolist()]


def _likeliest(total: Scores, counted: NDArray[np.bool_], limit: int) -> Places:
    """Where the best scores are, the last one's equals by five digits included."""
    places = np.flatnonzero(counted)
    if len(places) > limit > 0:
        least = np.partition(total[places], -limit)[-limit]
        places = places[total[places] >= least - np.float32(1e-5)]
    return places


def _found(index: Index, found: Scored, place: int) -> Found:
    return Found(
        key=int(index.keys[place]),
        score=round(float(found.total[place]), 5),
        words=float(found.words[place]),
        meaning=float(found.meaning[place]),
        time=float(found.time[place]),
    )
