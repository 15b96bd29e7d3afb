"""The benches of TELL: what they measure is what they say."""

from pathlib import Path

import numpy as np
import pytest

from bench.benches import tell, tell_quality
from bench.benches.tell import World, best_explained
from bench.benches.tell_quality import exam, ndcg
from bench.crowd import aims, crowd_of, person_of
from matching.matrix import matrix_of
from matching.scoring import score_rows
from matching.weights import DEFAULT, parse_weights

OTHER = parse_weights({"letters": {"time": 30, "expertise": 40, "learning_style": 5, "longitude": 25}})

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def dice() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_crowd_is_as_large_as_asked_and_its_facts_are_those_of_its_rows() -> None:
    crowd = crowd_of(60, aims(), dice())
    person, _ = person_of(aims(), dice())
    assert len(crowd.matrix) == 60
    among = score_rows(person, crowd.matrix, DEFAULT)
    asked = crowd.columns.asked
    for row in range(0, 60, 7):
        group = int(crowd.columns.group[row])
        facts = crowd.facts(row)
        facts.asked.update(zip(crowd.columns.skills.tolist(), asked[:, group].tolist(), strict=True))  # type: ignore[attr-defined]  # a dict
        assert score_rows(person, matrix_of([facts]), DEFAULT).total[0] == among.total[row]


def test_the_best_are_told_in_sentences() -> None:
    known = aims()
    crowd = crowd_of(300, known, dice())
    sentences = best_explained(crowd, person_of(known, dice()))
    assert len(sentences) == tell.BEST
    assert all(sentence.startswith("Ada scores") for sentence in sentences)


def test_lists_that_are_not_exact_would_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    known = aims()
    world = World({size: crowd_of(400, known, dice()) for size in tell.SIZES}, [person_of(known, dice())])
    assert [figure.value for figure in tell._wrong(world)] == [0]
    monkeypatch.setattr(tell, "score_rows", lambda *asked: score_rows(asked[0], asked[1], OTHER))
    assert [figure.value > 0 for figure in tell._wrong(world)] == [True]


def test_a_ranking_by_the_hidden_list_is_perfect_and_its_reverse_is_not() -> None:
    asked = exam()
    assert ndcg(asked, lambda row: asked.gains[row]) == pytest.approx(1)
    assert ndcg(asked, lambda row: -asked.gains[row]) < 0.05


def test_the_own_list_is_hidden() -> None:
    asked = exam()
    for row in range(0, len(asked.known), 40):
        near = tell_quality.near_without_own_list(asked, row)
        place = asked.taxonomy.places[asked.known[row].occupation]
        shown = asked.taxonomy.near(place)
        assert sum(near.values()) < sum(shown.values())


def test_expertise_beats_titles_on_the_starting_content(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tell_quality, "RELEASE", tmp_path)
    said: list[str] = []
    figures = {figure.name.partition("NDCG@10 ")[2]: figure.value for figure in tell_quality.figures(said.append)}
    assert "no release of O*NET" in said[0]
    assert figures["by Expertise"] > 2 * figures["by cosine of titles"] > 4 * figures["by chance"]
