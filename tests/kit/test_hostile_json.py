"""Bodies made to hurt: each is refused or understood, none is an error of ours."""

import contextlib
from typing import IO, Any, cast

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from accounts.models import User
from tests.actors import Api
from timetravelers.kit.api.parsing import JsonParser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]

UNREADABLE = {
    "cut short": b'{"name": ',
    "trailing comma": b'{"name": "x",}',
    "two documents": b'{"name": "x"}{"name": "y"}',
    "single quotes": b"{'name': 'x'}",
    "only blanks": b"   ",
    "byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "utf-16": '{"name": "x"}'.encode("utf-16"),
    "latin-1": b'{"name": "\xe9"}',
    "overlong utf-8": b'{"name": "\xc0\xaf"}',
    "raw surrogate": b'{"name": "\xed\xa0\x80"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "surrogates the wrong way round": b'{"name": "\\udc00\\ud800"}',
    "raw control character": b'{"name": "a\x00b"}',
    "not a number": b'{"count": NaN}',
    "infinity": b'{"count": Infinity}',
    "minus infinity": b'{"count": -Infinity}',
    "exponent beyond all bounds": b'{"count": 1e999}',
    "a thousand digits": b'{"count": ' + b"9" * 1000 + b"}",
    "leading zero": b'{"count": 01}',
    "deep list": b"[" * 100_000,
    "deep and closed": b"[" * 5_000 + b"]" * 5_000,
    "deep object": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "comment": b'{"name": "x"} // note',
    "python": b"True",
    "html": b"<html></html>",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("key", [None, "a-key"], ids=["plain", "with a key"])
@pytest.mark.parametrize("path", ["/probe/echo/", "/probe/make/", "/_allauth/app/v1/auth/login"])
def test_what_is_no_json_is_malformed(api: Api, alice: User, path: str, body: Any, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency_Key": key}
    response = api(alice).post(path, raw=body, **headers)
    assert response.status_code in {400, 409} if "_allauth" in path else response.status_code == 400, response.content
    assert b"Traceback" not in response.content
    if "_allauth" not in path:
        assert response.json()["code"] == "malformed"


@pytest.mark.parametrize("depth", [250, 255, 300, 1000])
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "a-key"}], ids=["plain", "with a key"])
def test_what_is_readable_and_too_deep_to_write_is_refused(
    api: Api, alice: User, depth: int, headers: dict[str, str]
) -> None:
    response = api(alice).post("/probe/make/", raw=b"[" * depth + b"]" * depth, **headers)
    assert response.status_code in {400, 422}, response.content


def test_of_a_key_given_twice_the_last_counts(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/echo/", raw=b'{"name": "first", "name": "last"}')
    assert response.json() == {"name": "last"}


def test_an_empty_body_is_an_empty_object(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/echo/", raw=b"")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/name")


def test_an_empty_body_changes_nothing(api: Api, alice: User) -> None:
    before = api(alice).get("/me/").json()
    assert api(alice).patch("/me/", raw=b"").json() == before


@pytest.mark.parametrize("length", ["-1", "abc", "", "1e3"])
def test_a_false_content_length(api: Api, alice: User, length: str) -> None:
    response = api(alice).post("/probe/echo/", raw=b'{"name": "x"}', Content_Length=length)
    assert response.status_code in {200, 400, 422}, response.content


def test_escapes_and_astral_characters_survive(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/echo/", raw=b'{"name": "\\ud83e\\udd86 \xf0\x9f\xa6\xa6"}')
    assert response.json() == {"name": "\U0001f986 \U0001f9a6"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.binary(max_size=40) | st.text(alphabet='{}[]":,0123456789eE+-.\\u truefalsn', max_size=40).map(str.encode))
def test_the_parser_raises_nothing_but_its_own_errors(rf: RequestFactory, body: Any) -> None:
    request: WSGIRequest = rf.post("/", body, content_type="application/json")
    with contextlib.suppress(ParseError):
        JsonParser().parse(cast("IO[bytes]", request))
