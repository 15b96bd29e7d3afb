"""What TELL costs beside bare numpy: one person against very many Travelers, with explanations, and all against all.

Against 1,000 the bound is missed, and by far: bare numpy takes some microseconds there, less than it takes to write one
of the ten explanations, and what TELL takes is Python, the same for 1,000 as for 100,000.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from bench.crowd import Aim, Crowd, aims, crowd_of, person_of
from bench.harness import Bench, Contender, Contenders, Figure, Pair, Say
from bench.tell_together import PEOPLE as ALL
from bench.tell_together import asking, bare, figures_of_many, tell
from matching.catalogue import facts_of
from matching.explaining import Explainer
from matching.features import PersonFeatures, TravelerFacts
from matching.ranking import Filters, top
from matching.scoring import score_rows
from matching.weights import DEFAULT, PARTS
from mentors.models import Traveler

SIZES = (1_000, 100_000, 1_000_000)
FEATURES = 64  # columns of the bare product
BEST = 10
PEOPLE = 40
SLICE = 0.25  # seconds
TWICE_THE_TIME = 0.5
ORM_SIZE = 100_000
TELLING_LITTLE = 5  # people of each kind
ADMITTED = 16  # the bare product, too, may leave out whom hard rules keep away: all but one of so many

# The Travelers of the content again and again.
_MANY = "SELECT t.* FROM mentors_traveler t CROSS JOIN generate_series(1, %s) WHERE t.state = 'published'"

Asker = tuple[PersonFeatures, Aim]


@dataclass(frozen=True, slots=True)
class World:
    """Crowds by their size, and people who ask."""

    crowds: dict[int, Crowd]
    askers: list[Asker]


def world() -> World:
    """The same for every run."""
    dice = np.random.default_rng(8)
    known = aims()
    return World({size: crowd_of(size, known, dice) for size in SIZES}, [person_of(known, dice) for _ in range(PEOPLE)])


def best_explained(crowd: Crowd, asker: Asker) -> list[str]:
    """The ten best of a crowd for somebody, each with its whole explanation; the sentences."""
    person, aim = asker
    found = top(person, crowd.matrix, DEFAULT, Filters(frozenset(("en",)), _everybody(crowd)), BEST).scores
    explainer = Explainer(person, DEFAULT, aim.title, _Names())
    sentences = []
    for at, row in enumerate(found.rows.tolist()):
        fits = dict(zip(PARTS, found.fits[:, at].tolist(), strict=True))
        points = dict(zip(PARTS, found.points[:, at].tolist(), strict=True))
        facts = crowd.facts(row)
        sentences.append(explainer.explain("Ada", crowd.titles[facts.occupation], facts, fits, points).sentence)
    return sentences


class _Names(dict[int, str]):
    """Every skill has a name."""

    def __missing__(self, skill: int) -> str:
        return str(skill)


_ALLOWED: dict[int, Any] = {}


def _everybody(crowd: Crowd) -> Any:
    """Nobody is full or blocked, which has to be looked up all the same."""
    return _ALLOWED.setdefault(len(crowd.matrix), np.ones(len(crowd.matrix), dtype=np.bool_))


def _in_turn(asked: Callable[[int], object]) -> Contender:
    """One after the other is asked for a while; the rate is people a second."""

    def contend() -> float:
        started, done = perf_counter(), 0
        while perf_counter() - started < SLICE or done < PEOPLE:
            asked(done % PEOPLE)
            done += 1
        return done / (perf_counter() - started)

    return contend


def _bare(size: int) -> Contender:
    return _in_turn(_product(size))


def _product(size: int) -> Callable[[int], object]:
    """A product of a matrix and a vector, and who has the ten highest results."""
    dice = np.random.default_rng(size)
    rows = dice.random((size, FEATURES), dtype=np.float32)
    person = dice.random(FEATURES, dtype=np.float32)

    def ask(_who: int) -> object:
        results = rows @ person
        best = np.argpartition(-results, BEST)[:BEST]
        return best[np.argsort(-results[best])]

    return ask


def _tell(crowd: Crowd, askers: list[Asker]) -> Contender:
    return _in_turn(lambda who: best_explained(crowd, askers[who]))


def _orm(asker: Asker) -> Contender:
    """What one would write first: every Traveler an object, scored in Python, sorted."""
    copies = -(-ORM_SIZE // Traveler.objects.published().count())

    def ask() -> float:
        started = perf_counter()
        many = Traveler.objects.raw(_MANY, [copies]).prefetch_related("skill_links", "occupation")
        scored = [(_plainly(asker[0], facts_of(one, _levels(one), {})), one.slug) for one in many]
        sorted(scored, reverse=True)[:BEST]
        return 1 / (perf_counter() - started)

    return ask


def _levels(traveler: Traveler) -> dict[int, int]:
    return {link.skill_id: link.level for link in traveler.skill_links.all()}


def _plainly(person: PersonFeatures, traveler: TravelerFacts) -> float:
    """A simpler score than ours: in range or not, the occupation, and how many wanted skills are named."""
    suits = (
        (person.goal_horizon_months, traveler.horizon, 8.0),
        (person.weekly_hours, traveler.pace, 8.0),
        (person.years_experience, traveler.years, 7.5),
        (person.stage, traveler.stages, 10.0),
    )
    score = sum(points for value, (low, high), points in suits if value is not None and low <= value <= high)
    score += 22.5 * (1.0 if traveler.occupation == person.occupation else person.near.get(traveler.occupation, 0.0))
    wanted = {want.skill for want in person.wants}
    score += 13.5 * len(wanted & traveler.skills.keys()) / max(len(wanted), 1)
    mine = [axis for axis in person.style if axis is not None]
    return score - sum(abs(a - b) for a, b in zip(mine, traveler.style, strict=False))


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Bare numpy and TELL at every size, the plain loop over objects at one of them, and both for all at once."""
    known = world()
    many = asking(aims(), ALL, np.random.default_rng(9))
    yield {
        **{f"numpy {size:,}": _bare(size) for size in SIZES},
        **{f"TELL {size:,}": _tell(crowd, known.askers) for size, crowd in known.crowds.items()},
        f"ORM {ORM_SIZE:,}": _orm(known.askers[0]),
        f"numpy {ALL:,} x {SIZES[0]:,}": bare(SIZES[0], FEATURES, BEST),
        f"TELL {ALL:,} x {SIZES[0]:,}": tell(known.crowds[SIZES[0]], many, BEST),
    }


