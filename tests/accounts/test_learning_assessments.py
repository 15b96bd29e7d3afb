"""`/me/learning-assessments/`: beginning, pausing, answering, finishing."""

from typing import Any
from uuid import UUID

import pytest

from accounts.events import LearningAssessed
from accounts.models import AXES, AxisScore, LearningAnswer, LearningAssessment, User
from accounts.services import answer_items, finish_assessment, open_assessment
from matching.people import person_of
from tests.accounts.answering import BANK, CHECK, KEY, PATH, begin, finish, leaning, preferences, sheet
from tests.actors import Api, ApiClient
from timetravelers.kit.events import DomainEvent

pytestmark = pytest.mark.django_db
NOWHERE = UUID("01939b6e-0000-7000-8000-000000000000")


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """Charlie's phone; Charlie has no profile."""
    return api(charlie)


# Beginning and going on


def test_an_assessment_begins_with_five_lines_and_a_scale(phone: ApiClient) -> None:
    answer = phone.post(PATH)
    assert answer.status_code == 201
    body = answer.json()
    assert body["progress"] == {"answered": 0, "total": 25}
    assert [line["item"] for line in body["next_items"]] == [key for key, _ in BANK.lines[:5]]
    assert [step["value"] for step in body["scale"]] == [1, 2, 3, 4, 5]
    assert body["scale"][3]["label"] == "Agree"
    assert (body["bank_version"], body["finished_at"], body["result"], body["answers"]) == (1, None, None, [])


def test_what_a_line_is_for_is_not_given_away(phone: ApiClient) -> None:
    path = begin(phone)
    shown = phone.put(f"{path}answers/", sheet()).content.decode()
    assert not [word for word in (*AXES, "toward", "sign", "expected", "attention") if word in shown]


