"""Travelers as columns, laid out for scoring: by occupation, and each distinct value of a column once."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.features import AXES, Floats, Integers, TravelerFacts

TOP_LEVEL: Final = 7.0
TOP_OWN_LEVEL: Final = 5
NO_WORD: Final = ""

H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=np.generic)


Places = NDArray[np.intp] | slice

STYLES: Final = tuple(f"style_{axis}" for axis in range(AXES))
COLUMNS: Final = ("horizon", "era", "pace", "group", "topics", "stages", "years", *STYLES)


@dataclass(frozen=True, slots=True)
class TravelerMatrix:
    """N Travelers of G occupations over S skills, in the order of their occupations.

    A column has few distinct values, `values[name]`, (D,) or (D, k). All tables over them stand one behind the other,
    each from `firsts[name]` on, and `codes` are places in that row of tables, (K, N), in the order of COLUMNS.
    Topics are sets of specializations, and their values only numbers.

    `rows` says which row of the caller's each is, (N,), and `places` where each of the caller's is, (N,). Those of
    the g-th occupation lie from `starts[g]` to `starts[g + 1]`. `occupations` and `soc` are ids and codes, (G,),
    `asked` what occupations ask of skills and `best` the highest level that a Traveler names, 0-7, (S, G), and
    `skills` ids, ascending, (S,). `named` are columns of the skills that a Traveler names, S for none, and `held`
    their levels on O*NET's 0-7, (M, N). `topic_words` are places of words, topic after topic, each beginning at
    `topic_starts` and `topic_sizes` long, and each set of topics begins at `set_starts`. `tongues` are sets of
    languages, `languages` says which a row has, (N,).
    """

    rows: NDArray[np.intp]
    places: NDArray[np.intp]
    values: Mapping[str, Floats]
    firsts: Mapping[str, int]
    codes: NDArray[np.intp]
    starts: NDArray[np.intp]
    occupations: Integers
    soc: Integers
    asked: Floats
    best: Floats
    skills: Integers
    named: NDArray[np.intp]
    held: Floats
    words: Mapping[str, int]
    topic_words: NDArray[np.intp]
    topic_starts: NDArray[np.intp]
    topic_sizes: NDArray[np.intp]
    set_starts: NDArray[np.intp]
    tongues: tuple[frozenset[str], ...]
    languages: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    def look_up(self, name: str, table: NDArray[T], places: Places) -> NDArray[T]:
        """What a table over the values of a column, (D,), says of Travelers, (n,)."""
        return table[self.codes[COLUMNS.index(name), places] - self.firsts[name]]

    def group(self, places: Places) -> NDArray[np.intp]:
        """Which occupation, of G, Travelers have, (n,)."""
        return np.asarray(self.codes[COLUMNS.index("group"), places] - self.firsts["group"])


@dataclass(frozen=True, slots=True)
class TravelerColumns:
    """What a matrix is made of, in the caller's order; shapes as in TravelerMatrix.

    `group` are places in `occupations`, which ascend; `topics` and `languages` are places in `topic_sets` and
    `tongues`.
    """

    group: Integers
    occupations: Integers
    soc: Integers
    asked: Floats
    skills: Integers
    named: NDArray[np.int32]
    levels: NDArray[np.int8]
    era: Floats
    horizon: Floats
    pace: Floats
    years: Floats
    stages: Floats
    style: Floats
    topic_sets: tuple[tuple[tuple[str, ...], ...], ...]
    topics: Integers
    tongues: tuple[frozenset[str], ...]
    languages: Integers


def matrix_of(travelers: Sequence[TravelerFacts]) -> TravelerMatrix:
    """The matrix of Travelers, whose order decides ties."""
    return arranged(_columns(travelers))


def arranged(columns: TravelerColumns) -> TravelerMatrix:
    """The matrix of columns. The order of the caller's rows decides ties."""
    order = np.argsort(columns.group, kind="stable").astype(np.intp)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    group = columns.group[order].astype(np.intp)
    named = np.ascontiguousarray(columns.named[order].T.astype(np.intp))
    held = np.ascontiguousarray(columns.levels[order].T * (TOP_LEVEL / TOP_OWN_LEVEL))
    values, firsts, codes = _coded(columns, order)
    words, topic_words, topic_starts, set_starts = _flat(columns.topic_sets)
    return TravelerMatrix(
        rows=order,
        places=places,
        values=values,
        firsts=firsts,
        codes=codes,
        starts=np.searchsorted(group, np.arange(len(columns.occupations) + 1)),
        occupations=columns.occupations,
        soc=columns.soc,
        asked=columns.asked,
        best=_best(named, held, group, columns.asked.shape),
        skills=columns.skills,
        named=named,
        held=held,
        words={word: place for place, word in enumerate(words)},
        topic_words=topic_words,
        topic_starts=topic_starts,
        topic_sizes=np.diff(topic_starts, append=len(topic_words)),
        set_starts=set_starts,
        tongues=columns.tongues,
        languages=columns.languages[order].astype(np.intp),
    )


