"""Accepting, declining, judging and blocking over REST."""

from typing import Any

import pytest

from accounts.models import User
from matching.models import Block, DeclineReason, Match, MatchFeedback
from mentors.models import Traveler
from tests.actors import Api, ApiClient
from tests.factories.mentors import make_traveler


@pytest.fixture
def phone(api: Api, dana: User, three: list[Traveler]) -> ApiClient:
    return api(dana)


def listed(phone: ApiClient) -> dict[str, dict[str, Any]]:
    """The list, by slug, in its order."""
    return {one["traveler"]["slug"]: one for one in phone.get("/matches/").json()["results"]}


def path(phone: ApiClient, slug: str, rest: str = "") -> str:
    return f"/matches/{listed(phone)[slug]['uid']}/{rest}"


def test_accept(phone: ApiClient, dana: User) -> None:
    answer = phone.post(path(phone, "bo", "accept/"))
    assert answer.status_code == 200
    said = answer.json()
    assert (said["state"], said["reason"], said["traveler"]["slug"]) == ("accepted", "", "bo")
    assert said["decided_at"] is not None
    assert {slug: one["state"] for slug, one in listed(phone).items()} == {
        "ada": "offered",
        "bo": "accepted",
        "cy": "offered",
    }


def test_a_phone_that_asks_again_changes_nothing(phone: ApiClient, dana: User) -> None:
    door = path(phone, "bo", "accept/")
    assert phone.post(door).json() == phone.post(door).json()
    assert MatchFeedback.objects.filter(user=dana).count() == 1


def test_an_acceptance_is_evidence_against_those_it_was_chosen_before(phone: ApiClient, dana: User) -> None:
    found = listed(phone)
    phone.post(path(phone, "bo", "accept/"))
    kept = MatchFeedback.objects.get(user=dana)
    assert (kept.kind, kept.value, str(kept.origin)) == ("accepted", 0.5, found["bo"]["uid"])
    weights = phone.get("/matches/").json()["weights"]
    for letter, points in found["bo"]["contributions"].items():
        assert kept.fits[letter] * weights[letter] == pytest.approx(points, abs=1e-5)
    assert [round(one["expertise"] * 45, 3) for one in kept.beside] == [
        round(found[slug]["contributions"]["expertise"], 3) for slug in ("ada", "cy")
    ]


@pytest.mark.parametrize("reason", DeclineReason.values)
def test_decline_takes_it_off_the_list_for_good(phone: ApiClient, dana: User, reason: str) -> None:
    make_traveler("dee")
    answer = phone.post(path(phone, "ada", "decline/"), {"reason": reason})
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "declined", reason)
    found = listed(phone)
    assert "ada" not in found
    assert [one["rank"] for one in found.values()] == [1, 2, 3]
    kept = MatchFeedback.objects.get(user=dana)
    assert (kept.kind, kept.reason, kept.value) == ("declined", reason, -0.5)


@pytest.mark.parametrize(
    "body", [{}, {"reason": "ugly"}, {"reason": ""}, {"reason": None}, {"reason": "other", "x": 1}]
)
def test_a_reason_is_one_of_the_list(phone: ApiClient, body: dict[str, Any]) -> None:
    assert phone.post(path(phone, "ada", "decline/"), body).status_code == 422
    assert not MatchFeedback.objects.exists()


def test_people_change_their_minds(phone: ApiClient, dana: User) -> None:
    door = path(phone, "ada")
    for step, body, state in (
        ("accept/", None, "accepted"),
        ("decline/", {"reason": "not-now"}, "declined"),
        ("decline/", {"reason": "other"}, "declined"),
        ("accept/", None, "accepted"),
    ):
        assert phone.post(f"{door}{step}", body).json()["state"] == state
        assert MatchFeedback.objects.get(user=dana).kind == state
    assert "ada" in listed(phone)


def test_a_declined_match_can_still_be_read(phone: ApiClient) -> None:
    door = path(phone, "ada")
    phone.post(f"{door}decline/", {"reason": "other"})
    answer = phone.get(door)
    assert (answer.status_code, answer.json()["state"], answer.json()["rank"]) == (200, "declined", None)


def test_what_somebody_thinks_of_a_match(phone: ApiClient, dana: User) -> None:
    door = path(phone, "bo", "feedback/")
    assert phone.get(door).status_code == 404
    assert phone.put(door, {"stars": 1, "comment": "No."}).json()["stars"] == 1
    assert phone.put(door, {"stars": 4}).json()["stars"] == 4
    said = phone.get(door).json()
    assert (said["stars"], said["comment"]) == (4, "")
    assert MatchFeedback.objects.get(user=dana).value == 0.5
    assert phone.delete(door).status_code == 204
    assert phone.delete(door).json()["code"] == "match_not_judged"
    assert not MatchFeedback.objects.exists()


@pytest.mark.parametrize("body", [{}, {"stars": 0}, {"stars": 6}, {"stars": "4"}, {"stars": 3, "comment": "x" * 501}])
def test_stars_are_one_to_five(phone: ApiClient, body: dict[str, Any]) -> None:
    assert phone.put(path(phone, "bo", "feedback/"), body).status_code == 422


def test_blocks(phone: ApiClient, dana: User, three: list[Traveler]) -> None:
    door = f"/matches/blocks/{three[0].uid}/"
    assert "ada" in listed(phone)
    assert phone.put(door).json()["traveler"]["slug"] == "ada"
    assert phone.put(door).status_code == 200
    assert [one["traveler"]["slug"] for one in phone.get("/matches/blocks/").json()["results"]] == ["ada"]
    assert "ada" not in listed(phone)
    assert not Match.objects.filter(user=dana, traveler=three[0]).exists()
    assert phone.delete(door).status_code == 204
    assert phone.delete(door).status_code == 204
    assert "ada" in listed(phone)


def test_everyone_blocked_is_an_empty_list(phone: ApiClient, three: list[Traveler]) -> None:
    for traveler in three:
        phone.put(f"/matches/blocks/{traveler.uid}/")
    assert listed(phone) == {}
    assert phone.post("/matches/refresh/").json()["results"] == []


def test_a_block_leaves_what_was_decided(phone: ApiClient, dana: User, three: list[Traveler]) -> None:
    phone.post(path(phone, "ada", "accept/"))
    phone.put(f"/matches/blocks/{three[0].uid}/")
    assert Match.objects.get(user=dana, traveler=three[0]).state == "accepted"


def test_nobody_blocks_whom_they_cannot_know(phone: ApiClient) -> None:
    draft = make_traveler("draft", state="draft")
    assert phone.put(f"/matches/blocks/{draft.uid}/").status_code == 404
    assert not Block.objects.exists()


def test_refresh_gives_the_list(phone: ApiClient) -> None:
    assert phone.post("/matches/refresh/").json() == phone.get("/matches/").json()


def test_what_is_anothers_is_not_there(phone: ApiClient, api: Api, bob: User) -> None:
    door, other = path(phone, "ada"), api(bob)
    assert other.get(door).status_code == 404
    assert other.post(f"{door}accept/").status_code == 404
    assert other.post(f"{door}decline/", {"reason": "other"}).status_code == 404
    assert other.put(f"{door}feedback/", {"stars": 3}).status_code == 404
    assert Match.objects.get(user=phone.user, rank=1).state == "offered"
