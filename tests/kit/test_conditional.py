"""`If-Match` never lets a lost update through, and `If-None-Match` never hides a change."""

from typing import Any

import pytest

from accounts.models import User
from tests.actors import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]


def ask(api: Api, **headers: str) -> Any:
    return api(None).send("GET", "/probe/version/", headers=headers)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("3", 3), ('"3"', 3), (' "3" ', 3), ("0", 0), ('"999999999999999999"', 999999999999999999), ("*", None)],
)
def test_a_version_insisted_on(api: Api, header: str, expected: Any) -> None:
    assert ask(api, If_Match=header).json()["expected"] == expected


def test_who_insists_on_nothing(api: Api) -> None:
    assert ask(api).json() == {"expected": None, "unchanged": False}


@pytest.mark.parametrize(
    "header",
    [
        "",
        '""',
        "abc",
        '"abc"',
        'W/"3"',
        '"3", "4"',
        "-1",
        "1.5",
        "3e2",
        '"3" OR 1=1',
        "9" * 19,
        "9" * 9000,
        "²",
        "\xb9",
    ],
)
def test_what_is_no_version_of_ours_is_never_the_newest(api: Api, header: str) -> None:
    response = ask(api, If_Match=header)
    assert (response.status_code, response.json()["code"]) == (412, "precondition_failed")


@pytest.mark.parametrize(
    ("header", "unchanged"),
    [
        ('"3"', True),
        ('W/"3"', True),
        ('"1", "2", W/"3"', True),
        ("*", True),
        ('"33"', False),
        ("3", False),
        ("", False),
        ('"3', False),
        ('"\xff"', False),
        (", ,,", False),
    ],
)
def test_what_the_caller_holds(api: Api, header: str, *, unchanged: bool) -> None:
    assert ask(api, If_None_Match=header).json()["unchanged"] is unchanged


def test_a_profile_that_has_not_changed_is_not_sent_again(api: Api, alice: User) -> None:
    first = api(alice).get("/me/")
    again = api(alice).get("/me/", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_of_two_phones_with_the_same_version_the_second_must_read_again(api: Api, alice: User) -> None:
    tag = api(alice).get("/me/").headers["ETag"]
    first = api(alice).patch("/me/", {"goal": "lead"}, If_Match=tag)
    second = api(alice).patch("/me/", {"goal": "rest"}, If_Match=tag)
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"] != tag
    assert api(alice).get("/me/", If_None_Match=tag).json()["goal"] == "lead"
