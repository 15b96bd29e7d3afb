"""Whether TELL's weights learn what people want, where it is known what that is."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.harness import Bench, Contenders, Figure, Say
from bench.tell_people import Round, rounds
from matching.learning import MOST_MOVE
from matching.weights import DEFAULT

ROUNDS, PEOPLE, SEEDS = 12, 400, (1, 2, 3)
# Three kinds of crowd, in points by letter: one that looks at expertise, one at time, and one that weighs as we do.
CROWDS = {
    "expertise": {"time": 10.0, "expertise": 60.0, "learning_style": 5.0, "longitude": 25.0},
    "time": {"time": 35.0, "expertise": 35.0, "learning_style": 5.0, "longitude": 25.0},
    "as we do": dict(DEFAULT.letters),
}


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Nothing races here."""
    yield {}


def figures(say: Say) -> list[Figure]:
    """How far the weights are from what each crowd wants, and what the lists cost it, before and after."""
    return [figure for name, wanted in CROWDS.items() for figure in _figures(name, wanted, say)]


def _figures(name: str, wanted: dict[str, float], say: Say) -> Iterator[Figure]:
    courses = [list(rounds(wanted, DEFAULT.letters, number=ROUNDS, people=PEOPLE, seed=seed)) for seed in SEEDS]
    say(f"{name}: {ROUNDS} rounds of {PEOPLE} people, {len(courses)} times")
    far = courses[0][0].distance
    yield Figure(f"{name}: distance before", far, "points")
    yield Figure(f"{name}: distance after", _worst_distance(courses), "points", at_most=max(4.0, far / 3))
    yield Figure(f"{name}: regret before", _mean([course[0].regret for course in courses]), "points")
    yield Figure(f"{name}: regret after", _mean([course[-1].regret for course in courses]), "points", at_most=0.25)
    yield Figure(f"{name}: largest move of a weight", _largest_move(courses), "", at_most=MOST_MOVE + 1e-6)


def _worst_distance(courses: list[list[Round]]) -> float:
    return max(course[-1].distance for course in courses)


def _largest_move(courses: list[list[Round]]) -> float:
    steps = [one.step for course in courses for one in course]
    return max(
        abs(after - before) / before for step in steps for before, after in zip(step.before, step.after, strict=True)
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


BENCH = Bench(
    name="tell_learning",
    question="do weights learn what people want, by bounded steps, and stay where people want them?",
    unit="",
    pairs=(),
    contenders=contenders,
    figures=figures,
)
