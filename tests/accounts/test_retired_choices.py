"""What O*NET has no more: who chose it keeps it and is told what is near, and nobody chooses it anew."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Occupation, Profile, RelatedOccupation, Skill, User
from tests.actors import Api, ApiClient
from tests.factories.accounts import give_skill, make_experience, make_goal, make_occupation, make_skill

pytestmark = pytest.mark.django_db

GONE, NEAR, LIVING = "15-2051.00", "15-2041.00", "29-1141.00"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SHOWN = {
    "code": GONE,
    "title": "Data Scientists",
    "retired": True,
    "nearest": {"code": NEAR, "title": "Statisticians"},
}


@pytest.fixture
def gone(db: None) -> Occupation:
    """A retired occupation whose closest neighbour is retired too, and the next one lives; and a retired skill."""
    gone = make_occupation(GONE, "Data Scientists", retired_at=LONG_AGO)
    closest = make_occupation("15-2031.00", "Analysts", retired_at=LONG_AGO)
    for rank, other in enumerate((closest, make_occupation(NEAR, "Statisticians")), start=1):
        RelatedOccupation.objects.create(occupation=gone, related=other, tier="primary-short", rank=rank)
    make_occupation(LIVING, "Registered Nurses")
    make_skill("fortran", retired_at=LONG_AGO)
    return gone


@pytest.fixture
def phone(alice: User, api: Api) -> ApiClient:
    """Alice's phone."""
    return api(alice)


def refused(answer: Any, pointer: str, code: str) -> None:
    """Refused as retired, with the place that is to blame."""
    assert (answer.status_code, answer.json()["code"]) == (422, "retired_taxonomy_entry")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_it_cannot_become_a_target(gone: Occupation, alice: User, phone: ApiClient) -> None:
    refused(phone.patch("/me/", {"target_occupation": GONE}), "/target_occupation", "retired_occupation")
    assert Profile.objects.get(user=alice).target_occupation is None


@pytest.mark.parametrize("path", ["/me/goals/", "/me/experience/"])
def test_it_cannot_be_put_into_a_list(gone: Occupation, phone: ApiClient, path: str) -> None:
    body = {"occupation": GONE, "started": "2020-01"} if "exp" in path else {"occupation": GONE}
    refused(phone.post(path, body, Idempotency_Key="once"), "/occupation", "retired_occupation")
    assert phone.get(path).json()["results"] == []


def test_a_record_cannot_be_changed_to_it(gone: Occupation, alice: User, phone: ApiClient) -> None:
    goal = make_goal(alice, occupation=Occupation.objects.get(code=LIVING))
    refused(phone.patch(f"/me/goals/{goal.uid}/", {"occupation": GONE}), "/occupation", "retired_occupation")
    goal.refresh_from_db()
    assert goal.occupation is not None
    assert goal.occupation.code == LIVING


def test_a_retired_skill_cannot_be_added(gone: Occupation, phone: ApiClient) -> None:
    answer = phone.post("/me/skills/", {"key": "fortran", "level": 3}, Idempotency_Key="once")
    refused(answer, "/key", "retired_skill")
    listed = [{"key": make_skill("python").key, "level": 2}, {"key": "fortran", "level": 3}]
    refused(phone.patch("/me/", {"skills": listed}), "/skills/1/key", "retired_skill")


def test_what_does_not_exist_is_said_first(gone: Occupation, phone: ApiClient) -> None:
    listed = [{"key": "fortran", "level": 2}, {"key": "alchemy", "level": 3}]
    answer = phone.patch("/me/", {"skills": listed}).json()
    assert answer["code"] == "unknown_taxonomy_entry"
    assert [error["pointer"] for error in answer["errors"]] == ["/skills/1/key"]


