"""`/me/`: reading and changing one's own profile."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import AXES, Occupation, Profile, Skill, User, UserSkill
from accounts.services import ProfileChanges, update_profile
from tests.actors import Api, ApiClient
from tests.factories.accounts import give_skill, make_occupation, make_skill
from tests.threads import at_once
from timetravelers.kit.text import normalise

pytestmark = pytest.mark.django_db

EVENING = {"day": "tuesday", "from": "18:00", "to": "20:30"}
MINUTES = [{"day": "friday", "from": f"12:{at:02}", "to": f"12:{at + 1:02}"} for at in range(43)]
NOBODY_ELSE = {"display_name": "Mallory"}


@pytest.fixture
def mine(alice: User, api: Api) -> ApiClient:
    """Alice's phone."""
    return api(alice)


def test_the_whole_shape(alice: User, mine: ApiClient) -> None:
    occupation = make_occupation("15-2051.00", "Data Scientists")
    Profile.objects.filter(user=alice).update(target_occupation=occupation, visual_verbal=-0.5)
    give_skill(alice, "sql", 4)
    give_skill(alice, "python", 2)
    answer = mine.get("/me/")
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("updated_at").endswith("Z")
    assert body == {
        "uid": str(alice.uid),
        "email": "alice@example.org",
        "display_name": "Alice",
        "target_occupation": {"code": "15-2051.00", "title": "Data Scientists", "retired": False, "nearest": None},
        "goal": "",
        "headline": "",
        "bio": "",
        "time_zone": "",
        "languages": [],
        "availability": [],
        "picture": None,
        "years_experience": 3,
        "years_experience_from": "stated",
        "goal_horizon_months": 12,
        "weekly_hours": 5,
        "learning_preferences": {
            "active_reflective": None,
            "sensing_intuitive": None,
            "visual_verbal": -0.5,
            "sequential_global": None,
        },
        "skills": [
            {"key": "python", "name": "Python", "level": 2, "retired": False},
            {"key": "sql", "name": "Sql", "level": 4, "retired": False},
        ],
        "version": 1,
    }


def test_without_a_profile_it_is_empty_and_at_version_0(charlie: User, api: Api) -> None:
    answer = api(charlie).get("/me/")
    assert answer.headers["ETag"].startswith('"0-')
    body = answer.json()
    assert (body["version"], body["display_name"], body["skills"], body["updated_at"]) == (0, "", [], None)
    assert set(body["learning_preferences"].values()) == {None}
    assert not Profile.objects.filter(user=charlie).exists()


