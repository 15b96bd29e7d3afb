"""Dana, and a process that remembers no Travelers."""

from __future__ import annotations

import pytest

from accounts.models import User
from matching.catalogue import catalogue
from matching.taxonomy import taxonomy
from mentors.models import Traveler
from tests.matching.people import make_dana, make_three


@pytest.fixture(autouse=True)
def _cold() -> None:
    catalogue.clear()
    taxonomy.clear()


@pytest.fixture
def dana(db: None) -> User:
    """Aims for data science, knows some Python, has told everything."""
    return make_dana("dana@example.org")


@pytest.fixture
def three(db: None) -> list[Traveler]:
    """Three Travelers in the order in which they suit Dana."""
    return make_three()
