"""Loading taxonomy, Travelers and missions: idempotent, whole or not at all, and clear about what is wrong."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from accounts.models import Field, MinorGroup, Occupation, OccupationSkill, RelatedOccupation, Skill
from accounts.services import load_taxonomy
from mentors.models import Traveler
from mentors.services.loading import load_travelers
from missions.models import MissionTemplate
from missions.services.loading import load_missions
from tests.threads import at_once
from timetravelers.kit.content import ContentError
from timetravelers.kit.upserts import Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content to change at will."""
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


def change(folder: Path, file: str, edit: Callable[[Any], object]) -> None:
    """Edit a content file as data."""
    data = yaml.safe_load((folder / file).read_text())
    edit(data)
    (folder / file).write_text(yaml.safe_dump(data, allow_unicode=True))


FIELDS, SKILLS, COMPUTING = "taxonomy/fields.yaml", "taxonomy/skills.yaml", "taxonomy/occupations/15.yaml"
TRAVELER, MISSION = "travelers/maren-okafor.yaml", "missions/ask-for-a-twenty-minute-conversation.yaml"
MISSION_SLUG = "ask-for-a-twenty-minute-conversation"


def test_the_starting_content_is_all_there(content: None) -> None:
    assert Field.objects.count() == 22
    assert MinorGroup.objects.count() == 95
    assert Occupation.objects.get(code="15-1252.00").minor_group.code == "15-1200"
    assert Occupation.objects.filter(figures_estimated=True).count() >= 1
    assert Occupation.objects.count() >= 90
    assert Skill.objects.count() >= 140
    assert not Occupation.objects.filter(skill_links=None).exists()
    assert RelatedOccupation.objects.exists()
    assert Traveler.objects.count() >= 24
    assert not Traveler.objects.filter(skill_links=None).exists()
    assert MissionTemplate.objects.filter(is_current=True).count() >= 16
    assert Traveler.objects.values("occupation__field").distinct().count() >= 12


