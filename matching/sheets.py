"""One person against a matrix: the fit of each distinct value, computed once, to be looked up by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from matching.coverage import Skills, skills_of
from matching.demand import Needs, needs_of
from matching.features import AXES, Floats, PersonFeatures, places_in
from matching.fits import has_been_there, leaning, right_distance, same_branch, within, within_octaves
from matching.matrix import STYLES, TravelerMatrix
from matching.weights import PARTS, POINT_GRAIN, Weights

NEUTRAL: Final = 0.5

# The column that each part but skills looks at; style looks at four.
COLUMN_OF: Final = {
    "horizon": "horizon",
    "era": "era",
    "pace": "pace",
    "occupation": "group",
    "field": "group",
    "specialization": "topics",
    "stage": "stages",
    "years": "years",
    "distance": "era",
}

Tables = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Fits (0-1) by part, each a table over the values of its column; parts that are not known have none.

    `style` holds an axis's share of that fit by its values, and `told` how much of the axes is known, 0 to 1. `skills`
    are the `needs` laid over the matrix, None where nothing is asked; `listed` says whether the person listed any.
    """

    matrix: TravelerMatrix
    weights: Weights
    tables: Tables
    style: tuple[Floats, ...]
    told: float
    needs: Needs
    skills: Skills | None
    listed: bool

    def limit(self, part: str) -> float:
        """The most points that a part can give."""
        return self.weights.points[PARTS.index(part)]


def sheet_of(person: PersonFeatures, matrix: TravelerMatrix, weights: Weights) -> Sheet:
    """The sheet of a person."""
    needs = needs_of(person.wants, weights.parameters)
    return Sheet(
        matrix=matrix,
        weights=weights,
        tables={
            **time_tables(person, matrix, weights),
            **expertise_tables(person, matrix),
            **longitude_tables(person, matrix, weights),
        },
        style=_style(person, matrix),
        told=person.told,
        needs=needs,
        skills=skills_of(needs, matrix, weights.parameters),
        listed=any(want.own is not None for want in person.wants),
    )


def in_points(fits: Floats | float, limit: Floats | float) -> Floats:
    """Fits, 0 to 1, as points up to a limit: multiples of POINT_GRAIN, rounded down, so that no sum passes 100."""
    return np.asarray(np.floor(np.multiply(fits, np.divide(limit, POINT_GRAIN))) * POINT_GRAIN)


def points_of(sheet: Sheet) -> Floats:
    """All points but those of skills, as one row of tables to be looked up by the codes of the matrix."""
    values, firsts = sheet.matrix.values, sheet.matrix.firsts
    points = np.zeros(sum(map(len, values.values())))
    for part, table in sheet.tables.items():
        first = firsts[COLUMN_OF[part]]
        points[first : first + len(table)] += in_points(table, sheet.limit(part))
    for name, table in zip(STYLES, sheet.style, strict=True):
        points[firsts[name] : firsts[name] + len(table)] = in_points(table, sheet.limit("style"))
    return points


def neutral_points(sheet: Sheet) -> float:
    """What everybody gets for what is not told."""
    missing = [part for part in (*COLUMN_OF, "skills") if part not in sheet.tables]
    if sheet.skills is not None:
        missing.remove("skills")
    fits = {"style": (1 - sheet.told) * NEUTRAL, **dict.fromkeys(missing, NEUTRAL)}
    return sum(floor(fit * (sheet.limit(part) / POINT_GRAIN)) for part, fit in fits.items()) * POINT_GRAIN


def time_tables(person: PersonFeatures, matrix: TravelerMatrix, weights: Weights) -> Tables:
    """What the goal and the week say."""
    figures, values, tables = weights.parameters, matrix.values, {}
    if person.goal_horizon_months is not None:
        tables["horizon"] = within_octaves(person.goal_horizon_months, values["horizon"], figures.octave)
        tables["era"] = has_been_there(person.goal_horizon_months, values["era"], figures.era_scale)
    if person.weekly_hours is not None:
        tables["pace"] = within_octaves(person.weekly_hours, values["pace"], figures.octave)
    return tables


def expertise_tables(person: PersonFeatures, matrix: TravelerMatrix) -> Tables:
    """What the target says, but for skills."""
    tables = {}
    if person.occupation is not None:
        tables["occupation"] = _closeness(person, matrix)
    if person.soc is not None:
        tables["field"] = same_branch(person.soc, matrix.soc)
    if person.words:
        tables["specialization"] = _shared_topics(person.words, matrix)
    return tables


def _closeness(person: PersonFeatures, matrix: TravelerMatrix) -> Floats:
    """1 for the target occupation and for its neighbours how near they are, (G,)."""
    near, closeness = person.nearness
    here, there = places_in(matrix.occupations, near)
    found = np.zeros(len(matrix.occupations))
    found[here] = closeness[there]
    return found


def _shared_topics(words: frozenset[str], matrix: TravelerMatrix) -> Floats:
    """Of each set of topics the best one: the share of its words that the titles of the target use."""
    if not matrix.set_starts.size:
        return np.zeros(0)
    used = np.zeros(len(matrix.words))
    used[[matrix.words[word] for word in words if word in matrix.words]] = 1.0
    shares = np.add.reduceat(used[matrix.topic_words], matrix.topic_starts) / matrix.topic_sizes
    return np.asarray(np.maximum.reduceat(shares, matrix.set_starts))


def longitude_tables(person: PersonFeatures, matrix: TravelerMatrix, weights: Weights) -> Tables:
    """What experience says."""
    figures, values, tables = weights.parameters, matrix.values, {}
    if person.stage is not None:
        tables["stage"] = within(person.stage, values["stages"], figures.stage_scale)
    if person.years_experience is not None:
        tables["years"] = within(person.years_experience, values["years"], figures.years_scale)
        tables["distance"] = right_distance(person.years_experience, values["era"], figures)
    return tables


def _style(person: PersonFeatures, matrix: TravelerMatrix) -> tuple[Floats, ...]:
    columns = [matrix.values[name] for name in STYLES]
    return tuple(
        np.zeros(len(values)) if mine is None else sure * leaning(mine, values) / AXES
        for mine, sure, values in zip(person.style, person.confidence, columns, strict=True)
    )