def test_who_has_it_as_target_keeps_it(gone: Occupation, alice: User, phone: ApiClient) -> None:
    Profile.objects.filter(user=alice).update(target_occupation=gone)
    assert phone.get("/me/").json()["target_occupation"] == SHOWN
    again = phone.patch("/me/", {"target_occupation": GONE, "headline": "Still here"})
    assert (again.status_code, again.json()["target_occupation"]) == (200, SHOWN)
    assert phone.patch("/me/", {"target_occupation": NEAR}).json()["target_occupation"] == {
        "code": NEAR,
        "title": "Statisticians",
        "retired": False,
        "nearest": None,
    }
    refused(phone.patch("/me/", {"target_occupation": GONE}), "/target_occupation", "retired_occupation")


@pytest.mark.parametrize("kind", ["goals", "experience"])
def test_who_has_it_in_a_list_keeps_it(gone: Occupation, alice: User, phone: ApiClient, kind: str) -> None:
    make = make_goal if kind == "goals" else make_experience
    uid = make(alice, occupation=gone).uid
    assert phone.get(f"/me/{kind}/").json()["results"][0]["occupation"] == SHOWN
    assert phone.get(f"/me/{kind}/{uid}/").json()["occupation"] == SHOWN
    other = {"motivation": "Because"} if kind == "goals" else {"employer": "Somewhere"}
    changed = phone.patch(f"/me/{kind}/{uid}/", {"occupation": GONE, **other})
    assert (changed.status_code, changed.json()["occupation"]) == (200, SHOWN)
    left = phone.patch(f"/me/{kind}/{uid}/", {"occupation": NEAR}).json()["occupation"]
    assert left == {"code": NEAR, "title": "Statisticians", "retired": False, "nearest": None}


def test_who_has_the_skill_keeps_it_at_any_level(gone: Occupation, alice: User, phone: ApiClient) -> None:
    uid = give_skill(alice, "fortran", 2).uid
    assert phone.get("/me/skills/").json()["results"][0]["retired"] is True
    assert phone.get("/me/").json()["skills"] == [{"key": "fortran", "name": "Fortran", "level": 2, "retired": True}]
    assert phone.patch(f"/me/skills/{uid}/", {"level": 3}).status_code == 200
    kept = phone.patch("/me/", {"skills": [{"key": "fortran", "level": 4}]})
    assert (kept.status_code, kept.json()["skills"][0]["level"]) == (200, 4)


def test_what_lives_is_not_called_retired(gone: Occupation, alice: User, phone: ApiClient) -> None:
    living = Occupation.objects.get(code=LIVING)
    make_goal(alice, occupation=living)
    give_skill(alice, "python")
    expected = {"code": LIVING, "title": "Registered Nurses", "retired": False, "nearest": None}
    assert phone.get("/me/goals/").json()["results"][0]["occupation"] == expected
    assert phone.get("/me/skills/").json()["results"][0]["retired"] is False
    added = phone.post("/me/experience/", {"occupation": LIVING, "started": "2020-01"}, Idempotency_Key="once")
    assert added.json()["occupation"] == expected


def test_without_living_neighbours_nothing_is_named(gone: Occupation, alice: User, phone: ApiClient) -> None:
    Occupation.objects.filter(code=NEAR).update(retired_at=LONG_AGO)
    Profile.objects.filter(user=alice).update(target_occupation=gone)
    make_goal(alice, occupation=gone)
    assert phone.get("/me/").json()["target_occupation"]["nearest"] is None
    assert phone.get("/me/goals/").json()["results"][0]["occupation"]["nearest"] is None


def test_a_list_of_retired_ones_takes_one_query(
    gone: Occupation, alice: User, phone: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_goal(alice, occupation=gone)
    phone.get("/me/")
    with django_assert_num_queries(1):
        assert len(phone.get("/me/goals/").json()["results"]) == 5


def test_who_comes_back_can_be_chosen_again(gone: Occupation, phone: ApiClient) -> None:
    Occupation.objects.filter(code=GONE).update(retired_at=None)
    Skill.objects.filter(key="fortran").update(retired_at=None)
    changes = {"target_occupation": GONE, "skills": [{"key": "fortran", "level": 1}]}
    assert phone.patch("/me/", changes).status_code == 200
