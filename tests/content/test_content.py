"""What the content files promise: schemas, references, counts and wording."""

import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from accounts.classification import group_code
from accounts.models import EducationLevel
from tests.content import library

AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")
TIERS = ("primary-short", "primary-long", "supplemental")
ATTRIBUTION = (
    "This product includes information from the O*NET 29.3 Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license."
)
CONTROL = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}
HUMAN_CLAIM = re.compile(
    r"\b(real|actual) (person|human|woman|man)\b|\b(am|I'm) (a )?human\b|\bnot (an )?AI\b", re.IGNORECASE
)
COMPANY = re.compile(
    r"\b(Google|Microsoft|Amazon|Apple|Meta|Facebook|Netflix|Tesla|Uber|Adobe|Oracle|SAP|IBM|Salesforce|"
    r"LinkedIn|Boeing|Siemens|Ford|Toyota|Walmart|Starbucks|McDonald's|Deloitte|McKinsey)\b"
)
FIELD_CODES = {field["code"] for field in library.fields()}
SKILL_KEYS = {skill["key"] for skill in library.skills()}
OCCUPATION_CODES = {occupation["code"] for occupation in library.occupations()}

each_file = pytest.mark.parametrize("path", library.content_files(), ids=library.name_of)
each_occupation = pytest.mark.parametrize("occupation", library.occupations(), ids=lambda each: each["code"])
each_traveler = pytest.mark.parametrize("traveler", library.travelers(), ids=lambda each: each["slug"])
each_mission = pytest.mark.parametrize("mission", library.missions(), ids=lambda each: each["slug"])


