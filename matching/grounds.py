"""What is the same for all askers of a crowd: Travelers that any of them may meet, and points for what they told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.askers import Aimed, Askers, Career, Plan
from matching.coverage import shares_met, skills_of
from matching.features import Floats, PersonFeatures
from matching.matrix import STYLES, TravelerMatrix
from matching.ranking import speaks, takes
from matching.sheets import COLUMN_OF, NEUTRAL, Tables, expertise_tables, in_points, longitude_tables, time_tables
from matching.weights import PARTS, Weights

Rough = NDArray[np.float32]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rules:
    """The hard rules that are not a person's own words: `allowed` as in `Filters`, for all, and whom each does not
    want, as the caller's rows, `without`, by places among the askers."""

    allowed: NDArray[np.bool_] | None = None
    without: Sequence[Sequence[int]] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """N Travelers, those whom anybody may meet, in their `places` in the matrix.

    `plans` and `careers` say by distinct plan and career what each gets for it over or under neutral, (D, N), -inf for
    whom the hard rules keep away; `rough_...` the same in float32. `style` are places on the axes, (AXES, N), `group`
    occupations, (N,), and `nothing` the points of somebody who told nothing. `column` says where each of the caller's
    rows is, N for nowhere.
    """

    askers: Askers
    matrix: TravelerMatrix
    weights: Weights
    rules: Rules
    limit: int
    places: Places
    column: Places
    plans: Floats
    careers: Floats
    rough_plans: Rough
    rough_careers: Rough
    style: Floats
    group: NDArray[np.int16]
    nothing: float

    def __len__(self) -> int:
        return len(self.places)

    def points(self, part: str) -> float:
        """The most that a part can give."""
        return self.weights.points[PARTS.index(part)]


@dataclass(frozen=True, slots=True)
class Aim:
    """What the Travelers of a ground get for an aim, (N,), what each meets of each of its W needs, (N, W), and all of
    it as the rows of a product, (T, N): needs, style, its square, one, aim."""

    points: Floats
    met: Floats
    traits: Rough


def ground_of(askers: Askers, matrix: TravelerMatrix, weights: Weights, rules: Rules, limit: int) -> Ground:
    """The ground on which lists of `limit` are made."""
    plans, careers = _plans(askers.plans, matrix, weights), _careers(askers.careers, matrix, weights)
    if rules.allowed is not None:
        careers[:, ~rules.allowed[matrix.rows]] = -np.inf
    places = np.flatnonzero(np.isfinite(careers).any(axis=0))
    column = np.full(len(matrix), len(places), dtype=np.intp)
    column[matrix.rows[places]] = np.arange(len(places))
    plans, careers = plans[:, places], careers[:, places]
    return Ground(
        askers=askers,
        matrix=matrix,
        weights=weights,
        rules=rules,
        limit=limit,
        places=places,
        column=column,
        plans=plans,
        careers=careers,
        rough_plans=plans.astype(np.float32),
        rough_careers=careers.astype(np.float32),
        style=np.array([matrix.look_up(name, matrix.values[name], places) for name in STYLES]),
        group=matrix.group(places).astype(np.int16),
        nothing=sum(float(in_points(NEUTRAL, points)) for points in weights.points),
    )


def aim_of(ground: Ground, aimed: Aimed) -> Aim:
    """What an aim comes to on a ground."""
    matrix, places = ground.matrix, ground.places
    points = _over_neutral(expertise_tables(aimed.like, matrix), matrix, ground.weights, places)
    skills = skills_of(aimed.needs, matrix, ground.weights.parameters)
    met = np.zeros((aimed.need.shape[1], len(ground)))
    if skills is not None:
        met = shares_met(skills, matrix, places)[:-1]
    traits = np.concatenate([met, ground.style, ground.style**2, [np.ones(len(ground)), points]])
    return Aim(points, np.ascontiguousarray(met.T), traits.astype(np.float32))


def _plans(plans: Sequence[Plan], matrix: TravelerMatrix, weights: Weights) -> Floats:
    def said(person: PersonFeatures) -> Floats:
        return _over_neutral(time_tables(person, matrix, weights), matrix, weights)

    months = {each: said(PersonFeatures(goal_horizon_months=each)) for each in {plan[0] for plan in plans}}
    hours = {each: said(PersonFeatures(weekly_hours=each)) for each in {plan[1] for plan in plans}}
    return np.array([months[goal] + hours[week] for goal, week in plans])


def _careers(careers: Sequence[Career], matrix: TravelerMatrix, weights: Weights) -> Floats:
    def said(person: PersonFeatures) -> Floats:
        return _over_neutral(longitude_tables(person, matrix, weights), matrix, weights)

    years = {each: said(PersonFeatures(years_experience=each)) for each in {career[0] for career in careers}}
    stages = {each: said(PersonFeatures(stage=each)) for each in {career[1] for career in careers}}
    for stage, row in stages.items():
        row[~matrix.look_up("stages", takes(stage, matrix), slice(None))] = -np.inf
    tongues = {each: np.where(speaks(each, matrix)[matrix.languages], 0.0, -np.inf) for _, _, each in careers}
    return np.array([years[year] + stages[stage] + tongues[spoken] for year, stage, spoken in careers])


def _over_neutral(
    tables: Tables, matrix: TravelerMatrix, weights: Weights, places: Places | slice = slice(None)
) -> Floats:
    """By how many points Travelers are over or under what they would get if this had not been told, (n,), exactly."""
    found = np.zeros(len(matrix.rows[places]))
    for part, table in tables.items():
        points = weights.points[PARTS.index(part)]
        found += matrix.look_up(COLUMN_OF[part], in_points(table, points) - in_points(NEUTRAL, points), places)
    return found
