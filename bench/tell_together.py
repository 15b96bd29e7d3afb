"""All people against all Travelers at once, beside bare numpy: lists of ten for 100,000 people out of 1,000."""

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from bench.crowd import Aim, Crowd, person_of
from bench.harness import Contender, Figure
from matching.askers import Askers, askers_of
from matching.crowds import NOBODY, Rules, lists_of
from matching.ranking import Filters, top
from matching.weights import DEFAULT

PEOPLE = 100_000
SAMPLE = 500
BLOCK = 256  # people at a time, which is where bare numpy was fastest
TONGUES = frozenset(("en",))


def asking(known: list[Aim], number: int, dice: np.random.Generator) -> Askers:
    """So many people as columns; all of them speak English."""
    people = [person_of(known, dice)[0] for _ in range(number)]
    return askers_of(people, DEFAULT.parameters, [TONGUES] * number)


def bare(size: int, features: int, best: int) -> Contender:
    """A product of matrices, a block of people at a time, and who has the highest results in each row."""
    dice = np.random.default_rng(size)
    people = dice.random((PEOPLE, features), dtype=np.float32)
    travelers = dice.random((features, size), dtype=np.float32)

    def go() -> None:
        for first in range(0, PEOPLE, BLOCK):
            results = people[first : first + BLOCK] @ travelers
            some = np.argpartition(results, size - best, axis=1)[:, size - best :]
            order = np.argsort(-np.take_along_axis(results, some, axis=1), axis=1)
            np.take_along_axis(some, order, axis=1)

    return _rate(go)


def tell(crowd: Crowd, askers: Askers, best: int) -> Contender:
    """The exact lists of all, hard rules on."""
    rules = _rules(crowd)
    return _rate(lambda: lists_of(askers, crowd.matrix, DEFAULT, rules, best))


def figures_of_many(crowd: Crowd, known: list[Aim], best: int) -> Iterator[Figure]:
    """How many lists differ from those made one by one, and how many took the slow way; what columns cost."""
    dice = np.random.default_rng(10)
    started = perf_counter()
    askers, rules = asking(known, SAMPLE, dice), _rules(crowd)
    yield Figure("a person drawn and laid out as columns", 1e6 * (perf_counter() - started) / SAMPLE, "µs")
    found = lists_of(askers, crowd.matrix, DEFAULT, rules, best)
    filters = Filters(TONGUES, rules.allowed)
    wrong = 0
    for person, rows in zip(askers.people, found.rows, strict=True):
        alone = top(person, crowd.matrix, DEFAULT, filters, best).rows
        wrong += int(not np.array_equal(rows[rows != NOBODY], alone))
    yield Figure(f"lists of {SAMPLE} that differ from those made one by one", wrong, at_most=0)
    yield Figure(f"lists of {SAMPLE} that hung on a tie", found.tied)


def _rules(crowd: Crowd) -> Rules:
    return Rules(np.ones(len(crowd.matrix), dtype=np.bool_))


def _rate(go: Callable[[], object]) -> Contender:
    """People a second; the first time of a contender is the harness's warming up."""

    def contend() -> float:
        started = perf_counter()
        go()
        return PEOPLE / (perf_counter() - started)

    return contend
