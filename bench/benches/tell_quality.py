"""Whether Expertise finds the right neighbours: the ranking of Travelers against O*NET's own lists of related ones.

For every occupation its own list is hidden, as if O*NET had never written it, and somebody aims for it. Travelers come
from all other occupations, one from each, and name what theirs asks for most. The ranking is judged by the hidden list.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from math import log
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
from django.conf import settings

from accounts.models import Occupation, RelatedOccupation
from accounts.services.onet import import_onet
from bench.crowd import Aim, aims
from bench.harness import Bench, Contenders, Figure, Pair, Say
from matching.features import AXES, Floats, PersonFeatures, TravelerFacts, Want
from matching.matrix import TravelerMatrix, matrix_of
from matching.relatedness import BACKWARDS, CLOSEST, FADING, nearness
from matching.scoring import score_rows
from matching.taxonomy import Taxonomy, taxonomy, title_words
from matching.weights import DEFAULT, LETTER_OF, LETTERS, PARTS

RELEASE: Final = Path(os.environ.get("ONET_RELEASE") or settings.BASE_DIR / "data" / "onet")
GAINS: Final = {"primary-short": 3, "primary-long": 2, "supplemental": 1}
AT: Final = 10
NAMED: Final = 8
LEAST_NDCG: Final = 0.6

Ranker = Callable[[int], Floats]


@dataclass(frozen=True, slots=True)
class Exam:
    """Occupations with their hidden lists as gains, (n, n), and strengths, and a Traveler from each; who aims for one
    of them is made when first asked for."""

    known: list[Aim]
    taxonomy: Taxonomy
    gains: Floats
    own: Floats
    matrix: TravelerMatrix
    _people: dict[int, PersonFeatures] = field(default_factory=dict)

    def person(self, row: int) -> PersonFeatures:
        """Who aims for an occupation whose list is hidden."""
        if row not in self._people:
            self._people[row] = _person(self, row)
        return self._people[row]


def exam() -> Exam:
    """All occupations that list others, of the taxonomy as it is loaded."""
    known = [aim for aim in aims() if RelatedOccupation.objects.filter(occupation=aim.occupation).exists()]
    place = {aim.occupation: row for row, aim in enumerate(known)}
    gains, own = np.zeros((len(known), len(known))), np.zeros((len(known), len(known)))
    for one, other, tier, rank in RelatedOccupation.objects.values_list("occupation", "related", "tier", "rank"):
        if one in place and other in place:
            gains[place[one], place[other]] = GAINS[tier]
            own[place[one], place[other]] = CLOSEST * FADING ** (rank - 1)
    dice = np.random.default_rng(29)
    return Exam(known, taxonomy.get(), gains, own, matrix_of([_traveler(aim, dice) for aim in known]))


def _traveler(aim: Aim, dice: np.random.Generator) -> TravelerFacts:
    """One who names what its occupation asks for most, and suits some people, as chance will have it."""
    best = sorted(aim.skills, key=lambda one: -one[1] * one[2])[:NAMED]
    low = dice.integers(1, 12, size=3)
    high = low + dice.integers(1, 24, size=3)
    return TravelerFacts(
        era=float(dice.integers(5, 25)),
        horizon=(int(low[0]), int(high[0])),
        pace=(int(low[1]), int(high[1])),
        years=(int(low[2]), int(high[2])),
        stages=(0, int(dice.integers(1, 5))),
        style=tuple((dice.integers(-10, 11, size=AXES) / 10).tolist()),
        occupation=aim.occupation,
        soc=aim.soc,
        asked={skill: level for skill, _, level in aim.skills},
        skills={skill: 5 for skill, _, _ in best},
        topics=(title_words(aim.title),),
        languages=("en",),
    )


def _person(exam: Exam, row: int) -> PersonFeatures:
    """Somebody who aims for an occupation whose list is hidden, and has told everything."""
    aim, dice = exam.known[row], np.random.default_rng(row)
    return PersonFeatures(
        goal_horizon_months=int(dice.integers(3, 37)),
        weekly_hours=int(dice.integers(2, 15)),
        years_experience=int(dice.integers(0, 16)),
        stage=int(dice.integers(5)),
        style=tuple((dice.integers(-10, 11, size=AXES) / 10).tolist()),
        occupation=aim.occupation,
        soc=aim.soc,
        near=near_without_own_list(exam, row),
        words=frozenset(title_words(aim.title)),
        wants=tuple(Want(*skill) for skill in sorted(aim.skills)),
    )


def near_without_own_list(exam: Exam, row: int) -> Mapping[int, float]:
    """How near others are when nobody knows whom this one lists; who lists it is known."""
    related, places = exam.taxonomy.related, exam.taxonomy.places
    everywhere = [places[aim.occupation] for aim in exam.known]
    place = everywhere[row]
    links = related.links.copy()
    links[place] = 0.0
    links[place, everywhere] = BACKWARDS * exam.own[:, row]
    return nearness(replace(related, links=links).row(place), exam.taxonomy.ids)


def ndcg(exam: Exam, rank: Ranker) -> float:
    """Normalised discounted cumulative gain of the first ten (Jarvelin and Kekalainen, 2002), the mean of all."""
    discounts = 1 / np.log2(np.arange(2, AT + 2))
    found = []
    for row in range(len(exam.known)):
        scores, gains = rank(row).copy(), 2.0 ** exam.gains[row] - 1
        scores[row] = -np.inf
        best = np.argsort(-scores, kind="stable")[:AT]
        ideal = np.sort(gains)[::-1][:AT] @ discounts
        if ideal:
            found.append(float(gains[best] @ discounts / ideal))
    return float(np.mean(found))


def _by_parts(exam: Exam, kept: frozenset[str]) -> Ranker:
    """A ranking by some of the parts."""
    rows = [PARTS.index(part) for part in PARTS if part in kept]

    def rank(row: int) -> Floats:
        points: Floats = score_rows(exam.person(row), exam.matrix, DEFAULT).points[rows].sum(axis=0)
        return points

    return rank


def _by_title(exam: Exam) -> Ranker:
    """Cosines of titles, their words weighed by how rare they are."""
    titles = [title_words(aim.title) for aim in exam.known]
    documents = Counter(word for words in titles for word in set(words))
    columns = {word: column for column, word in enumerate(documents)}
    vectors = np.zeros((len(titles), len(columns)))
    for row, words in enumerate(titles):
        for word in words:
            vectors[row, columns[word]] = log(len(titles) / documents[word])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths > 0, lengths, 1.0)
    return lambda row: np.asarray(vectors @ vectors[row])


def _by_chance(exam: Exam) -> Ranker:
    return lambda row: np.random.default_rng(row).random(len(exam.known))


def figures(say: Say) -> list[Figure]:
    """Agreement on the starting content, and on a full release if its files are there."""
    found = list(_figures_on("starter", exam()))
    if not (RELEASE / "Occupation Data.txt").is_file():
        say(f"  no release of O*NET in {RELEASE} (or where ONET_RELEASE says): only the starting content is ranked")
        return found
    if not Occupation.objects.filter(source="onet").exists():
        say("  importing the release of O*NET")
        import_onet(folder=RELEASE, progress=lambda _table: None)
    return found + list(_figures_on("release", exam()))


def _figures_on(content: str, asked: Exam) -> Iterator[Figure]:
    about = f"{content}, {len(asked.known)} held out: NDCG@{AT}"
    expertise = frozenset(part for part, letter in LETTER_OF.items() if letter == "expertise")
    yield Figure(f"{about} by chance", ndcg(asked, _by_chance(asked)))
    yield Figure(f"{about} by cosine of titles", ndcg(asked, _by_title(asked)))
    yield Figure(f"{about} by Expertise", ndcg(asked, _by_parts(asked, expertise)), at_least=LEAST_NDCG)
    for part in sorted(expertise):
        yield Figure(f"{about} by Expertise but for {part}", ndcg(asked, _by_parts(asked, expertise - {part})))
    for part in sorted(expertise):
        yield Figure(f"{about} by {part} alone", ndcg(asked, _by_parts(asked, frozenset({part}))))
    yield Figure(f"{about} by all letters", ndcg(asked, _by_parts(asked, frozenset(PARTS))))
    for letter in LETTERS:
        others = frozenset(part for part in PARTS if LETTER_OF[part] != letter)
        yield Figure(f"{about} by all but {letter}", ndcg(asked, _by_parts(asked, others)))


@contextmanager
def contenders() -> Iterator[Contenders]:
    """One ranking of all Travelers after the other, ours and by titles."""
    asked = exam()
    expertise = frozenset(part for part, letter in LETTER_OF.items() if letter == "expertise")
    yield {
        "Expertise": partial(_rate, asked, _by_parts(asked, expertise)),
        "titles": partial(_rate, asked, _by_title(asked)),
    }


def _rate(asked: Exam, rank: Ranker) -> float:
    started = perf_counter()
    for row in range(min(len(asked.known), 50)):
        rank(row)
    return 50 / (perf_counter() - started)


BENCH = Bench(
    name="tell_quality",
    question="does Expertise rank neighbouring occupations as O*NET does, without having seen its list?",
    unit="rankings/s",
    pairs=(Pair("Expertise", "titles"),),
    contenders=contenders,
    figures=figures,
)
