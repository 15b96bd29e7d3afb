"""`import_onet` over a taxonomy that is there: what is merged, kept, retired, and that it comes to rest."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import (
    Occupation,
    OccupationInterest,
    OccupationSkill,
    OccupationTask,
    OccupationTechnology,
    OccupationWorkStyle,
    RelatedOccupation,
    Skill,
    User,
    WorkStyle,
)
from accounts.selectors import occupations
from accounts.services import load_taxonomy
from accounts.services.onet import Diff, Report, import_onet
from tests.actors import Api
from tests.factories.accounts import make_field, make_group, make_occupation, make_skill
from tests.factories.onet import (
    INFANTRY,
    NURSES,
    SCIENTISTS,
    STATISTICIANS,
    Edit,
    Files,
    unchanged,
    without,
    write_release,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter() -> None:
    """A small taxonomy of our own: two fields, an occupation, and skills that O*NET knows by other names."""
    make_group("15-2000", field=make_field("15-0000", "Computer and Mathematical"))
    make_group("29-1000", field=make_field("29-0000", "Healthcare Practitioners"))
    make_skill("listening", name="Listening", kind="skill", onet_id="2.A.1.b", description="Our own words.")
    make_skill("r-language", name="R Language", aliases=["r"])
    make_skill("storytelling", kind="skill")
    ours = make_occupation(SCIENTISTS, "Data People", job_zone=2, alternate_titles=["Data Wrangler", "Data Analyst"])
    for key in ("storytelling", "listening"):
        OccupationSkill.objects.create(occupation=ours, skill=make_skill(key), importance=1.5)


def imported(folder: Path, edit: Edit = unchanged) -> Report:
    """What importing the small release says, after `edit`."""
    return import_onet(folder=write_release(folder / "onet", edit), progress=unchanged)


def test_occupations_are_merged_by_code(starter: None, tmp_path: Path) -> None:
    before = Occupation.objects.get(code=SCIENTISTS).pk
    report = imported(tmp_path)
    after = Occupation.objects.get(code=SCIENTISTS)
    assert (after.pk, after.title, after.job_zone, after.source) == (before, "Data Scientists", 5, "onet")
    assert after.description == "Do what Data Scientists do."
    assert report.tables["occupations"] == Diff(created=3, changed=1)
    infantry = Occupation.objects.get(code=INFANTRY)
    assert (infantry.job_zone, infantry.field.code, infantry.minor_group.code) == (None, "55-0000", "55-3000")
    assert after.minor_group.code == "15-2000"


def test_our_alternate_titles_stay_beside_those_of_the_release(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    assert sorted(Occupation.objects.get(code=SCIENTISTS).alternate_titles) == [
        "Data Analyst",
        "Data Wrangler",
        "ML Engineer",
        "Machine Learning Engineer (ML Engineer)",
    ]
    assert [row.code for row in occupations(search="ml eng")] == [SCIENTISTS]


def test_reported_titles_count_where_a_release_has_them(starter: None, tmp_path: Path) -> None:
    def edit(files: Files) -> None:
        head = ["O*NET-SOC Code", "Title", "Reported Job Title", "Shown in My Next Move"]
        files["Sample of Reported Titles.txt"] = [head, [NURSES, "Registered Nurses", "Charge Nurse", "Y"]]

    assert any("Sample of Reported Titles" in note for note in imported(tmp_path).notes)
    assert imported(tmp_path, edit).tables["alternate titles"].created == 1
    assert "Charge Nurse" in Occupation.objects.get(code=NURSES).alternate_titles


def test_skills_keep_key_and_our_words_and_new_ones_get_keys(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    listening = Skill.objects.get(onet_id="2.A.1.b")
    assert (listening.key, listening.name, listening.description) == ("listening", "Listening", "Our own words.")
    made = Skill.objects.filter(source="onet").values_list("key", "name", "kind", "description", "hot")
    assert sorted(made) == [
        ("c-plus-plus", "C++", "technology", "Object oriented software", True),
        ("mathematics", "Mathematics", "knowledge", "Numbers and what they do.", False),
        ("meditech-software", "MEDITECH software", "technology", "Medical software", False),
        ("programming", "Programming", "skill", "", False),
        ("python", "Python", "technology", "Object oriented software", True),
    ]


def test_a_technology_is_known_by_another_name_of_ours(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    ours = Skill.objects.get(key="r-language")
    assert (ours.name, ours.source, ours.hot) == ("R Language", "starter", True)
    links = OccupationTechnology.objects.filter(skill=ours).values_list("occupation__code", "in_demand")
    assert set(links) == {(STATISTICIANS, True), (SCIENTISTS, False)}


def test_keys_that_are_taken_are_not_taken_again(starter: None, tmp_path: Path) -> None:
    make_skill("python", name="Keeping Snakes", kind="skill")
    make_skill("mathematics", name="Doing Sums", kind="skill")
    imported(tmp_path)
    names = dict(Skill.objects.filter(key__startswith="python").values_list("name", "key"))
    assert names["Keeping Snakes"] == "python"
    assert names["Python"].startswith("python-")
    assert Skill.objects.get(onet_id="2.C.4.a").key.startswith("mathematics-")


def test_keys_stay_when_o_net_gives_another_name(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    before = dict(Skill.objects.values_list("key", "pk"))

    def rename(files: Files) -> None:
        for row in files["Skills.txt"]:
            row[3] = row[3].replace("Programming", "Writing Code")
        files["Technology Skills.txt"][2][2] = "PYTHON"

    assert imported(tmp_path, rename).tables["skills"] == Diff(changed=2, unchanged=3)
    assert dict(Skill.objects.values_list("key", "pk")) == before
    assert Skill.objects.get(key="programming").name == "Writing Code"


def test_figures_are_those_of_the_release_and_our_estimates_stay(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    links = OccupationSkill.objects.filter(occupation__code=SCIENTISTS).order_by("skill__key")
    assert list(links.values_list("skill__key", "importance", "level")) == [
        ("listening", 2.5, 2.51),
        ("mathematics", 2.5, 2.51),
        ("programming", 2.6, 2.61),
        ("storytelling", 1.5, None),
    ]
    assert not OccupationSkill.objects.filter(occupation__code=INFANTRY).exists()


def test_ratings_replace_estimates_and_unrated_occupations_keep_theirs(starter: None, tmp_path: Path) -> None:
    Occupation.objects.filter(code=SCIENTISTS).update(figures_estimated=True)
    ours = make_occupation(INFANTRY, "Infantry", figures_estimated=True)
    OccupationSkill.objects.create(occupation=ours, skill=make_skill("listening"), importance=3, level=2)
    report = imported(tmp_path)
    assert set(Occupation.objects.filter(figures_estimated=True)) == {ours}
    assert OccupationSkill.objects.get(occupation=ours).level == 2
    assert report.tables["skills of occupations"].changed == 2  # the estimated figure, and the mark
    assert imported(tmp_path).is_empty


def test_neighbours_tasks_interests_and_styles(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    near = RelatedOccupation.objects.filter(occupation__code=SCIENTISTS).order_by("rank")
    assert list(near.values_list("rank", "related__code", "tier")) == [
        (1, STATISTICIANS, "primary-short"),
        (2, NURSES, "supplemental"),
    ]
    tasks = OccupationTask.objects.values_list("onet_id", "occupation__code", "kind")
    assert list(tasks) == [(101, STATISTICIANS, "core"), (102, SCIENTISTS, "supplemental"), (103, NURSES, "")]
    interests = OccupationInterest.objects.filter(occupation__code=NURSES)
    assert dict(interests.exclude(high_point=None).values_list("area", "high_point")) == {
        "investigative": 1,
        "realistic": 2,
    }
    assert dict(interests.values_list("area", "score"))["conventional"] == 4.0
    assert WorkStyle.objects.get().description == "Be careful."
    assert OccupationWorkStyle.objects.count() == 3


def test_again_it_changes_nothing(starter: None, tmp_path: Path) -> None:
    assert not imported(tmp_path).is_empty
    again = imported(tmp_path)
    assert again.is_empty
    assert all(diff.unchanged for diff in again.tables.values())
    assert str(again).endswith("Nothing changed.")


def test_changes_are_counted_by_table(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)

    def edit(files: Files) -> None:
        files["Skills.txt"][1][6] = "4.99"
        files["Interests.txt"][7][6], files["Interests.txt"][8][6] = "1", "2"
        files["Task Statements.txt"].insert(2, [STATISTICIANS, "Statisticians", "999", "Add.", "Core", "05/2025"])
        del files["Alternate Titles.txt"][1]

    report = imported(tmp_path, edit)
    assert {table: diff for table, diff in report.tables.items() if not diff.is_empty} == {
        "alternate titles": Diff(removed=1, unchanged=5),
        "search terms": Diff(removed=2, unchanged=43),
        "tasks": Diff(created=1, unchanged=3),
        "interests": Diff(changed=2, unchanged=16),
        "skills of occupations": Diff(changed=1, unchanged=8),
        "release": Diff(changed=1),
    }


def test_what_the_release_no_longer_has_is_retired_and_comes_back(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    ids = dict(Occupation.objects.values_list("code", "pk"))
    report = imported(tmp_path, lambda files: without(files, STATISTICIANS))
    gone = Occupation.objects.get(code=STATISTICIANS)
    assert (gone.retired_at is not None, report.tables["occupations"].retired) == (True, 1)
    assert OccupationTask.objects.filter(occupation=gone).count() == 1
    assert STATISTICIANS not in Occupation.objects.live().values_list("code", flat=True)
    assert imported(tmp_path, lambda files: without(files, STATISTICIANS)).is_empty
    assert imported(tmp_path).tables["occupations"] == Diff(changed=1, unchanged=3)
    assert dict(Occupation.objects.values_list("code", "pk")) == ids
    assert not Occupation.objects.exclude(retired_at=None).exists()


def test_a_skill_is_retired_and_comes_back_under_its_key(starter: None, tmp_path: Path) -> None:
    imported(tmp_path)
    report = imported(tmp_path, lambda files: files["Technology Skills.txt"].pop(3))
    gone = Skill.objects.get(key="c-plus-plus")
    assert (gone.retired_at is not None, gone.hot, report.tables["skills"].retired) == (True, False, 1)
    assert not OccupationTechnology.objects.filter(skill=gone).exists()
    imported(tmp_path)
    back = Skill.objects.get(name="C++")
    assert (back.pk, back.key, back.retired_at) == (gone.pk, "c-plus-plus", None)


def test_only_what_came_from_o_net_is_retired(starter: None, tmp_path: Path) -> None:
    make_occupation("15-9999.00", "Dream Readers")
    imported(tmp_path)
    assert not Occupation.objects.exclude(retired_at=None).exists()
    assert not Skill.objects.exclude(retired_at=None).exists()


def test_retired_things_are_not_found_but_can_be_looked_at(
    starter: None, tmp_path: Path, api: Api, alice: User
) -> None:
    imported(tmp_path)
    imported(tmp_path, lambda files: without(files, STATISTICIANS))
    phone = api(alice)
    assert phone.get("/taxonomy/occupations/", {"search": "statist"}).json()["results"] == []
    assert phone.get(f"/taxonomy/occupations/{STATISTICIANS}/").json()["title"] == "Statisticians"
    assert phone.get(f"/taxonomy/occupations/{INFANTRY}/").json()["job_zone"] is None


def test_loading_the_starter_again_leaves_the_release_alone(content: None, tmp_path: Path) -> None:
    imported(tmp_path)
    before = _everything()
    tally = load_taxonomy(folder=settings.CONTENT_DIR)
    assert (tally.created, tally.changed, tally.removed) == (0, 0, 0)
    assert _everything() == before
    assert imported(tmp_path).is_empty


def _everything() -> list[Any]:
    tables = (Occupation, Skill, OccupationSkill, RelatedOccupation)
    return [sorted(table.objects.values_list(), key=str) for table in tables]


def test_the_command_shows_progress_and_the_diff(starter: None, tmp_path: Path) -> None:
    said = StringIO()
    call_command("import_onet", str(write_release(tmp_path / "onet")), stdout=said)
    assert "occupations ..." in said.getvalue()
    assert "created" in said.getvalue()
