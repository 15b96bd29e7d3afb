"""`If-Match` never lets a lost update through, and `If-None-Match` never hides a change."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]


def ask(api, **headers):
    return api(None).get("/probe/version/", **headers)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("3", 3), ('"3"', 3), (' "3" ', 3), ("0", 0), ('"999999999999999999"', 999999999999999999), ("*", None)],
)
def test_a_version_insisted_on(api, header, expected):
    assert ask(api, If_Match=header).json()["expected"] == expected


def test_who_insists_on_nothing(api):
    assert ask(api).json() == {"expected": None, "unchanged": False}


@pytest.mark.parametrize(
    "header",
    ["", '""', "abc", '"abc"', 'W/"3"', '"3", "4"', "-1", "1.5", "3e2", '"3" OR 1=1', "9" * 19, "9" * 9000, "²", "\xb9"],
)
def test_what_is_no_version_of_ours_is_never_the_newest(api, header):
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
def test_what_the_caller_holds(api, header, unchanged):
    assert ask(api, If_None_Match=header).json()["unchanged"] is unchanged


def test_a_profile_that_has_not_changed_is_not_sent_again(api, alice):
    first = api(alice).get("/me/")
    again = api(alice).get("/me/", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_of_two_phones_with_the_same_version_the_second_must_read_again(api, alice):
    tag = api(alice).get("/me/").headers["ETag"]
    first = api(alice).patch("/me/", {"goal": "lead"}, If_Match=tag)
    second = api(alice).patch("/me/", {"goal": "rest"}, If_Match=tag)
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"] != tag
    assert api(alice).get("/me/", If_None_Match=tag).json()["goal"] == "lead"
