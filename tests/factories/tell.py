"""People and Travelers as numbers, made by hypothesis."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from matching.features import AXES, PersonFeatures, TravelerMatrix

SKILLS = np.arange(1, 7)
OCCUPATIONS = st.integers(1, 8)
FIELDS = st.integers(1, 4)

axis = st.floats(-1, 1)
fit = st.floats(0, 1)

people = st.builds(
    PersonFeatures,
    goal_horizon_months=st.none() | st.integers(1, 240),
    weekly_hours=st.none() | st.integers(1, 80),
    years_experience=st.none() | st.integers(0, 70),
    style=st.tuples(*[st.none() | axis] * AXES),
    occupation=st.none() | OCCUPATIONS,
    career_field=st.none() | FIELDS,
    neighbours=st.dictionaries(OCCUPATIONS, fit, max_size=5),
    needs=st.dictionaries(st.integers(1, 9), fit, max_size=9),
)


@st.composite
def matrices(draw: st.DrawFn, least: int = 1, most: int = 8) -> TravelerMatrix:
    """Some Travelers."""
    size = draw(st.integers(least, most))

    def column(values: st.SearchStrategy[Any]) -> Any:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)))

    def ranges(highest: int) -> Any:
        pair = st.tuples(st.integers(0, highest), st.integers(0, highest)).map(sorted)
        return column(pair).astype(float).reshape(size, 2)

    return TravelerMatrix(
        era=column(st.integers(1, 60)).astype(float),
        horizon=ranges(120),
        pace=ranges(40),
        experience=ranges(50),
        style=column(st.tuples(*[axis] * AXES)).astype(float).reshape(size, AXES),
        occupation=column(OCCUPATIONS).astype(np.int64),
        career_field=column(FIELDS).astype(np.int64),
        skills=SKILLS,
        mastery=column(st.tuples(*[st.sampled_from([0, 0.2, 0.6, 1])] * len(SKILLS))).astype(float),
    )


def rows(matrix: TravelerMatrix, order: Any) -> TravelerMatrix:
    """The matrix of some of its rows, in an order of one's own."""
    changed = {f.name: getattr(matrix, f.name)[order] for f in fields(matrix) if f.name != "skills"}
    return replace(matrix, **changed)
