"""Many Travelers and people to match, drawn out of the starting content so that they are as varied as real ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accounts.career_stage import STAGES
from accounts.models import Occupation, OccupationSkill
from matching.catalogue import catalogue
from matching.features import AXES, Floats, Integers, PersonFeatures, TravelerFacts, Want
from matching.matrix import TravelerColumns, TravelerMatrix, arranged
from matching.people import asked_of, soc_number
from matching.taxonomy import near_to, title_words

NAMED = 7  # skills that a Traveler names, as in the content


@dataclass(frozen=True, slots=True)
class Aim:
    """An occupation that somebody aims for or comes from: its code and title, and skills (id, importance, level)."""

    occupation: int
    soc: int
    title: str
    skills: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Travelers as a matrix, and each of them as facts, made when first asked for."""

    matrix: TravelerMatrix
    columns: TravelerColumns
    titles: Mapping[int, str]
    _facts: dict[int, TravelerFacts]

    def facts(self, row: int) -> TravelerFacts:
        """What TELL knows of one of them; the second time as it was kept."""
        if row not in self._facts:
            self._facts[row] = _facts_at(self.columns, row)
        return self._facts[row]


def aims() -> list[Aim]:
    """All occupations of the taxonomy that ask for something."""
    asked: dict[int, list[tuple[int, float, float]]] = {}
    links = OccupationSkill.objects.filter(skill__retired_at=None).order_by("occupation", "-importance", "skill")
    for occupation, skill, importance, level in links.values_list("occupation", "skill", "importance", "level"):
        asked.setdefault(occupation, []).append((skill, importance, asked_of(skill, importance, level)))
    rows = Occupation.objects.live().filter(pk__in=asked).order_by("pk").values_list("pk", "code", "title")
    return [Aim(pk, soc_number(code), title, tuple(asked[pk])) for pk, code, title in rows]


def crowd_of(size: int, known: list[Aim], dice: np.random.Generator) -> Crowd:
    """So many Travelers of any occupation, who name skills that it asks for, and suit whom the content's suit."""
    skills = sorted({skill for aim in known for skill, _, _ in aim.skills})
    places = {skill: place for place, skill in enumerate(skills)}
    group = dice.integers(len(known), size=size)
    like = dice.integers(len(catalogue.get().facts), size=size)
    columns = TravelerColumns(
        group=group,
        occupations=np.array([aim.occupation for aim in known]),
        soc=np.array([aim.soc for aim in known]),
        asked=_asked(known, places),
        skills=np.array(skills),
        named=_named(known, places, dice)[group, dice.integers(8, size=size)].astype(np.int32),
        levels=dice.integers(3, 6, size=(size, NAMED)).astype(np.int8),
        era=_spread(_of_content("era")[like], dice),
        **{name: np.sort(_spread(_of_content(name)[like], dice), axis=1) for name in ("horizon", "pace", "years")},
        stages=_of_content("stages")[like],
        style=dice.integers(-10, 11, size=(size, AXES)) / 10,
        topic_sets=tuple((title_words(aim.title),) for aim in known),
        topics=group,
        tongues=(frozenset(("en",)), frozenset(("en", "de")), frozenset(("es",)), frozenset(("es", "en"))),
        languages=dice.integers(4, size=size),
    )
    return Crowd(arranged(columns), columns, {aim.occupation: aim.title for aim in known}, {})


def person_of(known: list[Aim], dice: np.random.Generator) -> tuple[PersonFeatures, Aim]:
    """Somebody who has told everything, and what they aim for."""
    aim = known[int(dice.integers(len(known)))]
    own = {skill: (int(dice.integers(1, 5)), "claimed") for skill, _, _ in aim.skills if dice.random() < 0.4}
    wants = sorted(Want(skill, rank, level, *own.get(skill, ())) for skill, rank, level in aim.skills)
    person = PersonFeatures(
        goal_horizon_months=int(dice.integers(3, 37)),
        weekly_hours=int(dice.integers(2, 15)),
        years_experience=int(dice.integers(0, 16)),
        stage=int(dice.integers(len(STAGES) - 1)),
        style=tuple((dice.integers(-10, 11, size=AXES) / 10).tolist()),
        occupation=aim.occupation,
        soc=aim.soc,
        near=near_to(aim.occupation),
        words=frozenset(title_words(aim.title)),
        wants=tuple(wants),
    )
    return person, aim


def _asked(known: list[Aim], places: Mapping[int, int]) -> Floats:
    asked = np.zeros((len(places), len(known)))
    for column, aim in enumerate(known):
        asked[[places[skill] for skill, _, _ in aim.skills], column] = [level for _, _, level in aim.skills]
    return asked


def _named(known: list[Aim], places: Mapping[int, int], dice: np.random.Generator) -> Integers:
    """Eight choices of skills for each occupation, out of those that it asks for."""
    found = np.full((len(known), 8, NAMED), len(places))
    for row, aim in enumerate(known):
        columns = [places[skill] for skill, _, _ in aim.skills]
        for choice in range(8):
            some = np.sort(dice.permutation(columns)[:NAMED])
            found[row, choice, : len(some)] = some
    return found


def _of_content(name: str) -> Floats:
    return np.array([getattr(one, name) for one in catalogue.get().facts], dtype=np.float64)


def _spread(column: Floats, dice: np.random.Generator) -> Floats:
    """The same, half to one and a half times as large, in whole numbers from 1 on."""
    return np.maximum(np.rint(column * dice.uniform(0.5, 1.5, size=column.shape)), 1.0)


def _facts_at(columns: TravelerColumns, row: int) -> TravelerFacts:
    group = int(columns.group[row])
    skills = zip(columns.named[row].tolist(), columns.levels[row].tolist(), strict=True)
    low_high = {name: tuple(getattr(columns, name)[row].tolist()) for name in ("horizon", "pace", "years")}
    return TravelerFacts(
        era=float(columns.era[row]),
        **low_high,
        stages=(int(columns.stages[row][0]), int(columns.stages[row][1])),
        style=tuple(columns.style[row].tolist()),
        occupation=int(columns.occupations[group]),
        soc=int(columns.soc[group]),
        asked={},
        skills={int(columns.skills[at]): level for at, level in skills if at < len(columns.skills)},
        topics=columns.topic_sets[group],
        languages=tuple(columns.tongues[int(columns.languages[row])]),
    )