def test_a_second_run_changes_nothing_and_says_so(
    searchable: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for load, most in ((load_taxonomy, 26), (load_travelers, 7), (load_missions, 5)):
        with django_assert_max_num_queries(most):
            tally = load(folder=settings.CONTENT_DIR)
        assert (tally.created, tally.changed, tally.removed) == (0, 0, 0)
        assert str(tally).startswith("nothing changed")


def test_the_command_says_a_line_each() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_content", stdout=first)
    call_command("load_content", stdout=second)
    assert [line.split(":")[0] for line in first.getvalue().splitlines()] == ["taxonomy", "Travelers", "missions"]
    assert all("created" in line for line in first.getvalue().splitlines())
    assert all("nothing changed" in line for line in second.getvalue().splitlines())


def test_the_command_fails_with_file_and_place(folder: Path) -> None:
    change(folder, FIELDS, lambda data: data["fields"][3].update(code="wrong"))
    with pytest.raises(CommandError, match=r"taxonomy/fields\.yaml: at /fields/3/code: "):
        call_command("load_content", folder=folder, stdout=StringIO())


def test_one_changed_word_changes_one_row(searchable: None, folder: Path) -> None:
    change(folder, FIELDS, lambda data: data["fields"][0].update(name="Steering"))
    tally = load_taxonomy(folder=folder)
    assert (tally.created, tally.changed, tally.removed) == (0, 1, 0)
    assert Field.objects.order_by("code")[0].name == "Steering"


def test_links_become_what_the_file_says(searchable: None, folder: Path) -> None:
    def edit(data: Any) -> None:
        entry = data["occupations"][0]
        entry["skills"][0]["importance"] = 1.5
        del entry["skills"][1]
        del entry["related"][-1]

    change(folder, COMPUTING, edit)
    tally = load_taxonomy(folder=folder)
    assert (tally.created, tally.changed, tally.removed) == (0, 1, 2)
    assert load_taxonomy(folder=folder).changed == 0


def test_rows_keep_their_identity_and_what_is_not_mentioned_stays(content: None, folder: Path) -> None:
    before = dict(Skill.objects.values_list("key", "id"))
    Skill.objects.create(key="falconry", name="Falconry", kind="skill")
    change(folder, SKILLS, lambda data: data["skills"][0].update(name="Reading"))
    load_taxonomy(folder=folder)
    after = dict(Skill.objects.values_list("key", "id"))
    assert after.pop("falconry")
    assert after == before


@pytest.mark.parametrize(
    ("file", "edit", "place"),
    [
        (FIELDS, lambda data: data["fields"].pop(), "/fields"),
        (FIELDS, lambda data: data["fields"][1].update(code="11-0000"), "/fields/1/code"),
        (FIELDS, lambda data: data["fields"][1].update(colour="red"), "/fields/1"),
        (FIELDS, lambda data: data["fields"][1]["groups"][0].update(code="11-1000"), "/fields/1/groups/0/code"),
        (FIELDS, lambda data: data["fields"][1]["groups"][0].update(code="15-1000"), "/fields/1/groups/0/code"),
        (COMPUTING, lambda data: data["occupations"][0].update(code="15-9011.00"), "/occupations/0/code"),
        (COMPUTING, lambda data: data["occupations"][0].update(field="11-0000"), "/occupations/0/field"),
        (SKILLS, lambda data: data["skills"][5].update(key="reading-comprehension"), "/skills/5/key"),
        (COMPUTING, lambda data: data["occupations"][0].update(field="55-0000"), "/occupations/0/field"),
        (
            COMPUTING,
            lambda data: data["occupations"][1].update(code=data["occupations"][0]["code"]),
            "/occupations/1/code",
        ),
        (
            COMPUTING,
            lambda data: data["occupations"][0]["skills"][2].update(skill="x"),
            "/occupations/0/skills/2/skill",
        ),
        (
            COMPUTING,
            lambda data: data["occupations"][0]["skills"][2].update(importance=9),
            "/occupations/0/skills/2/importance",
        ),
        (
            COMPUTING,
            lambda data: data["occupations"][0]["related"][0].update(code="99-9999.00"),
            "/occupations/0/related/0/code",
        ),
        (
            COMPUTING,
            lambda data: data["occupations"][0]["related"][0].update(code=data["occupations"][0]["code"]),
            "/occupations/0/related/0/code",
        ),
    ],
)
def test_bad_taxonomy_is_named_and_nothing_is_written(
    folder: Path, file: str, edit: Callable[[Any], object], place: str
) -> None:
    change(folder, file, edit)
    with pytest.raises(ContentError) as error:
        load_taxonomy(folder=folder)
    assert error.value.detail.startswith(f"{file}: at {place}: ")
    assert not Field.objects.exists()
    assert not OccupationSkill.objects.exists()


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        (FIELDS, "fields: [", "line 2"),
        (FIELDS, "fields: []\nfields: []", "line 1"),
        (FIELDS, "!!python/object/apply:os.system ['true']", "line 1"),
        (FIELDS, "", "/"),
        (FIELDS, "- 1", "/"),
        (SKILLS, "a: \x07", "/"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(folder: Path, file: str, text: str, place: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(ContentError) as error:
        load_taxonomy(folder=folder)
    assert error.value.detail.startswith(f"{file}: at {place}")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / SKILLS).unlink()
    with pytest.raises(ContentError, match=r"taxonomy/skills\.yaml: at /: it cannot be read"):
        load_taxonomy(folder=folder)


def test_a_changed_traveler_gets_a_new_version_and_the_others_none(content: None, folder: Path) -> None:
    change(folder, TRAVELER, lambda data: data.update(name="Maren O.", skills=data["skills"][1:]))
    before = Traveler.objects.get(slug="maren-okafor")
    assert load_travelers(folder=folder).changed == 1
    after = Traveler.objects.get(slug="maren-okafor")
    assert (after.pk, after.uid, after.version, after.name) == (before.pk, before.uid, 2, "Maren O.")
    assert after.updated_at > before.updated_at
    assert after.skill_links.count() == before.skill_links.count() == 6
    assert Traveler.objects.exclude(version=1).count() == 1
    assert load_travelers(folder=folder) == Tally(unchanged=Traveler.objects.count())


def test_how_a_file_is_laid_out_is_no_change(content: None, folder: Path) -> None:
    change(folder, TRAVELER, dict)
    assert load_travelers(folder=folder).changed == 0


def test_what_staff_decided_about_publishing_survives_a_change(content: None, folder: Path) -> None:
    Traveler.objects.filter(slug="maren-okafor").update(state="retired")
    change(folder, TRAVELER, lambda data: data.update(capacity=7))
    load_travelers(folder=folder)
    after = Traveler.objects.get(slug="maren-okafor")
    assert (after.capacity, after.state) == (7, "retired")


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda data: data.update(occupation="99-9999.00"), "/occupation"),
        (lambda data: data.update(slug="somebody-else"), "/slug"),
        (lambda data: data["skills"][0].update(skill="alchemy"), "/skills/0/skill"),
        (lambda data: data["skills"][0].update(skill=data["skills"][1]["skill"], level=1), "/skills/1/skill"),
        (lambda data: data["horizon_months"].update(min=100, max=3), "/horizon_months"),
        (lambda data: data["teaching_style"].update(visual_verbal=2), "/teaching_style/visual_verbal"),
        (lambda data: data.pop("boundaries"), "/"),
    ],
)
def test_a_bad_traveler_is_named_and_nothing_is_written(
    content: None, folder: Path, edit: Callable[[Any], object], place: str
) -> None:
    change(folder, TRAVELER, edit)
    change(folder, "travelers/viktor-szalai.yaml", lambda data: data.update(capacity=7))
    with pytest.raises(ContentError) as error:
        load_travelers(folder=folder)
    assert error.value.detail.startswith(f"{TRAVELER}: at {place}: ")
    assert not Traveler.objects.exclude(version=1).exists()


