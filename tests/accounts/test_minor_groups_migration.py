"""The migration that gives occupations their minor groups: by their codes, there and back."""

from collections.abc import Iterator

import pytest

from tests.migrating import migrate, migrate_to_newest

BEFORE, AFTER = ("accounts", "0004_trigrams"), ("accounts", "0005_minor_groups")
GROUPS = {
    "15-1252.00": "15-1200",
    "15-1299.08": "15-1200",
    "15-2051.00": "15-2000",
    "31-1121.00": "31-1100",
    "51-5112.00": "51-5100",
    "51-9111.00": "51-9000",
}


@pytest.fixture
def _newest_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    migrate_to_newest()


@pytest.mark.usefixtures("_newest_afterwards")
def test_every_occupation_gets_the_group_of_its_code_there_and_back() -> None:
    apps = migrate(BEFORE)
    fields = {
        code[:2]: apps.get_model("accounts", "Field").objects.get_or_create(code=f"{code[:2]}-0000", name="x")[0]
        for code in GROUPS
    }
    for code in GROUPS:
        apps.get_model("accounts", "Occupation").objects.create(
            code=code, title=code, field=fields[code[:2]], description="x"
        )

    apps = migrate(AFTER)
    rows = apps.get_model("accounts", "Occupation").objects.values_list("code", "minor_group__code")
    assert dict(rows) == GROUPS
    groups = apps.get_model("accounts", "MinorGroup").objects.values_list("code", "field__code")
    assert dict(groups) == {group: f"{group[:2]}-0000" for group in set(GROUPS.values())}

    apps = migrate(BEFORE)
    assert set(apps.get_model("accounts", "Occupation").objects.values_list("code", flat=True)) == set(GROUPS)
