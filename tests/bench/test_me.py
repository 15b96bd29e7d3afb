"""The references answer what they should, and the bench runs on the real topology."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from bench.benches import me
from bench.people import SKILLS, access_token, make_person
from tests.factories.accounts import make_occupation, make_skill

Queries = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def person(db: None) -> User:
    make_occupation()
    for number in range(SKILLS):
        make_skill(f"skill-{number}")
    return make_person()


@pytest.fixture
def bench_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ROOT_URLCONF", "bench.urls")


def get(path: str, token: str = "") -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {token}"} if token else {})


@pytest.mark.usefixtures("bench_routes")
class TestReferences:
    @pytest.mark.parametrize("size", [14, 15, 900])
    def test_bare_is_json_of_the_size_asked_for(self, size: int) -> None:
        answer = get(f"/api/v1/bench/bare/{size}/")
        assert len(answer.content) == size
        assert set(answer.json()) == {"padding"}

    def test_the_recipe_looks_up_the_user_and_makes_one_query(
        self, person: User, django_assert_num_queries: Queries
    ) -> None:
        with django_assert_num_queries(2):
            answer = get(f"/api/v1/bench/profiles/{person.pk}/", str(AccessToken.for_user(person)))
        assert answer.status_code == 200
        assert answer.json()["goal"] == person.profile.goal

    def test_the_recipe_asks_for_a_token(self, person: User) -> None:
        assert get(f"/api/v1/bench/profiles/{person.pk}/").status_code in {401, 403}

    def test_ours_shows_the_same_row(self, person: User) -> None:
        answer = get("/api/v1/me/", access_token(person)).json()
        assert answer["goal"] == person.profile.goal
        assert answer["target_occupation"]["code"] == "15-2051.00"
        assert len(answer["skills"]) == SKILLS


@pytest.mark.django_db(transaction=True)
def test_each_contender_is_answered_by_a_web_process(monkeypatch: pytest.MonkeyPatch) -> None:
    make_occupation()
    make_skill()
    monkeypatch.setattr(me, "SLICE_SECONDS", 0.1)
    monkeypatch.setattr(me, "CONNECTIONS", 2)
    facts = connection.settings_dict
    url = f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "bench.settings")
    with me.BENCH.contenders() as contenders:
        assert set(contenders) == {"ours", "recipe", "bare"}
        assert all(contender() > 1 for contender in contenders.values())