def figures(say: Say) -> list[Figure]:
    """How long a list takes alone and with its explanations; and whether it is the exact one."""
    say("  making crowds")
    known = world()
    return [*_parts(known), *_wrong(known), *figures_of_many(known.crowds[SIZES[0]], aims(), BEST)]


def _parts(known: World) -> Iterator[Figure]:
    for size, crowd in known.crowds.items():
        lists = [_timed(partial(_list, crowd, asker)) for asker in known.askers]
        whole = [_timed(partial(best_explained, crowd, asker)) for asker in known.askers]
        yield Figure(f"{size:,}: the list alone", float(np.median(lists)), "ms")
        yield Figure(f"{size:,}: with explanations", float(np.median(whole)), "ms")
        yield Figure(f"{size:,}: slowest of {PEOPLE} people", max(whole), "ms")
        for kind, some in _telling_little(known.askers).items():
            yield Figure(
                f"{size:,}: {kind}", float(np.median([_timed(partial(_list, crowd, one)) for one in some])), "ms"
            )
        part = _timed(partial(_product(size // ADMITTED), 0))
        yield Figure(f"{size:,}: bare product with one of {ADMITTED} admitted", part, "ms")


def _telling_little(askers: list[Asker]) -> dict[str, list[Asker]]:
    """People for whom no occupation is likelier than another, which is what the search lives by."""
    aimless: dict[str, Any] = {"occupation": None, "soc": None, "near": {}, "words": frozenset(), "wants": ()}
    some = askers[:TELLING_LITTLE]
    return {
        "the list of who has no target": [(replace(person, **aimless), aim) for person, aim in some],
        "the list of who told nothing": [(PersonFeatures(), aim) for _, aim in some],
    }


def _list(crowd: Crowd, asker: Asker) -> object:
    return top(asker[0], crowd.matrix, DEFAULT, Filters(frozenset(("en",)), _everybody(crowd)), BEST)


def _timed(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = perf_counter()
        ask()
        times.append(1000 * (perf_counter() - started))
    return min(times)


def _wrong(known: World) -> Iterator[Figure]:
    """How many lists differ from those that scoring everybody gives, in a crowd of the middle size."""
    crowd = known.crowds[SIZES[1]]
    speaks = np.array(["en" in tongues for tongues in crowd.matrix.tongues])[crowd.columns.languages]
    wrong = 0
    for person, _ in known.askers:
        quick = top(person, crowd.matrix, DEFAULT, Filters(frozenset(("en",))), BEST)
        everybody = score_rows(person, crowd.matrix, DEFAULT)
        wrong += int(everybody.total[speaks].max() != quick.scores.total[0])
        wrong += int(not np.array_equal(everybody.total[quick.rows], quick.scores.total))
    yield Figure(f"lists of {PEOPLE} that are not the exact ones", wrong, at_most=0)


BENCH = Bench(
    name="tell",
    question="does a list of matches cost no more than twice a bare product and partition?",
    unit="people/s",
    pairs=(
        *(Pair(f"TELL {size:,}", f"numpy {size:,}", at_least=TWICE_THE_TIME) for size in SIZES),
        Pair(f"TELL {ORM_SIZE:,}", f"ORM {ORM_SIZE:,}", at_least=100.0),
        Pair(f"TELL {ALL:,} x {SIZES[0]:,}", f"numpy {ALL:,} x {SIZES[0]:,}", at_least=TWICE_THE_TIME),
    ),
    contenders=contenders,
    figures=figures,
)
