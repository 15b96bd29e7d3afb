"""The starter taxonomy against the O*NET release it draws on: same facts, other words."""

from typing import Any

import pytest

from accounts.classification import group_code
from accounts.services.onet.occupations import MILITARY_GROUPS
from tests.content import library

needs_onet = pytest.mark.skipif(
    not (library.ONET / "Occupation Data.txt").is_file(),
    reason="the O*NET text release is not beside the repository (../shared/data/onet): nothing to compare",
)


def copied(texts: list[str], originals: list[str], length: int = 8) -> list[str]:
    """Runs of `length` words that a text shares with an original."""
    theirs = {run for original in originals for run in library.runs(original, length)}
    return sorted(" ".join(run) for text in texts for run in library.runs(text, length) & theirs)


def own_prose() -> list[str]:
    parts: list[Any] = [library.fields(), library.job_zones(), library.travelers(), library.missions()]
    described = [entry["description"] for entry in library.occupations()]
    described += [skill["description"] for skill in library.skills() if "description" in skill]
    return described + [sentence for part in parts for sentence in library.sentences(part)]


@needs_onet
def test_no_sentence_is_a_near_copy_of_an_occupation_description() -> None:
    originals = [row["Description"] for row in library.onet_rows("Occupation Data")]
    assert len(originals) > 1000
    assert copied(own_prose(), originals) == []


@needs_onet
def test_no_skill_is_described_in_the_words_of_the_content_model() -> None:
    originals = [row["Description"] for row in library.onet_rows("Content Model Reference")]
    described = [skill["description"] for skill in library.skills() if "description" in skill]
    assert copied(described, originals, length=5) == []


def test_a_copied_run_of_eight_words_is_found_whatever_its_case_and_commas() -> None:
    original = "Plan, direct, or coordinate the actual distribution of a product."
    assert copied(["They PLAN direct or coordinate the actual distribution, of it."], [original]) == [
        "plan direct or coordinate the actual distribution of"
    ]
    assert copied(["They direct or coordinate the actual distribution of it."], [original]) == []


@needs_onet
def test_no_job_zone_is_explained_in_the_words_of_its_reference() -> None:
    columns = ("Name", "Experience", "Education", "Job Training")
    originals = [row[column] for row in library.onet_rows("Job Zone Reference") for column in columns]
    assert copied(list(library.sentences(library.job_zones())), originals, length=5) == []


@needs_onet
def test_every_code_of_the_release_is_in_exactly_one_minor_group() -> None:
    """Also by the classification's own rule: the group's code is the occupation's with its last digits gone."""
    known = {group["code"] for group in library.minor_groups()} | set(MILITARY_GROUPS)
    assert len(known) == 98
    used = set()
    for row in library.onet_rows("Occupation Data"):
        code = row["O*NET-SOC Code"]
        holding = {group for group in known if code.startswith(group[:4] if group.endswith("000") else group[:5])}
        assert holding == {group_code(code, known)}, code
        used |= holding
    assert known == used


@needs_onet
def test_codes_titles_and_job_zones_are_the_published_ones() -> None:
    titles = {row["O*NET-SOC Code"]: row["Title"] for row in library.onet_rows("Occupation Data")}
    zones = {row["O*NET-SOC Code"]: int(row["Job Zone"]) for row in library.onet_rows("Job Zones")}
    for occupation in library.occupations():
        code = occupation["code"]
        assert (occupation["title"], occupation["job_zone"]) == (titles[code], zones[code])


@needs_onet
def test_element_ids_exist_with_their_kind() -> None:
    names = {row["Element ID"]: row["Element Name"] for row in library.onet_rows("Content Model Reference")}
    for skill in library.skills():
        if "onet_id" in skill:
            assert skill["onet_id"] in names
            assert skill["onet_id"].startswith("2.C") == (skill["kind"] == "knowledge")


@needs_onet
def test_levelled_figures_are_the_published_ones() -> None:
    ids = {skill["key"]: skill["onet_id"] for skill in library.skills() if "onet_id" in skill}
    published = {
        (row["O*NET-SOC Code"], row["Element ID"], row["Scale ID"]): float(row["Data Value"])
        for name in ("Skills", "Knowledge")
        for row in library.onet_rows(name)
    }
    for occupation in library.occupations():
        if "figures" in occupation:
            assert (occupation["code"], "2.A.1.a", "IM") not in published
            continue
        for entry in occupation["skills"]:
            if "level" in entry:
                key = (occupation["code"], ids[entry["skill"]])
                assert (entry["importance"], entry["level"]) == (published[*key, "IM"], published[*key, "LV"])
