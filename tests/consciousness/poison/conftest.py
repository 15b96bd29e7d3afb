"""A storage of its own for each test, empty."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from consciousness.file_store import STORAGE


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    options = settings.STORAGES[STORAGE]
    settings.STORAGES = {
        **settings.STORAGES,
        STORAGE: {**options, "OPTIONS": {**options["OPTIONS"], "location": tmp_path / "stored"}},
    }
