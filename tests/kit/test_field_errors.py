"""Validation errors point at what is wrong, whatever the fields are called and however deep they lie."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.models import User
from tests.actors import Api
from timetravelers.kit.api.problems import MAX_FIELD_ERRORS, as_domain_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]

names = st.text(max_size=8).filter(lambda name: name != "non_field_errors")
message = st.just([ErrorDetail("wrong", "bad")])
nested = st.recursive(message, lambda below: st.dictionaries(names, below, min_size=1, max_size=4), max_leaves=8)


def pointers(api: Api, alice: User, body: Any) -> set[tuple[str, str]]:
    """Pointer and code of each error in the answer to a body."""
    response = api(alice).post("/probe/echo/", body)
    assert response.status_code == 422, response.content
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {("/name", "required")}),
        ({"name": None}, {("/name", "null")}),
        ({"name": ""}, {("/name", "blank")}),
        ({"name": " \r\n "}, {("/name", "blank")}),
        ({"name": 7}, {("/name", "invalid")}),
        ({"name": True}, {("/name", "invalid")}),
        ({"name": ["x"]}, {("/name", "invalid")}),
        ({"name": "x" * 21}, {("/name", "max_length")}),
        ({"name": "a\u0000b"}, {("/name", "control_characters")}),
        ({"name": "x", "count": "3"}, {("/count", "invalid")}),
        ({"name": "x", "count": True}, {("/count", "invalid")}),
        ({"name": "x", "count": 1.5}, {("/count", "invalid")}),
        ({"name": "x", "count": 11}, {("/count", "max_value")}),
        ({"name": "x", "count": 10**19}, {("/count", "max_value")}),
        ({"name": "x", "count": 10**30}, {("/count", "invalid")}),
        ({"name": "x", "share": "0.5"}, {("/share", "invalid")}),
        ({"name": "x", "share": False}, {("/share", "invalid")}),
        ({"name": "x", "share": 2}, {("/share", "max_value")}),
        ({"name": "x", "a/b~c": "y"}, {("/a~1b~0c", "invalid")}),
        ({"name": "x", "inner": {}}, {("/inner/message", "required"), ("/inner/code", "required")}),
        ({"name": "x", "inner": []}, {("/inner", "invalid")}),
        ({"name": "x", "inner": {"message": "m", "code": "c", "~/": 1}}, {("/inner/~0~1", "unknown")}),
        ({"name": "x", "parts": [{"message": "m", "code": "c"}, {"message": "m"}]}, {("/parts/1/code", "required")}),
        ({"name": "x", "parts": {"0": 1}}, {("/parts", "not_a_list")}),
        ({"name": "x", "tags": ["ok", "long!", 5]}, {("/tags/1", "max_length"), ("/tags/2", "invalid")}),
        ({"name": "x", "who": 1, "": 2}, {("/who", "unknown"), ("/", "unknown")}),
        ({"message": 1, "code": 2}, {("/message", "unknown"), ("/code", "unknown")}),
        ([], {("/", "invalid")}),
        ("name", {("/", "invalid")}),
        (3, {("/", "invalid")}),
        (False, {("/", "invalid")}),
    ],
)
def test_each_mistake_has_its_pointer(api: Api, alice: User, body: Any, expected: Any) -> None:
    assert pointers(api, alice, body) == expected


def test_a_null_body_is_no_body(api: Api, alice: User) -> None:
    assert pointers(api, alice, raw_null := json.loads("null")) == {("/name", "required")}
    assert raw_null is None
    response = api(alice).post("/probe/echo/", raw=b"null")
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "null")


def test_a_body_of_nothing_but_mistakes_gets_a_bounded_answer(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/echo/", {f"unknown-{number}": 1 for number in range(30_000)})
    assert response.status_code == 422
    assert len(response.json()["errors"]) == MAX_FIELD_ERRORS


def test_a_query_string_is_checked_like_a_body(api: Api, alice: User) -> None:
    response = api(alice).get("/probe/catalogue/", {"page": "first", "colour": "red"})
    assert response.status_code == 422
    assert {error["pointer"] for error in response.json()["errors"]} == {"/colour"}


@given(nested)
def test_every_pointer_leads_to_its_mistake(details: Any) -> None:
    error = as_domain_error(ValidationError(details))
    assert error.status == 422
    for wrong in error.errors:
        found = details
        for token in wrong.pointer.split("/")[1:] if isinstance(details, dict) else []:
            found = found[token.replace("~1", "/").replace("~0", "~")]
        assert found == [ErrorDetail("wrong", "bad")]
        assert (wrong.code, wrong.detail) == ("bad", "wrong")
