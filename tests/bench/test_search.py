"""The search bench: what it measures, with and without a release of O*NET beside the repository."""

from pathlib import Path

import pytest

from accounts.models import Occupation
from bench.benches import search
from bench.judgement import read_judged
from tests.factories.onet import write_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "REPEATS", 1)
    monkeypatch.setattr(search, "read_judged", lambda name, known: read_judged(name, known)[::30])


@pytest.mark.usefixtures("_quick")
def test_without_a_release_it_says_so_and_measures_the_starting_content(
    searchable: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(search, "RELEASE", tmp_path)
    said: list[str] = []
    figures = search.figures(said.append)
    assert [line for line in said if "no release of O*NET" in line] == said != []
    assert all(figure.name.startswith("starter ") for figure in figures)
    bounds = {figure.name.split(": ")[0] for figure in figures if figure.at_least}
    assert bounds == {"starter occupations", "starter skills"}
    times = [figure for figure in figures if figure.unit == "ms"]
    assert len(times) == 8
    assert all(figure.value > 0 for figure in times)
    assert {figure.at_most for figure in times if figure.name.endswith("p95")} == {30.0}


@pytest.mark.usefixtures("_quick")
def test_a_release_is_imported_once_and_measured_as_well(
    searchable: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(search, "RELEASE", write_release(tmp_path / "onet"))
    said: list[str] = []
    figures = search.figures(said.append)
    assert said == ["  importing the release of O*NET"]
    assert Occupation.objects.filter(source="onet").count() == 4
    assert {figure.name.split()[0] for figure in figures} == {"starter", "release"}


def test_both_contenders_ask_the_database(searchable: None) -> None:
    with search.BENCH.contenders() as contenders:
        assert set(contenders) == {"ours", "icontains"}
        assert all(contender() > 1 for contender in contenders.values())


def test_the_reference_finds_what_holds_the_text(searchable: None) -> None:
    found = search._plain_occupations("REGISTERED NURSE").values_list("code", flat=True)
    assert "29-1141.00" in found
    assert search._plain_skills("ecmascript").get().key == "javascript"
