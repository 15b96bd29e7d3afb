"""An index that grew is the index that was made at once."""

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consciousness.recall.groups import AFTER, FURTHER
from consciousness.recall.index import Entry, Index
from consciousness.recall.lexicon import Lexicon
from consciousness.recall.vectors import COMPARED, DIMENSIONS, Vectors, coded
from consciousness.recall.words import terms_of

TEXTS = ("exam exam spring", "a job in Leeds", "", "Leeds exam", "nan and bingo", "spring in Leeds")


def entry(key: int, text: str, group: int = 1, *, code: bool = True) -> Entry:
    point = np.random.default_rng(key).standard_normal(DIMENSIONS).astype(np.float32)
    return Entry(key, group, 60.0 * key, terms_of(text), coded(point) if code else None)


ENTRIES = [entry(key, text, key // 3, code=key != 4) for key, text in enumerate(TEXTS)]
WORDS = terms_of("exam Leeds")


def standing(index: Index) -> dict[int, float]:
    scores = index.by_words(WORDS)
    return {int(index.keys[place]): round(float(scores[place]), 5) for place in np.flatnonzero(index.standing)}


@given(st.lists(st.integers(1, 3), min_size=6, max_size=6), st.integers(1, 6))
def test_an_index_that_grew_is_one_that_was_made_at_once(sizes: list[int], number: int) -> None:
    ends = [0, *accumulate(sizes)]
    index = Index()
    for first, last in pairwise(ends):
        index = index.changed(ENTRIES[first:last])
    point = np.random.default_rng(number).standard_normal(DIMENSIONS).astype(np.float32)
    assert len(index) == len(ENTRIES)
    assert standing(index) == standing(Index.of(ENTRIES))
    assert index.known.tolist() == Index.of(ENTRIES).known.tolist()
    assert index.by_meaning(point) == pytest.approx(Index.of(ENTRIES).by_meaning(point), abs=1e-5)


def test_what_is_given_anew_takes_the_place_of_what_was() -> None:
    grown = Index.of(ENTRIES * 3).changed([entry(1, "nothing of that")])
    assert standing(grown)[1] == 0.0
    assert sorted(standing(grown)) == [0, 1, 2, 3, 4, 5]
    assert np.count_nonzero(grown.keys[grown.standing] == 1) == 1


def test_a_part_is_read_anew_only_with_what_is_not_much_smaller() -> None:
    index = Index.of([entry(key, "exam") for key in range(100)]).changed([entry(100, "job")])
    assert [len(part) for part in index.parts] == [100, 1]
    assert [len(part) for part in index.changed([entry(key, "job") for key in range(101, 130)]).parts] == [130]


def test_nothing_is_found_in_nothing() -> None:
    index = Index()
    assert len(index.by_words(WORDS)) == len(index.by_meaning(np.zeros(DIMENSIONS, np.float32))) == 0
    assert len(index.groups.best(index.by_words(WORDS))) == 0


@given(st.lists(st.text(alphabet="abc ", max_size=12), max_size=12))
def test_a_lexicon_gives_back_what_it_was_made_of(texts: list[str]) -> None:
    passages = [terms_of(text) for text in texts]
    lexicon = Lexicon.of(passages)
    assert [each.tolist() for each in lexicon.each()] == [each.tolist() for each in passages]
    terms = np.unique(np.concatenate([terms_of("zebra"), *passages]))
    held = [sum(term in each for each in passages) for term in terms.tolist()]
    assert lexicon.holders(terms).tolist() == held


@given(st.permutations(list(TEXTS)))
def test_neighbours_are_those_of_the_same_conversation_only(texts: list[str]) -> None:
    entries = [entry(key, text, key % 2) for key, text in enumerate(texts)]
    index = Index.of(entries)
    scores = np.arange(1, 7, dtype=np.float32)
    with_neighbours = index.groups.with_neighbours(scores, 0.5)
    shares = {-2: 0.5, 2: 0.5 * AFTER, -4: 0.5 * FURTHER, 4: 0.5 * FURTHER}
    for key in range(6):
        beside = sum(share * scores[key + off] for off, share in shares.items() if 0 <= key + off < 6)
        assert with_neighbours[key] == pytest.approx(scores[key] + beside)
    assert index.groups.best(scores).tolist() == [5, 6] * 3


def test_a_word_reaches_those_beside_it_and_its_conversation_once_each() -> None:
    """Of five turns, two of the five words apart, each turn has the most of what reaches it."""
    index = Index.of([entry(key, "choir", group=1) for key in range(5)] + [entry(5, "choir", group=2)])
    reached = index.groups.reaching(np.array([0, 1]), np.array([1.0, 2.0], np.float32), 0.5, 0.1)
    assert reached[index.groups.ranks] == pytest.approx([1.0, 2.0, 1.0, 0.2, 0.2, 0.0])


# Points -------------------------------------------------------------------------------------------------


def cloud(number: int) -> Vectors:
    points = np.random.default_rng(1).standard_normal((number, DIMENSIONS)).astype(np.float32)
    return Vectors.of(coded(points))


def test_the_nearest_of_very_many_are_found_by_their_signs() -> None:
    vectors = cloud(6 * COMPARED)
    for seed in range(5):
        target = vectors.codes[seed * 1_000].astype(np.float32)
        point = target + np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32) * 60
        point /= np.linalg.norm(point)
        exact = vectors._exact(point, np.arange(len(vectors)))
        found = vectors.cosines(point)
        best = np.argsort(-exact, kind="stable")[:10]
        assert len(set(best) & set(np.argsort(-found, kind="stable")[:10])) >= 9
        assert found[seed * 1_000] == pytest.approx(exact[seed * 1_000], abs=1e-5)


def test_codes_keep_what_points_mean() -> None:
    points = np.random.default_rng(3).standard_normal((50, DIMENSIONS)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    found = Vectors.of(coded(points)).cosines(points[0])
    assert found == pytest.approx(points @ points[0], abs=0.01)


def test_what_is_no_number_is_no_point() -> None:
    points = np.full((2, DIMENSIONS), np.nan, np.float32)
    vectors = Vectors.of(coded(points))
    assert not vectors.known.any()
    assert vectors.cosines(np.ones(DIMENSIONS, np.float32)).tolist() == [0.0, 0.0]