def test_beginning_again_goes_on_with_the_open_one(phone: ApiClient) -> None:
    first, second = phone.post(PATH), phone.post(PATH)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_the_same_request_sent_twice_happens_once(phone: ApiClient) -> None:
    first, second = phone.post(PATH, Idempotency_Key="k"), phone.post(PATH, Idempotency_Key="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert LearningAssessment.objects.count() == 1


def test_a_paused_assessment_goes_on_where_it_was(phone: ApiClient, charlie: User, api: Api) -> None:
    path = begin(phone)
    first, second = BANK.lines[0][0], BANK.lines[1][0]
    phone.put(f"{path}answers/", {"answers": [{"item": second, "value": 2}]})
    body = api(charlie).get(path).json()
    assert body["progress"]["answered"] == 1
    assert body["answers"] == [{"item": second, "text": BANK.lines[1][1], "value": 2}]
    assert body["next_items"][0]["item"] == first
    assert second not in [line["item"] for line in body["next_items"]]


def test_a_line_may_be_answered_anew_until_the_end(phone: ApiClient) -> None:
    path = begin(phone)
    item = BANK.items[0].key
    phone.put(f"{path}answers/", {"answers": [{"item": item, "value": 1}]})
    again = phone.put(f"{path}answers/", {"answers": [{"item": item, "value": 5}]})
    assert again.status_code == 200
    assert [line["value"] for line in again.json()["answers"]] == [5]
    assert LearningAnswer.objects.count() == 1


def test_all_lines_can_be_reached_a_batch_at_a_time(phone: ApiClient) -> None:
    path = begin(phone)
    body, seen = phone.get(path).json(), []
    while body["next_items"]:
        seen += [line["item"] for line in body["next_items"]]
        answers = [{"item": line["item"], "value": 3} for line in body["next_items"]]
        body = phone.put(f"{path}answers/", {"answers": answers}).json()
        assert len(seen) <= 25
    assert seen == [key for key, _ in BANK.lines]


def test_ones_own_assessments_are_listed_newest_first(phone: ApiClient, alice: User, api: Api) -> None:
    done = finish(phone, sheet())["uid"]
    going_on = phone.post(PATH).json()["uid"]
    begin(api(alice))
    listed = phone.get(PATH).json()["results"]
    assert [(row["uid"], row["answered"], row["finished_at"] is None) for row in listed] == [
        (going_on, 0, True),
        (done, 25, False),
    ]


# Finishing


def test_finishing_gives_scores_and_brings_them_to_the_profile(phone: ApiClient, charlie: User) -> None:
    result = finish(phone, sheet())["result"]
    assert (result["attention_passed"], result["note"]) == (True, "")
    assert result["axes"] == [{"axis": axis, "value": 1.0, "confidence": 1.0, "answered": 6} for axis in AXES]
    profile = phone.get("/me/").json()
    assert profile["learning_preferences"] == dict.fromkeys(AXES, 1.0)
    assert profile["version"] == 1
    assert person_of(charlie.pk).features.style == (1.0, 1.0, 1.0, 1.0)


def test_finishing_raises_the_version_of_the_profile(alice: User, api: Api) -> None:
    tag = api(alice).get("/me/").headers["ETag"]
    finish(api(alice), sheet())
    assert api(alice).patch("/me/", {"goal": "Lead"}, If_Match=tag).status_code == 412
    assert api(alice).get("/me/").json()["display_name"] == "Alice"


def test_finishing_again_gives_the_same_result(phone: ApiClient) -> None:
    first = finish(phone, sheet())
    again = phone.post(f"{PATH}{first['uid']}/finish/")
    assert (again.status_code, again.json()) == (200, first)
    assert phone.get("/me/").json()["version"] == 1


def test_what_is_finished_takes_no_answers(phone: ApiClient) -> None:
    done = finish(phone, sheet())
    refused = phone.put(f"{PATH}{done['uid']}/answers/", sheet(-2))
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment_finished")
    assert phone.get(f"{PATH}{done['uid']}/").json() == done


def test_too_few_answers_are_refused_and_it_stays_open(phone: ApiClient) -> None:
    path = begin(phone)
    phone.put(f"{path}answers/", {"answers": [{"item": item.key, "value": 4} for item in BANK.items[:8]]})
    refused = phone.post(f"{path}finish/")
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment_too_short")
    assert phone.get(path).json()["finished_at"] is None
    assert not AxisScore.objects.exists()


def test_axes_with_too_few_answers_are_left_out(phone: ApiClient) -> None:
    result = finish(phone, sheet(axes=AXES[:1]))["result"]
    assert [axis["axis"] for axis in result["axes"]] == [AXES[0]]
    assert preferences(phone)[AXES[1]] == {"value": None, "source": None, "confidence": None, "assessed": None}


@pytest.mark.parametrize("check", [1, 5])
def test_a_failed_attention_check_is_said_and_lowers_confidence(phone: ApiClient, check: int) -> None:
    result = finish(phone, sheet(check=check))["result"]
    assert result["attention_passed"] is False
    assert "rough sketch" in result["note"]
    assert {axis["confidence"] for axis in result["axes"]} == {0.25}
    assert preferences(phone)[AXES[0]]["confidence"] == 0.25


def test_a_finished_assessment_is_told_once(charlie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[DomainEvent] = []
    monkeypatch.setattr("accounts.services.learning.publish", told.append)
    assessment, _ = open_assessment(user=charlie)
    answer_items(user=charlie, assessment=assessment.uid, answers=[(i.key, leaning(i)) for i in BANK.items])
    for _ in range(2):
        finish_assessment(user=charlie, assessment=assessment.uid)
    assert told == [LearningAssessed(charlie.pk, assessment.uid)]


# Whose it is


def test_what_is_somebody_elses_is_404_and_stays_as_it_was(alice: User, bob: User, api: Api) -> None:
    path = begin(api(alice))
    api(alice).put(f"{path}answers/", sheet())
    for answer in (
        api(bob).get(path),
        api(bob).put(f"{path}answers/", sheet(-2)),
        api(bob).post(f"{path}finish/"),
        api(bob).get(f"{PATH}{NOWHERE}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api(bob).get(PATH).json()["results"] == []
    assert api(alice).get(path).json()["finished_at"] is None
    assert {answer.value for answer in LearningAnswer.objects.exclude(item=CHECK.key)} == {1, 5}
    assert preferences(api(bob)) == preferences(api(alice))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", PATH),
        ("GET", f"{PATH}{NOWHERE}/"),
        ("PUT", f"{PATH}{NOWHERE}/answers/"),
        ("POST", f"{PATH}{NOWHERE}/finish/"),
        ("GET", "/me/learning-preferences/"),
    ],
)
def test_nobody_gets_401(api: Api, db: None, method: str, path: str) -> None:
    assert api(None).send(method, path).status_code == 401
    assert not LearningAssessment.objects.exists()


# Hostile input


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/answers", "required"),
        ({"answers": []}, "/answers", "min_length"),
        ({"answers": None}, "/answers", "null"),
        ({"answers": {KEY: 3}}, "/answers", "not_a_list"),
        ({"answers": [{"item": KEY, "value": 0}]}, "/answers/0/value", "min_value"),
        ({"answers": [{"item": KEY, "value": 6}]}, "/answers/0/value", "max_value"),
        ({"answers": [{"item": KEY, "value": 3.0}]}, "/answers/0/value", "invalid"),
        ({"answers": [{"item": KEY, "value": "3"}]}, "/answers/0/value", "invalid"),
        ({"answers": [{"item": KEY, "value": True}]}, "/answers/0/value", "invalid"),
        ({"answers": [{"item": KEY, "value": None}]}, "/answers/0/value", "null"),
        ({"answers": [{"item": KEY}]}, "/answers/0/value", "required"),
        ({"answers": [{"item": 7, "value": 3}]}, "/answers/0/item", "invalid"),
        ({"answers": [{"item": "x" * 41, "value": 3}]}, "/answers/0/item", "max_length"),
        ({"answers": [{"item": "a\x00b", "value": 3}]}, "/answers/0/item", "control_characters"),
        ({"answers": [{"item": KEY, "value": 3, "axis": "x"}]}, "/answers/0/axis", "unknown"),
        ({"answers": [{"item": KEY, "value": 3}] * 2}, "/answers", "duplicate"),
        ({"answers": [{"item": f"i{n}", "value": 3} for n in range(101)]}, "/answers", "max_length"),
        ({"answers": [{"item": KEY, "value": 3}, {"item": "nope", "value": 3}]}, "/answers/1/item", "unknown_item"),
        ({"answers": [{"item": KEY, "value": 3}], "finished": True}, "/finished", "unknown"),
        ({"answers": [{"item": KEY, "value": 10**30}]}, "/answers/0/value", "invalid"),
    ],
)
def test_a_wrong_batch_is_refused_whole(phone: ApiClient, body: Any, pointer: str, code: str) -> None:
    path = begin(phone)
    refused = phone.put(f"{path}answers/", body)
    assert refused.status_code == 422
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in refused.json()["errors"]]
    assert not LearningAnswer.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[", b"null", b"[1]", b'{"answers": [[[[]]]]}', b"\xff"])
def test_what_is_no_batch_at_all_is_refused(phone: ApiClient, raw: bytes) -> None:
    path = begin(phone)
    assert phone.put(f"{path}answers/", raw=raw).status_code in {400, 422}
    assert not LearningAnswer.objects.exists()
