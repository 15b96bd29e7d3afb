"""The client against servers that are broken or mean."""

from __future__ import annotations

import socket
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.manus import errors
from tests.mentors.manus.conftest import KEY, make_client
from tests.mentors.manus.raw_server import answer, serving

OK = b'{"ok": true, "request_id": "r1", "task_id": "T1"}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b"null",
        b"{}",
        b'{"ok": "true", "task_id": "T1"}',
        b'{"ok": 1, "task_id": "T1"}',
        b'{"ok": true}',
        b'{"ok": true, "task_id": 5}',
        b'{"ok": true, "task_id": "T1"',
        b'{"ok": true, "task_id": "\xff"}',
        b'{"ok": true, "task_id": "T1"} trailing',
        b"[" * 100_000,
        OK.decode().encode("utf-16"),
    ],
)
def test_a_senseless_answer_to_a_write_is_invalid_and_ambiguous(body: bytes) -> None:
    with serving(answer(body)) as server, pytest.raises(errors.InvalidAnswer) as caught:
        make_client(server.url).create_task("hello")
    assert caught.value.ambiguous
    assert len(server.requests) == 1


def test_the_content_type_does_not_matter_but_the_content_does() -> None:
    with serving(answer(OK, headers=["Content-Type: text/html"])) as server:
        assert make_client(server.url).create_task("hello").task_id == "T1"


def test_an_answer_that_claims_success_without_ok_is_none() -> None:
    body = b'{"ok": false, "error": {"code": "not_found", "message": "x"}}'
    with serving(answer(body)) as server, pytest.raises(errors.NotFound):
        make_client(server.url).task_detail("T1")


def test_an_unknown_code_with_status_200_is_an_invalid_answer() -> None:
    body = b'{"ok": false, "error": {"code": "brand_new", "message": "x"}}'
    with serving(answer(body)) as server, pytest.raises(errors.InvalidAnswer) as caught:
        make_client(server.url).task_detail("T1")
    assert caught.value.provider_code == "brand_new"


def test_a_body_can_not_claim_to_be_simulated() -> None:
    with serving(answer(b'{"ok": true, "task_id": "T1", "simulated": true}')) as server:
        assert not make_client(server.url).create_task("hello").simulated


def test_numbers_may_come_as_strings_and_new_fields_are_ignored() -> None:
    body = (
        b'{"ok": true, "new": {"a": 1}, "messages": [{"id": "e1", "type": "galaxy_event", "timestamp":'
        b' "1704067200000", "galaxy_event": {"b": 2}}], "has_more": false}'
    )
    with serving(answer(body)) as server:
        page = make_client(server.url).list_messages("T1")
    assert page.messages[0].timestamp == 1704067200000


def test_credits_are_read_from_the_top_level_too() -> None:
    with serving(answer(b'{"ok": true, "request_id": "r9", "total_credits": "41"}')) as server:
        found = make_client(server.url).available_credits()
    assert (found.data.total_credits, found.request_id) == (41, "r9")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_redirects_are_refused_and_the_key_goes_nowhere_else(status: str) -> None:
    with serving(answer(OK)) as elsewhere:
        redirect = answer(OK, status=status, headers=[f"Location: {elsewhere.url}/v2/task.list"])
        with serving(redirect) as server, pytest.raises(errors.InvalidAnswer):
            make_client(server.url).list_tasks()
        assert elsewhere.requests == []
    assert KEY.encode() in server.requests[0]


def test_the_key_travels_in_its_header_alone_and_no_cookie_is_kept() -> None:
    with serving(answer(OK, headers=["Set-Cookie: a=b; Path=/"])) as server:
        client = make_client(server.url)
        client.create_task("hello")
        client.create_task("hello")
    head = server.requests[1].split(b"\r\n\r\n")[0].lower()
    assert f"x-manus-api-key: {KEY}".encode() in head
    assert b"authorization" not in head
    assert b"cookie" not in head
    assert KEY.encode() not in head.split(b"\r\n")[0]


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    chunk = b"x" * 1024 * 1024
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"
    with serving(head, *([chunk] * 64)) as server, pytest.raises(errors.InvalidAnswer):
        make_client(server.url).create_task("hello")


def test_an_endless_drip_ends_at_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    started = time.monotonic()
    with serving(head, *([b" "] * 1000), pause=0.05) as server, pytest.raises(errors.Timeout) as caught:
        make_client(server.url, total_timeout=0.5).create_task("hello")
    assert caught.value.ambiguous
    assert time.monotonic() - started < 20


def test_silence_is_a_timeout() -> None:
    with serving(silent_seconds=5) as server, pytest.raises((errors.Timeout, errors.Unavailable)) as caught:
        make_client(server.url, read_timeout=0.3).create_task("hello")
    assert caught.value.ambiguous


def test_half_an_answer_is_none() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + OK
    with serving(cut) as server, pytest.raises(errors.ManusError) as caught:
        make_client(server.url).create_task("hello")
    assert caught.value.ambiguous


@pytest.mark.parametrize(
    "noise", [b"\x00\x01\x02", b"SSH-2.0-server\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200\r\n"]
)
def test_what_is_not_http_is_unavailable(noise: bytes) -> None:
    with serving(noise) as server, pytest.raises(errors.ManusError):
        make_client(server.url, read_timeout=0.5).create_task("hello")


def test_nobody_there_is_unavailable_and_surely_did_not_happen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(errors.Unavailable) as caught:
        make_client(f"http://127.0.0.1:{port}").create_task("hello")
    assert not caught.value.ambiguous


def test_a_server_without_a_trusted_certificate_gets_no_request() -> None:
    with serving(answer(OK)) as server, pytest.raises(errors.Unavailable):
        make_client(server.url.replace("http://", "https://")).create_task("hello")
    assert all(KEY.encode() not in request for request in server.requests)


def test_retry_after_is_kept_when_it_is_a_number() -> None:
    body = b'{"ok": false, "error": {"code": "rate_limited", "message": "x"}}'
    limited = answer(body, status="429 Too Many Requests", headers=["Retry-After: 17"])
    with serving(limited) as server, pytest.raises(errors.RateLimited) as caught:
        make_client(server.url).create_task("hello")
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("401 Unauthorized", "permission_denied", errors.Authentication),
        ("403 Forbidden", "permission_denied", errors.PermissionDenied),
        ("429 Too Many Requests", "QuotaExceededError", errors.QuotaExceeded),
        ("400 Bad Request", "insufficient_credits", errors.QuotaExceeded),
        ("418 Teapot", "whatever", errors.InvalidRequest),
        ("503 Service Unavailable", "internal", errors.Unavailable),
    ],
)
def test_refusals_nobody_documented_land_in_the_nearest_class(
    status: str, code: str, expected: type[errors.ManusError]
) -> None:
    body = f'{{"ok": false, "error": {{"code": "{code}", "message": "secret words"}}}}'.encode()
    with serving(answer(body, status=status)) as server, pytest.raises(expected) as caught:
        make_client(server.url).create_task("hello")
    assert "secret words" not in repr(caught.value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_whatever_bytes_come_the_client_answers_with_its_own_errors(noise: bytes) -> None:
    with serving(noise) as server:
        client = make_client(server.url, read_timeout=0.5)
        with pytest.raises(errors.ManusError):
            client.create_task("hello")