@pytest.mark.parametrize("skills", [0, 20])
def test_one_query_however_much_there_is(
    alice: User, mine: ApiClient, skills: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(skills):
        give_skill(alice, f"skill-{number}")
    mine.get("/me/")
    with django_assert_num_queries(1):
        assert len(mine.get("/me/").json()["skills"]) == skills


def test_everybody_sees_and_changes_their_own(alice: User, bob: User, api: Api) -> None:
    assert api(bob).get("/me/").json()["display_name"] == "Bob"
    assert api(bob).patch("/me/", {"display_name": "Robert"}).json()["display_name"] == "Robert"
    assert api(alice).get("/me/").json()["display_name"] == "Alice"


@pytest.mark.parametrize("token", [None, "", "rubbish", "a.b.c"])
def test_nobody_gets_401_and_changes_nothing(alice: User, api: Api, token: Any) -> None:
    stranger = api(None)
    stranger.token = token
    for answer in (stranger.get("/me/"), stranger.patch("/me/", NOBODY_ELSE)):
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "unauthenticated"
    assert Profile.objects.get().display_name == "Alice"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(mine: ApiClient, method: str) -> None:
    answer = mine.send(method, "/me/", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_head_is_a_get_without_a_body(mine: ApiClient) -> None:
    answer = mine.send("HEAD", "/me/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"].startswith('"1-')


def test_everything_can_be_changedat_once(charlie: User, api: Api) -> None:
    make_occupation("29-1141.00", "Registered Nurses")
    make_skill("triage")
    answer = api(charlie).patch(
        "/me/",
        {
            "display_name": "Charlie",
            "target_occupation": "29-1141.00",
            "goal": "Work on a children's ward",
            "headline": "Nurse to be",
            "bio": "I have been\nmany things.",
            "time_zone": "America/Argentina/Ushuaia",
            "languages": ["es-ar", "EN"],
            "availability": [EVENING, {"day": "monday", "from": "22:30", "to": "24:00"}],
            "years_experience": 0,
            "goal_horizon_months": 240,
            "weekly_hours": 80,
            "learning_preferences": dict.fromkeys(AXES, 1),
            "skills": [{"key": "triage", "level": 5}],
        },
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["version"], answer.headers["ETag"][:3]) == (1, '"1-')
    assert (body["target_occupation"]["code"], body["target_occupation"]["retired"]) == ("29-1141.00", False)
    assert (body["headline"], body["bio"]) == ("Nurse to be", "I have been\nmany things.")
    assert (body["time_zone"], body["languages"]) == ("America/Argentina/Ushuaia", ["es-AR", "en"])
    assert body["availability"] == [{"day": "monday", "from": "22:30", "to": "24:00"}, EVENING]
    assert body["learning_preferences"] == dict.fromkeys(AXES, 1.0)
    assert body["skills"] == [{"key": "triage", "name": "Triage", "level": 5, "retired": False}]
    assert body == api(charlie).get("/me/").json()


def test_what_is_left_out_stays_and_null_clears(alice: User, mine: ApiClient) -> None:
    Profile.objects.filter(user=alice).update(
        target_occupation=make_occupation(), active_reflective=0.25, visual_verbal=0.5
    )
    give_skill(alice, "sql", 4)
    body = mine.patch(
        "/me/",
        {"target_occupation": None, "years_experience": None, "learning_preferences": {"visual_verbal": None}},
    ).json()
    assert (body["target_occupation"], body["years_experience"]) == (None, None)
    assert body["learning_preferences"]["visual_verbal"] is None
    assert body["learning_preferences"]["active_reflective"] == 0.25
    assert (body["display_name"], body["skills"][0]["key"], body["version"]) == ("Alice", "sql", 2)


def test_skills_are_replaced_as_a_whole(alice: User, mine: ApiClient) -> None:
    give_skill(alice, "sql", 4)
    give_skill(alice, "python", 1)
    make_skill("rust")
    wanted = [{"key": "python", "level": 2}, {"key": "rust", "level": 1}]
    answer = mine.patch("/me/", {"skills": wanted})
    assert [(skill["key"], skill["level"]) for skill in answer.json()["skills"]] == [("python", 2), ("rust", 1)]
    assert mine.patch("/me/", {"skills": []}).json()["skills"] == []


def test_nothing_to_change_makes_no_version(mine: ApiClient) -> None:
    assert mine.patch("/me/", {}).json()["version"] == 1


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"nickname": "Al"}, "/nickname", "unknown"),
        ({"email": "else@example.org"}, "/email", "unknown"),
        ({"version": 9}, "/version", "unknown"),
        ({"display_name": 7}, "/display_name", "invalid"),
        ({"display_name": None}, "/display_name", "null"),
        ({"display_name": ["Al"]}, "/display_name", "invalid"),
        ({"display_name": "x" * 81}, "/display_name", "max_length"),
        ({"display_name": "a\x00b"}, "/display_name", "control_characters"),
        ({"display_name": "a\u009bb"}, "/display_name", "control_characters"),
        ({"goal": "x" * 501}, "/goal", "max_length"),
        ({"headline": "x" * 121}, "/headline", "max_length"),
        ({"bio": "x" * 2001}, "/bio", "max_length"),
        ({"bio": "a\x1bb"}, "/bio", "control_characters"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": "europe/berlin"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": "localtime"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": 2}, "/time_zone", "invalid"),
        ({"time_zone": None}, "/time_zone", "null"),
        ({"languages": "en"}, "/languages", "not_a_list"),
        ({"languages": ["english"]}, "/languages/0", "language_tag"),
        ({"languages": ["en", 7]}, "/languages/1", "invalid"),
        ({"languages": ["en", "EN"]}, "/languages", "duplicate"),
        ({"languages": [f"{letter}{letter}" for letter in "abcdefghijk"]}, "/languages", "max_length"),
        ({"languages": [""]}, "/languages/0", "blank"),
        ({"availability": EVENING}, "/availability", "not_a_list"),
        ({"availability": ["monday"]}, "/availability/0", "invalid"),
        ({"availability": [{**EVENING, "day": "someday"}]}, "/availability/0/day", "invalid_choice"),
        ({"availability": [{**EVENING, "from": "25:00"}]}, "/availability/0/from", "invalid"),
        ({"availability": [{**EVENING, "from": "6:00"}]}, "/availability/0/from", "invalid"),
        ({"availability": [{**EVENING, "from": "24:00"}]}, "/availability/0/from", "invalid"),
        ({"availability": [{**EVENING, "to": "24:01"}]}, "/availability/0/to", "invalid"),
        ({"availability": [{**EVENING, "to": "18:00"}]}, "/availability/0/to", "order"),
        ({"availability": [{**EVENING, "to": "03:00"}]}, "/availability/0/to", "order"),
        ({"availability": [{"day": "tuesday", "from": "18:00"}]}, "/availability/0/to", "required"),
        ({"availability": [{**EVENING, "zone": "UTC"}]}, "/availability/0/zone", "unknown"),
        ({"availability": [EVENING, {**EVENING, "from": "20:29", "to": "21:00"}]}, "/availability", "overlap"),
        ({"availability": MINUTES}, "/availability", "max_length"),
        ({"picture": "x"}, "/picture", "unknown"),
        ({"target_occupation": "99-9999.99"}, "/target_occupation", "unknown_occupation"),
        ({"target_occupation": {"code": "15-2051.00"}}, "/target_occupation", "invalid"),
        ({"years_experience": -1}, "/years_experience", "min_value"),
        ({"years_experience": 71}, "/years_experience", "max_value"),
        ({"years_experience": 10**300}, "/years_experience", "invalid"),
        ({"years_experience": 2**62}, "/years_experience", "max_value"),
        ({"years_experience": "3"}, "/years_experience", "invalid"),
        ({"years_experience": 3.5}, "/years_experience", "invalid"),
        ({"years_experience": True}, "/years_experience", "invalid"),
        ({"goal_horizon_months": 0}, "/goal_horizon_months", "min_value"),
        ({"goal_horizon_months": 241}, "/goal_horizon_months", "max_value"),
        ({"weekly_hours": 81}, "/weekly_hours", "max_value"),
        ({"learning_preferences": {"visual_verbal": 1.01}}, "/learning_preferences/visual_verbal", "max_value"),
        ({"learning_preferences": {"visual_verbal": -2}}, "/learning_preferences/visual_verbal", "min_value"),
        ({"learning_preferences": {"visual_verbal": "1"}}, "/learning_preferences/visual_verbal", "invalid"),
        ({"learning_preferences": {"visual_verbal": False}}, "/learning_preferences/visual_verbal", "invalid"),
        ({"learning_preferences": {"kinaesthetic": 1}}, "/learning_preferences/kinaesthetic", "unknown"),
        ({"learning_preferences": None}, "/learning_preferences", "null"),
        ({"learning_preferences": [1]}, "/learning_preferences", "invalid"),
        ({"skills": {"python": 3}}, "/skills", "not_a_list"),
        ({"skills": None}, "/skills", "null"),
        ({"skills": ["python"]}, "/skills/0", "invalid"),
        ({"skills": [{"key": "python", "level": 3}, {"key": "python"}]}, "/skills/1/level", "required"),
        ({"skills": [{"key": "python", "level": 6}]}, "/skills/0/level", "max_value"),
        ({"skills": [{"key": "python", "level": 0}]}, "/skills/0/level", "min_value"),
        ({"skills": [{"key": "python", "level": 3}] * 2}, "/skills", "duplicate"),
        ({"skills": [{"key": "python", "level": 3}] * 51}, "/skills", "max_length"),
        ({"skills": [{"key": "python", "level": 1}, {"key": "alchemy", "level": 1}]}, "/skills/1/key", "unknown_skill"),
        ([], "/", "invalid"),
        ("text", "/", "invalid"),
        (7, "/", "invalid"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(
    alice: User, mine: ApiClient, body: Any, pointer: str, code: str
) -> None:
    give_skill(alice, "python", 3)
    before = mine.get("/me/").json()
    answer = mine.patch("/me/", body)
    assert answer.status_code == 422, answer.content
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert mine.get("/me/").json() == before


@pytest.mark.parametrize(
    "raw",
    [
        b'{"weekly_hours": NaN}',
        b'{"learning_preferences": {"visual_verbal": Infinity}}',
        b'{"display_name": "\\ud800"}',
        b'{"display_name": "\xff"}',
        b'{"display_name": "A',
        b"[" * 5000,
        b"null!",
    ],
)
def test_what_is_not_json_is_400(mine: ApiClient, raw: bytes) -> None:
    answer = mine.patch("/me/", raw=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_a_number_beyond_all_measure_is_refused(mine: ApiClient) -> None:
    answer = mine.patch("/me/", raw=b'{"learning_preferences": {"visual_verbal": 1e999}}')
    assert answer.status_code in {400, 422}


def test_other_content_types_are_refused(mine: ApiClient) -> None:
    answer = mine.patch("/me/", raw=b"display_name=Al", Content_Type="application/x-www-form-urlencoded")
    assert answer.status_code == 415


def test_text_is_normalised_before_it_is_measured(mine: ApiClient) -> None:
    decomposed = "e\u0301" * 80
    assert mine.patch("/me/", {"display_name": f"  {decomposed}\r\n"}).json()["display_name"] == "\u00e9" * 80


@given(text=st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_normalised(mine: ApiClient, text: str) -> None:
    wanted = normalise(text)
    answer = mine.patch("/me/", {"display_name": text})
    if len(wanted) <= 80:
        assert answer.json()["display_name"] == wanted
    else:  # normalising can lengthen
        assert answer.status_code == 422


def test_an_unchanged_profile_costs_no_bytes(mine: ApiClient) -> None:
    tag = mine.get("/me/").headers["ETag"]
    answer = mine.get("/me/", If_None_Match=tag)
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    mine.patch("/me/", {"goal": "Something new"})
    assert mine.get("/me/", If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (User, {"email": "alice@example.net"}),
        (Occupation, {"title": "Data People"}),
        (Occupation, {"retired_at": datetime(2026, 1, 1, tzinfo=UTC)}),
        (Skill, {"name": "Renamed"}),
    ],
)
def test_what_changes_without_an_edit_is_seen_and_is_no_edit(
    alice: User, mine: ApiClient, table: Any, change: dict[str, Any]
) -> None:
    Profile.objects.filter(user=alice).update(target_occupation=make_occupation("15-2051.00", "Data Scientists"))
    give_skill(alice, "sql", 4)
    tag = mine.get("/me/").headers["ETag"]
    assert mine.get("/me/", If_None_Match=tag).status_code == 304
    assert table.objects.update(**change) == 1
    assert mine.get("/me/", If_None_Match=tag).status_code == 200
    assert mine.patch("/me/", {"goal": "Go on"}, If_Match=tag).status_code == 200


def test_a_lost_update_is_412_and_changes_nothing(mine: ApiClient) -> None:
    stale = mine.get("/me/").headers["ETag"]
    assert mine.patch("/me/", {"display_name": "First"}, If_Match=stale).status_code == 200
    answer = mine.patch("/me/", {"display_name": "Second"}, If_Match=stale)
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert mine.get("/me/").json()["display_name"] == "First"


@pytest.mark.parametrize(
    "tag", ['"x"', "", '"-1"', '"1", "2"', '"' + "9" * 400 + '"', '"\u0663"'.encode().decode("latin-1")]
)
def test_an_odd_if_match_matches_nothing(mine: ApiClient, tag: str) -> None:
    assert mine.patch("/me/", NOBODY_ELSE, If_Match=tag).status_code == 412


def test_if_match_star_matches_anything(mine: ApiClient) -> None:
    assert mine.patch("/me/", {"goal": "Any"}, If_Match="*").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"years_experience": 71},
        {"goal_horizon_months": 0},
        {"weekly_hours": 81},
        {"languages": ["en"] * 11},
        {"availability": {}},
        *({axis: 1.5} for axis in AXES),
    ],
)
def test_the_table_refuses_what_the_door_would(alice: User, wrong: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(user=alice).update(**wrong)


def test_the_table_refuses_a_skill_twice_and_a_level_beyond_5(alice: User) -> None:
    kept = give_skill(alice, "python", 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserSkill.objects.create(user=alice, skill=kept.skill, level=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserSkill.objects.filter(pk=kept.pk).update(level=6)


@pytest.mark.django_db(transaction=True)
def test_of_many_edits_of_one_version_one_wins(alice: User) -> None:
    results = at_once(
        8,
        lambda number: update_profile(
            user=alice, changes=ProfileChanges({"goal": f"goal {number}"}), expected_version=1
        ),
    )
    assert sorted(result for result in results if isinstance(result, int)) == [2]
    winner = next(number for number, result in enumerate(results) if result == 2)
    assert Profile.objects.get(user=alice).goal == f"goal {winner}"


@pytest.mark.django_db(transaction=True)
def test_first_writes_at_once_make_one_profile_and_lose_none(charlie: User) -> None:
    names = ["years_experience", "weekly_hours", "goal_horizon_months", "active_reflective"]
    versions = at_once(4, lambda number: update_profile(user=charlie, changes=ProfileChanges({names[number]: 1})))
    assert set(versions) == {1, 2, 3, 4}
    profile = Profile.objects.get(user=charlie)
    assert [getattr(profile, name) for name in names] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_phones_that_edit_different_fields_at_once_all_survive(alice: User) -> None:
    fields = [{"display_name": "Ally"}, {"goal": "Lead a team"}, {"time_zone": "Asia/Tokyo"}, {"languages": ["ja"]}]
    phones = [ApiClient(alice) for _ in fields]
    at_once(4, lambda number: phones[number].patch("/me/", fields[number]).status_code)
    body = phones[0].get("/me/").json()
    assert (body["display_name"], body["goal"], body["version"]) == ("Ally", "Lead a team", 5)
    assert (body["time_zone"], body["languages"]) == ("Asia/Tokyo", ["ja"])


def test_a_body_beyond_the_limit_is_413(mine: ApiClient) -> None:
    body = json.dumps({"goal": "x" * 1_100_000}).encode()
    assert mine.patch("/me/", raw=body).status_code == 413