def doubled(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


# Every file


@each_file
def test_a_file_validates_against_its_schema(path: Path) -> None:
    problems = [
        f"{error.json_path}: {error.message}"
        for error in library.validator(library.kind_of(path)).iter_errors(library.read(path))
    ]
    assert problems == []


@each_file
def test_a_file_is_clean_text(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    unwanted = {char for char in text if char != "\n" and unicodedata.category(char) in CONTROL}
    assert unwanted == set()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in text.split("\n") if line != line.rstrip() or len(line) > 120] == []


@each_file
def test_its_sentences_are_trimmed_and_only_consents_have_paragraphs(path: Path) -> None:
    unwanted = re.compile(r"^\s|\s$|  " if library.kind_of(path) == "consents" else r"^\s|\s$|  |\n")
    assert [s for s in library.sentences(library.read(path)) if unwanted.search(s)] == []


@each_file
def test_a_file_keeps_the_type_of_its_codes_and_words(path: Path) -> None:
    """An unquoted `no` or `2.10` would arrive as a truth value or a number."""
    found = {type(value) for value in leaves(library.read(path))}
    assert found <= {str, int, float}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def test_the_attribution_stands_in_the_readme() -> None:
    readme = " ".join((library.CONTENT / "README.md").read_text(encoding="utf-8").split())
    assert ATTRIBUTION in readme


# The taxonomy


def test_all_22_civilian_fields_are_there_in_order() -> None:
    codes = [field["code"] for field in library.fields()]
    assert codes == [f"{major}-0000" for major in range(11, 54, 2)]


def test_every_minor_group_is_there_below_its_field() -> None:
    """Of the 98 of the 2018 classification, three are military."""
    for field in library.fields():
        codes = [group["code"] for group in field["groups"]]
        assert codes == sorted(codes)
        assert {code[:2] for code in codes} == {field["code"][:2]}
    groups = library.minor_groups()
    assert len(groups) == 95
    assert doubled([group["code"] for group in groups]) == []
    assert doubled([group["name"].casefold() for group in groups]) == []


@each_occupation
def test_an_occupation_is_in_one_minor_group_of_its_field(occupation: dict[str, Any]) -> None:
    code = group_code(occupation["code"], {group["code"] for group in library.minor_groups()})
    assert code is not None
    assert code[:2] == occupation["field"][:2]


def test_job_zones_lead_on_from_one_another() -> None:
    zones = library.job_zones()
    assert [zone["zone"] for zone in zones] == [1, 2, 3, 4, 5]
    assert [zone["months"]["least"] for zone in zones] == [0, *(zone["months"]["most"] for zone in zones[:-1])]
    assert "most" not in zones[-1]["months"]
    levels = {level for zone in zones for level in zone["usual_levels"]}
    assert levels <= set(EducationLevel.values)


def test_skills_cover_the_content_model_and_more() -> None:
    kinds = Counter((skill["kind"], "onet_id" in skill) for skill in library.skills())
    assert kinds["skill", True] == 35
    assert kinds["knowledge", True] == 33
    assert kinds["technology", False] + kinds["skill", False] >= 440
    assert sum(kinds.values()) >= 510


def test_no_skill_key_name_or_element_is_given_twice() -> None:
    skills = library.skills()
    assert doubled([skill["key"] for skill in skills]) == []
    assert doubled([skill["onet_id"] for skill in skills if "onet_id" in skill]) == []
    words = [word.casefold() for skill in skills for word in (skill["name"], *skill.get("aliases", []))]
    assert doubled(words) == []


def test_there_are_250_occupations_and_five_in_every_field() -> None:
    counts = Counter(occupation["field"] for occupation in library.occupations())
    assert sum(counts.values()) >= 250
    assert set(counts) == FIELD_CODES
    assert min(counts.values()) >= 5


def test_no_occupation_code_or_title_is_given_twice() -> None:
    assert doubled([occupation["code"] for occupation in library.occupations()]) == []
    assert doubled([occupation["title"].casefold() for occupation in library.occupations()]) == []


@pytest.mark.parametrize("path", [path for path, _ in library.documents("occupations")], ids=library.name_of)
def test_an_occupation_file_holds_its_field_in_order(path: Path) -> None:
    occupations = library.read(path)["occupations"]
    codes = [occupation["code"] for occupation in occupations]
    assert codes == sorted(codes)
    assert {code[:2] for code in codes} == {path.stem}
    assert {occupation["field"] for occupation in occupations} == {f"{path.stem}-0000"}


@each_occupation
def test_skills_of_an_occupation_exist_once_and_are_sorted(occupation: dict[str, Any]) -> None:
    keys = [entry["skill"] for entry in occupation["skills"]]
    assert set(keys) <= SKILL_KEYS
    assert doubled(keys) == []
    importances = [entry["importance"] for entry in occupation["skills"]]
    assert importances == sorted(importances, reverse=True)


@each_occupation
def test_figures_of_an_occupation_have_two_decimals(occupation: dict[str, Any]) -> None:
    figures = [figure for entry in occupation["skills"] for key, figure in entry.items() if key != "skill"]
    assert figures == [round(figure, 2) for figure in figures]


@each_occupation
def test_a_level_marks_elements_of_the_content_model(occupation: dict[str, Any]) -> None:
    elements = {skill["key"] for skill in library.skills() if "onet_id" in skill}
    levelled = {entry["skill"] for entry in occupation["skills"] if "level" in entry}
    assert levelled <= elements
    unlevelled = {entry["skill"] for entry in occupation["skills"]} - levelled
    assert "figures" in occupation or not unlevelled & elements


@each_occupation
def test_related_occupations_exist_closest_first(occupation: dict[str, Any]) -> None:
    codes = [entry["code"] for entry in occupation["related"]]
    assert set(codes) <= OCCUPATION_CODES - {occupation["code"]}
    assert doubled(codes) == []
    ranks = [TIERS.index(entry["tier"]) for entry in occupation["related"]]
    assert ranks == sorted(ranks)


# The Travelers


def test_there_are_travelers_in_every_field() -> None:
    assert len(library.travelers()) >= 38
    assert {f"{traveler['occupation'][:2]}-0000" for traveler in library.travelers()} == FIELD_CODES


@pytest.mark.parametrize("kind", ["traveler", "mission"])
def test_a_file_is_named_after_its_slug(kind: str) -> None:
    documents = library.documents(kind)
    assert [document["slug"] for _, document in documents] == [path.stem for path, _ in documents]


@each_traveler
def test_references_of_a_traveler_resolve(traveler: dict[str, Any]) -> None:
    assert traveler["occupation"] in OCCUPATION_CODES
    keys = [entry["skill"] for entry in traveler["skills"]]
    assert set(keys) <= SKILL_KEYS
    assert doubled(keys) == []


@each_traveler
def test_a_story_has_90_to_150_words_in_the_first_person(traveler: dict[str, Any]) -> None:
    words = traveler["story"].split()
    assert 90 <= len(words) <= 150
    assert re.search(r"\bI\b", traveler["story"])


@each_traveler
def test_a_greeting_gives_the_name_and_says_it_is_an_ai(traveler: dict[str, Any]) -> None:
    assert re.search(r"\bAI\b", traveler["greeting"])
    assert traveler["name"].split()[0] in traveler["greeting"]


@each_traveler
def test_a_traveler_never_claims_to_be_human(traveler: dict[str, Any]) -> None:
    assert [s for s in library.sentences(traveler) if HUMAN_CLAIM.search(s)] == []


@each_traveler
def test_a_traveler_names_no_well_known_company(traveler: dict[str, Any]) -> None:
    assert [s for s in library.sentences(traveler) if COMPANY.search(s)] == []


def test_the_words_that_give_a_claim_or_a_company_away_are_found() -> None:
    assert HUMAN_CLAIM.search("Trust me, I'm a human like you.")
    assert HUMAN_CLAIM.search("You are talking to a real person.")
    assert not HUMAN_CLAIM.search("I'm humane, and an AI.")
    assert COMPANY.search("I left Google at thirty.")
    assert not COMPANY.search("We forded the river with apples.")


@each_traveler
def test_ranges_of_a_traveler_run_upward(traveler: dict[str, Any]) -> None:
    for name in ("pace_hours_per_week", "horizon_months", "suits_years_experience"):
        assert traveler[name]["min"] < traveler[name]["max"], name


@each_traveler
def test_the_career_stages_of_a_traveler_follow_from_the_years_it_suits(traveler: dict[str, Any]) -> None:
    years = traveler["suits_years_experience"]
    first = "growth" if years["min"] == 0 else "exploration" if years["min"] < 2 else "establishment"
    last = "establishment" if years["max"] < 10 else "maintenance" if years["max"] < 20 else "disengagement"
    assert traveler["career_stages"] == {"min": first, "max": last}


def test_travelers_are_distinct_persons() -> None:
    travelers = library.travelers()
    for name in ("slug", "name", "story", "voice", "greeting"):
        assert doubled([traveler[name] for traveler in travelers]) == [], name
    assert doubled([traveler["name"].split()[0] for traveler in travelers]) == []
    assert doubled([tuple(traveler["teaching_style"][axis] for axis in AXES) for traveler in travelers]) == []
    for one, other in itertools.combinations(travelers, 2):
        shared = library.runs(one["story"], 6) & library.runs(other["story"], 6)
        assert not shared, (one["slug"], other["slug"])


@pytest.mark.parametrize("axis", AXES)
def test_travelers_stand_on_both_sides_of_every_axis(axis: str) -> None:
    figures = [traveler["teaching_style"][axis] for traveler in library.travelers()]
    assert sum(figure <= -0.3 for figure in figures) >= 5
    assert sum(figure >= 0.3 for figure in figures) >= 5


@pytest.mark.parametrize("years", [0, 2, 5, 10, 15])
def test_somebody_suits_every_stage_of_a_career(years: int) -> None:
    ranges = [traveler["suits_years_experience"] for traveler in library.travelers()]
    assert sum(stage["min"] <= years <= stage["max"] for stage in ranges) >= 5


# Missions and preferences


def test_there_are_missions_of_every_kind_for_every_field() -> None:
    missions = library.missions()
    assert len(missions) >= 16
    kinds = {mission["kind"] for mission in missions}
    assert kinds == {"research", "practice", "reach-out", "build", "reflect"}
    own = Counter(code for mission in missions for code in mission["fields"])
    assert set(own) >= FIELD_CODES
    assert own["any"] >= 8


@each_mission
def test_references_of_a_mission_resolve(mission: dict[str, Any]) -> None:
    assert mission["fields"] == ["any"] or set(mission["fields"]) <= FIELD_CODES
    assert set(mission["skills"]) <= SKILL_KEYS


@each_mission
def test_a_mission_asks_for_evidence_that_takes_effort(mission: dict[str, Any]) -> None:
    """Text evidence always has a length to reach, so that an empty note earns nothing."""
    assert mission["evidence"]["min_words"] >= (40 if "text" in mission["evidence"]["kinds"] else 0)
    assert mission["reward_points"] <= mission["minutes"]


def test_titles_of_missions_are_unique() -> None:
    assert doubled([mission["title"].casefold() for mission in library.missions()]) == []


def test_preferences_word_the_four_axes_in_order() -> None:
    [(_, preferences)] = library.documents("preferences")
    assert tuple(axis["key"] for axis in preferences["axes"]) == AXES
    labels = [axis[pole]["label"] for axis in preferences["axes"] for pole in ("first", "second")]
    assert doubled(labels) == []
