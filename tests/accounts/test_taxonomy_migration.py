"""The migration that gives alternate titles rows of their own carries what is there, there and back."""

from collections.abc import Iterator

import pytest

from tests.migrating import migrate, migrate_to_newest

BEFORE, AFTER = ("accounts", "0002_identity_and_profile"), ("accounts", "0003_onet_taxonomy")


@pytest.fixture
def _newest_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    migrate_to_newest()


@pytest.mark.usefixtures("_newest_afterwards")
def test_titles_ranks_zones_and_names_there_and_back() -> None:
    apps = migrate(BEFORE)
    field = apps.get_model("accounts", "Field").objects.create(code="15-0000", name="Computing", description="x")
    occupations = [
        apps.get_model("accounts", "Occupation").objects.create(
            code=f"15-000{n}.00", title=f"O{n}", field=field, description="x", alternate_titles=titles, job_zone=4
        )
        for n, titles in enumerate((["Zebra", "Ant"], [], ["Ant"]))
    ]
    related = apps.get_model("accounts", "RelatedOccupation").objects
    for other in (occupations[2], occupations[1]):
        related.create(occupation=occupations[0], related=other, tier="primary-short")

    apps = migrate(AFTER)
    rows = apps.get_model("accounts", "AlternateTitle").objects.values_list("occupation__title", "title", "source")
    assert set(rows) == {("O0", "Ant", "starter"), ("O0", "Zebra", "starter"), ("O2", "Ant", "starter")}
    ranks = apps.get_model("accounts", "RelatedOccupation").objects.values_list("related__title", "rank")
    assert dict(ranks) == {"O2": 1, "O1": 2}
    apps.get_model("accounts", "Occupation").objects.filter(title="O1").update(job_zone=None)
    apps.get_model("accounts", "Skill").objects.create(key="long", name="x" * 150, kind="technology", hot=True)

    apps = migrate(BEFORE)
    back = apps.get_model("accounts", "Occupation").objects.order_by("code")
    assert list(back.values_list("alternate_titles", "job_zone")) == [(["Ant", "Zebra"], 4), ([], 3), (["Ant"], 4)]
    assert apps.get_model("accounts", "Skill").objects.get().name == "x" * 100
