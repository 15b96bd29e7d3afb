"""The page that shows the data model says what the models say."""

import pytest

from tests.architecture.sources import PROJECT
from timetravelers.datamodel import data_model_page, own_tables

PAGE = PROJECT / "docs" / "data-model.md"


@pytest.mark.django_db
def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_model_page(), "docs/data-model.md is out of date: make data-model"


@pytest.mark.django_db
def test_the_page_shows_every_table_and_every_named_rule() -> None:
    page = data_model_page()
    for table in own_tables():
        assert f"`{table._meta.db_table}`" in page
        for rule in table._meta.constraints:
            assert f"| `{rule.name}` | `" in page
            assert f"| `{rule.name}` | `` |" not in page
