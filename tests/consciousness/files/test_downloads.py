"""Fetching files by signed addresses: what is sent, to whom, and for how long."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import User
from consciousness import downloads, file_links
from consciousness.models import File
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_user
from tests.factories.files import make_file
from timetravelers.kit.clock import now
from timetravelers.kit.live.database import close_pool, open_pool

pytestmark = pytest.mark.django_db(transaction=True)

BODY = bytes(range(256)) * 10


@pytest.fixture
def owner() -> User:
    return make_user("owner@example.org")


@pytest.fixture
def file(owner: User) -> File:
    return make_file(owner, BODY, name="Größe.txt", has_thumbnail=True)


def link(owner: User, file: File, variant: str = "original") -> str:
    answer = ApiClient(owner).post(f"/files/{file.uid}/links/", {"variant": variant})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["url"])


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What comes back over ASGI."""
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "method": method,
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [(name.lower().replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def serve() -> None:
        await open_pool()
        try:
            await downloads.application(scope, receive, send)
        finally:
            await close_pool()

    assert downloads.is_download(parts.path)
    asyncio.run(serve())
    told = {name.decode(): value.decode("latin1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message["body"] for message in sent[1:])


def test_who_has_the_address_gets_the_file(owner: User, file: File) -> None:
    status, headers, body = get(link(owner, file))
    assert (status, body) == (200, BODY)
    assert headers["content-disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt"
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-length"] == str(len(BODY))


def test_a_thumbnail_has_an_address_of_its_own(owner: User, file: File) -> None:
    status, headers, _ = get(link(owner, file, "thumbnail"))
    assert (status, headers["content-type"]) == (200, "image/webp")
    file.has_thumbnail = False
    file.save()
    answer = ApiClient(owner).post(f"/files/{file.uid}/links/", {"variant": "thumbnail"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=100-", 206, 100, len(BODY)),
        ("bytes=-10", 206, len(BODY) - 10, len(BODY)),
        ("bytes=2550-99999", 206, 2550, len(BODY)),
        ("bytes=0-", 200, 0, len(BODY)),
        ("bytes=9999-", 200, 0, len(BODY)),
        ("bytes=9-3", 200, 0, len(BODY)),
        ("bytes=-", 200, 0, len(BODY)),
        ("bytes=0-1,5-6", 200, 0, len(BODY)),
        ("lines=0-1", 200, 0, len(BODY)),
    ],
)
def test_a_part_of_it_will_do(  # noqa: PLR0917 - a case, and who is in it
    asked: str, status: int, start: int, stop: int, owner: User, file: File
) -> None:
    told, headers, body = get(link(owner, file), Range=asked)
    assert (told, body) == (status, BODY[start:stop])
    assert headers.get("content-range") == (f"bytes {start}-{stop - 1}/{len(BODY)}" if status == 206 else None)


def test_a_part_of_another_version_will_not(owner: User, file: File) -> None:
    url = link(owner, file)
    tag = get(url)[1]["etag"]
    assert get(url, Range="bytes=0-9", If_Range=tag)[0] == 206
    assert get(url, Range="bytes=0-9", If_Range='"other"')[0] == 200


def test_only_the_headers(owner: User, file: File) -> None:
    status, headers, body = get(link(owner, file), "HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(BODY)), b"")


def test_of_one_persons_files_so_many_are_fetched_at_once(
    owner: User, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or one person who reads slowly keeps everybody else from theirs."""
    others = make_file(make_user("another@example.org"))
    monkeypatch.setattr(downloads, "_under_way", dict.fromkeys(map(str, range(downloads.MOST_OF_ONE)), owner.pk))
    status, headers, _ = get(link(owner, file))
    assert (status, headers["retry-after"]) == (429, "5")
    monkeypatch.setattr(downloads, "_under_way", {"0": others.user_id, "1": None})
    assert get(link(owner, file))[0] == 200
    assert downloads._under_way == {"0": others.user_id, "1": None}


def test_who_does_not_read_is_hung_up_on(owner: User, file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PIECE_SECONDS", 0.05)
    parts = urlsplit(link(owner, file))
    sent: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def serve() -> None:
        await open_pool()
        try:
            scope = {"type": "http", "method": "GET", "path": parts.path, "query_string": parts.query.encode()}
            async with asyncio.timeout(30):
                await downloads.application({**scope, "headers": []}, _nothing_more, send)
        finally:
            await close_pool()

    asyncio.run(serve())
    assert sent == ["http.response.start", "http.response.body"]
    assert not downloads._under_way


async def _nothing_more() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def test_nothing_is_posted_there(owner: User, file: File) -> None:
    assert get(link(owner, file), "POST")[0] == 405


def test_an_address_is_good_for_some_minutes(owner: User, file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    url, later = link(owner, file), now() + timedelta(minutes=6)
    monkeypatch.setattr(file_links, "now", lambda: later)
    status, headers, body = get(url)
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert b"file_link_expired" in body


@pytest.mark.parametrize("change", ["other file", "other letter", "none"])
def test_an_address_is_for_one_file(change: str, owner: User, file: File) -> None:
    url = link(owner, file)
    other = make_file(owner)
    signature = parse_qs(urlsplit(url).query)["sig"][0]
    changed = {
        "other file": url.replace(str(file.uid), str(other.uid)),
        "other letter": url.replace(signature, signature[:-1] + ("a" if signature[-1] != "a" else "b")),
        "none": url.partition("?")[0],
    }
    assert get(changed[change])[0] == 404


def test_what_is_gone_is_gone(owner: User, file: File) -> None:
    url = link(owner, file)
    assert ApiClient(owner).delete(f"/files/{file.uid}/").status_code == 202
    assert get(url)[0] == 404


def test_only_the_owner_gets_an_address(file: File, api: Api) -> None:
    other = make_user("other@example.org")
    assert api(other).post(f"/files/{file.uid}/links/", {}).status_code == 404
    assert api(None).post(f"/files/{file.uid}/links/", {}).status_code == 401


@pytest.mark.parametrize(("state", "code"), [("checking", "file_not_ready"), ("refused", "file_refused")])
def test_only_what_passed_has_one(state: str, code: str, owner: User) -> None:
    reason = "empty" if state == "refused" else ""
    file = make_file(owner, state=state, reason=reason)
    assert ApiClient(owner).post(f"/files/{file.uid}/links/", {}).json()["code"] == code
