"""The people every test knows, the starting content, and a clean Valkey for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from accounts import authentication
from accounts.authentication import accounts
from accounts.models import User
from accounts.signing import key_ring
from accounts.tokens import read_access
from mentors.manus.accounts import forget as forget_manus_accounts
from tests.actors import Api, ApiClient
from tests.clean import clear_valkey
from tests.factories.accounts import make_profile, make_user
from tests.factories.content import SEARCHED, Rows, capture_content, restore_content
from timetravelers.kit.api import throttles
from timetravelers.kit.limits import valkey


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the throttle counters, cached answers or account rows of another.

    What a process remembers of a person for a second it remembers for a whole test: queries are counted, and on
    a busy machine a second may pass between two requests. Who wants it forgotten says `accounts.clear()`.
    """
    monkeypatch.setattr(authentication, "FRESH_SECONDS", 600.0)
    clear_valkey()
    throttles.window.cache_clear()
    accounts.clear()
    read_access.cache_clear()
    key_ring.cache_clear()
    forget_manus_accounts()
    yield
    accounts.clear()
    forget_manus_accounts()


@pytest.fixture(scope="session", autouse=True)
def _valkey_left_clean() -> Iterator[None]:
    """A Valkey that is not ours (REDIS_URL was given) is left as it was found."""
    yield
    clear_valkey()
    valkey().close()


@pytest.fixture
def alice(db: None) -> User:
    """The owner of things."""
    user = make_user("alice@example.org")
    make_profile(user, display_name="Alice", years_experience=3, goal_horizon_months=12, weekly_hours=5)
    return user


@pytest.fixture
def bob(db: None) -> User:
    """Somebody else, with things of his own."""
    user = make_user("bob@example.org")
    make_profile(user, display_name="Bob", years_experience=12)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    """An outsider who has signed up and done nothing since."""
    return make_user("charlie@example.org")


@pytest.fixture
def staff(db: None) -> User:
    """A member of staff with every permission."""
    return make_user("staff@example.org", is_staff=True, is_superuser=True, role="admin")


@pytest.fixture
def api() -> Api:
    """`api(alice).get("/me/")` speaks as Alice; `api(None)` speaks as nobody."""
    return ApiClient


@pytest.fixture(scope="session")
def content_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rows:
    with django_db_blocker.unblock():
        return capture_content()


@pytest.fixture
def content(content_rows: Rows, db: None) -> None:
    """The starting content: taxonomy, Travelers and missions, in this test's database only."""
    restore_content(content_rows)


@pytest.fixture
def searchable(content: None, content_rows: Rows) -> None:
    """The starting content with what search finds it by."""
    restore_content(content_rows, SEARCHED)
