"""The migrations that give Travelers versions and pin sessions to them: nothing is lost, there and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [
    ("accounts", "0002_identity_and_profile"),
    ("mentors", "0001_initial"),
    ("consciousness", "0002_identity_and_profile"),
]
AFTER = [("mentors", "0004_traveler_version_rules"), ("consciousness", "0003_session_version")]
AXES = ("active_reflective", "sensing_intuitive", "visual_verbal", "sequential_global")


def migrate(targets: list[tuple[str, str]]) -> Any:
    """Bring the rooms to a step; the models as they are then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def _newest_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def make_traveler(apps: Any, slug: str, **facts: Any) -> Any:
    field, _ = apps.get_model("accounts", "Field").objects.get_or_create(code="15-0000", name="Computing")
    occupation, _ = apps.get_model("accounts", "Occupation").objects.get_or_create(
        code="15-2051.00", defaults={"title": "Data Scientists", "field": field, "description": "x", "job_zone": 5}
    )
    skill, _ = apps.get_model("accounts", "Skill").objects.get_or_create(
        key="sql", defaults={"name": "SQL", "kind": "technology"}
    )
    ranges = ("pace_hours", "horizon_months", "experience_years")
    defaults = {
        **{f"{name}_{end}": 0 if end == "min" else 12 for name in ranges for end in ("min", "max")},
        **dict.fromkeys(AXES, 0.5),
        "name": slug.title(),
        "era_years": 9,
        "story": "I counted\npallets.",
        "voice": "Warm.",
        "greeting": "Hello, an AI.",
        "boundaries": ["To guess. Your own records.", "Nothing at all"],
        "languages": ["en"],
        "capacity": 3,
    }
    traveler = apps.get_model("mentors", "Traveler").objects.create(
        slug=slug, occupation=occupation, **{**defaults, **facts}
    )
    apps.get_model("mentors", "TravelerSkill").objects.create(traveler=traveler, skill=skill, level=4)
    return traveler


def make_session(apps: Any, traveler: Any, version: int) -> Any:
    user, _ = apps.get_model("accounts", "User").objects.get_or_create(email="alice@example.org")
    return apps.get_model("consciousness", "Session").objects.create(
        user=user, traveler=traveler, traveler_version=version, consent_version=1
    )


@pytest.mark.usefixtures("_newest_afterwards")
def test_versions_and_pins_there_and_back() -> None:
    apps = migrate(BEFORE)
    ada, hidden = make_traveler(apps, "ada", version=3), make_traveler(apps, "hidden", is_published=False)
    sessions = [make_session(apps, ada, 3), make_session(apps, ada, 1)]

    apps = migrate(AFTER)
    travelers = {row.slug: row for row in apps.get_model("mentors", "Traveler").objects.all()}
    assert [travelers[slug].state for slug in ("ada", "hidden")] == ["published", "retired"]
    assert travelers["ada"].boundaries == [
        {"refuses": "To guess.", "refers_to": "Your own records."},
        {"refuses": "Nothing at all", "refers_to": "Somebody who may."},
    ]
    assert (travelers["ada"].career_stage_min, travelers["ada"].career_stage_max) == ("growth", "maintenance")
    version = apps.get_model("mentors", "TravelerVersion").objects.get(traveler=ada.pk)
    assert (version.number, version.profile["skills"]) == (3, [{"skill": "sql", "level": 4}])
    assert "- Story: I counted pallets." in version.instructions
    pinned = apps.get_model("consciousness", "Session").objects.values_list("pk", "version")
    assert dict(pinned) == {session.pk: version.pk for session in sessions}
    version.note = "forged"
    with pytest.raises(IntegrityError, match="is never changed"):
        version.save()

    apps = migrate(BEFORE)
    back = {row.slug: row for row in apps.get_model("mentors", "Traveler").objects.all()}
    assert (back["ada"].version, back["ada"].is_published, back["hidden"].is_published) == (3, True, False)
    assert back["ada"].boundaries[0] == "To guess. Your own records."
    assert set(apps.get_model("consciousness", "Session").objects.values_list("traveler_version", flat=True)) == {3}
    assert hidden.pk == back["hidden"].pk


@pytest.mark.usefixtures("_newest_afterwards")
def test_half_the_way_back_and_forth_again_keeps_the_history() -> None:
    apps = migrate(BEFORE)
    make_traveler(apps, "ada")
    migrate(AFTER)
    migrate([("mentors", "0002_traveler_versions")])
    apps = migrate(AFTER)
    assert apps.get_model("mentors", "TravelerVersion").objects.count() == 1