def _coded(columns: TravelerColumns, order: NDArray[np.intp]) -> tuple[dict[str, Floats], dict[str, int], Any]:
    """Distinct values of every column, where their tables begin, and codes."""
    values: dict[str, Floats] = {}
    firsts: dict[str, int] = {}
    codes = np.empty((len(COLUMNS), len(order)), dtype=np.intp)
    first = 0
    for row, name in enumerate(COLUMNS):
        if name in ("group", "topics"):
            size = len(columns.occupations if name == "group" else columns.topic_sets)
            values[name], found = np.arange(size, dtype=np.float64), getattr(columns, name)
        else:
            column = columns.style[:, STYLES.index(name)] if name in STYLES else getattr(columns, name)
            values[name], found = np.unique(column, axis=0, return_inverse=True)
        firsts[name] = first
        codes[row] = found.reshape(-1)[order] + first
        first += len(values[name])
    return values, firsts, codes


def _best(named: NDArray[np.intp], held: Floats, group: NDArray[np.intp], shape: tuple[int, ...]) -> Floats:
    best = np.zeros((shape[0] + 1, shape[1]))
    np.maximum.at(best, (named, group), held)
    return best[:-1]


def _columns(travelers: Sequence[TravelerFacts]) -> TravelerColumns:
    occupations = {one.occupation: one for one in sorted(travelers, key=lambda one: one.occupation)}
    skills = sorted({skill for one in travelers for skill in (*one.asked, *one.skills)})
    named, levels = _named(travelers, {skill: column for column, skill in enumerate(skills)})
    topic_sets, topics = _distinct([one.topics for one in travelers])
    tongues, languages = _distinct([frozenset(one.languages) for one in travelers])
    asked = np.zeros((len(skills), len(occupations)))
    for place, one in enumerate(occupations.values()):
        asked[np.searchsorted(skills, list(one.asked)), place] = list(one.asked.values())
    return TravelerColumns(
        group=np.searchsorted(list(occupations), [one.occupation for one in travelers]),
        occupations=np.array(list(occupations), dtype=np.int64),
        soc=np.array([one.soc for one in occupations.values()], dtype=np.int64),
        asked=asked,
        skills=np.array(skills, dtype=np.int64),
        named=named,
        levels=levels,
        era=np.array([one.era for one in travelers], dtype=np.float64),
        **{name: _pairs(travelers, name) for name in ("horizon", "pace", "years", "stages")},
        style=np.array([one.style for one in travelers], dtype=np.float64).reshape(len(travelers), AXES),
        topic_sets=tuple(topic_sets),
        topics=topics,
        tongues=tuple(tongues),
        languages=languages,
    )


def _pairs(travelers: Sequence[TravelerFacts], name: str) -> Floats:
    return np.array([getattr(one, name) for one in travelers], dtype=np.float64).reshape(len(travelers), 2)


def _named(travelers: Sequence[TravelerFacts], columns: dict[int, int]) -> tuple[Any, Any]:
    """Columns and levels of the skills that each names, in the order of ids; short rows end with none."""
    most = max((len(one.skills) for one in travelers), default=0)
    named = np.full((len(travelers), most), len(columns), dtype=np.int32)
    levels = np.zeros((len(travelers), most), dtype=np.int8)
    for row, one in enumerate(travelers):
        for slot, skill in enumerate(sorted(one.skills)):
            named[row, slot], levels[row, slot] = columns[skill], one.skills[skill]
    return named, levels


def _distinct(values: Sequence[H]) -> tuple[list[H], Integers]:
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), np.array([places[value] for value in values], dtype=np.int64)


def _flat(sets: Sequence[Sequence[Sequence[str]]]) -> tuple[tuple[str, ...], Any, Any, Any]:
    """Words, and where topics and sets of topics begin; an empty one holds NO_WORD, which nobody asks for."""
    topics = [[topic or (NO_WORD,) for topic in one or ((NO_WORD,),)] for one in sets]
    flat = [topic for one in topics for topic in one]
    words = tuple(sorted({word for topic in flat for word in topic}))
    at = {word: place for place, word in enumerate(words)}
    return (
        words,
        np.array([at[word] for topic in flat for word in topic], dtype=np.intp),
        _starts([len(topic) for topic in flat]),
        _starts([len(one) for one in topics]),
    )


def _starts(lengths: Sequence[int]) -> NDArray[np.intp]:
    return np.cumsum([0, *lengths[:-1]], dtype=np.intp) if lengths else np.zeros(0, dtype=np.intp)