def test_a_changed_mission_is_a_new_version_beside_the_old_one(content: None, folder: Path) -> None:
    change(folder, MISSION, lambda data: data.update(reward_points=60))
    assert load_missions(folder=folder).changed == 1
    old, new = MissionTemplate.objects.filter(slug=MISSION_SLUG).order_by("version")
    assert [(row.version, row.is_current, row.reward_points) for row in (old, new)] == [(1, False, 50), (2, True, 60)]
    assert set(old.skills.all()) == set(new.skills.all())
    assert load_missions(folder=folder).changed == 0


def test_an_author_may_raise_the_number(content: None, folder: Path) -> None:
    change(folder, MISSION, lambda data: data.update(version=7, minutes=30))
    load_missions(folder=folder)
    assert MissionTemplate.objects.get(slug=MISSION_SLUG, is_current=True).version == 7


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda data: data.update(fields=["15-0000", "55-0000"]), "/fields/1"),
        (lambda data: data.update(skills=["alchemy"]), "/skills/0"),
        (lambda data: data.update(slug="another"), "/slug"),
        (lambda data: data.update(reward_points=5000), "/reward_points"),
    ],
)
def test_a_bad_mission_is_named_and_nothing_is_written(
    content: None, folder: Path, edit: Callable[[Any], object], place: str
) -> None:
    change(folder, MISSION, edit)
    with pytest.raises(ContentError) as error:
        load_missions(folder=folder)
    assert error.value.detail.startswith(f"{MISSION}: at {place}: ")
    assert not MissionTemplate.objects.filter(is_current=False).exists()


@pytest.mark.django_db(transaction=True)
def test_two_loaders_at_once_load_it_once() -> None:
    tallies = at_once(2, lambda _: load_taxonomy(folder=settings.CONTENT_DIR))
    assert sorted(tally.created == 0 for tally in tallies if isinstance(tally, Tally)) == [False, True]
