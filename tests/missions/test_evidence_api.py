"""POST /missions/{uid}/evidence/: shown words and links, taken once, refused when they are neither."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from missions.evidence import MAX_ITEMS
from missions.models import Evidence, Mission
from tests.actors import ApiClient
from tests.factories.missions import make_mission, make_template

Api = Callable[[User | None], ApiClient]

TEXT = {"kind": "text", "content": "Sales fell on Thursdays."}


@pytest.fixture
def mission(alice: User) -> Mission:
    return make_mission(alice, state=Mission.State.ACCEPTED)


@pytest.mark.parametrize("body", [TEXT, {"kind": "link", "content": "https://example.org/chart?week=4#top"}])
def test_takes_words_and_links(api: Api, alice: User, mission: Mission, body: dict[str, str]) -> None:
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", body)
    assert answer.status_code == 201
    stored = Evidence.objects.get()
    assert answer.json()["uid"] == str(stored.uid)
    assert {"kind": stored.kind, "content": stored.content} == body


def test_stores_markup_as_the_words_it_is(api: Api, alice: User, mission: Mission) -> None:
    words = "<script>alert(1)</script> {{ x }} 🪄 ' OR 1=1"
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", {"kind": "text", "content": words})
    assert answer.json()["content"] == words


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "text"}, "/content"),
        ({"kind": "text", "content": ""}, "/content"),
        ({"kind": "text", "content": " \n "}, "/content"),
        ({"kind": "text", "content": "x" * 10_001}, "/content"),
        ({"kind": "text", "content": "a\x00b"}, "/content"),
        ({"kind": "text", "content": 7}, "/content"),
        ({"kind": "text", "content": ["x"]}, "/content"),
        ({"kind": "text", "content": None}, "/content"),
        ({"kind": "photo", "content": "x"}, "/kind"),
        ({"content": "x"}, "/kind"),
        ({"kind": "text", "content": "x", "points": 500}, "/points"),
        ({"kind": "link", "content": "javascript:alert(1)"}, "/content"),
        ({"kind": "link", "content": "ftp://example.org/x"}, "/content"),
        ({"kind": "link", "content": "https://"}, "/content"),
        ({"kind": "link", "content": "https://user:secret@example.org/"}, "/content"),
        ({"kind": "link", "content": "https://example.org/a b"}, "/content"),
        ({"kind": "link", "content": "https://[::1/"}, "/content"),
        ({"kind": "link", "content": "https://example.org:port/"}, "/content"),
        ({"kind": "link", "content": "example.org"}, "/content"),
        ({"kind": "link", "content": "https://example.org/" + "x" * 2_000}, "/content"),
    ],
)
def test_refuses_what_is_no_evidence(api: Api, alice: User, mission: Mission, body: Any, pointer: str) -> None:
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"text"', b"null", b'{"kind": "text", "content": "\\ud800"}'])
def test_refuses_what_is_no_object(api: Api, alice: User, mission: Mission, raw: bytes) -> None:
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", raw=raw)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_refuses_a_kind_the_mission_does_not_take(api: Api, alice: User) -> None:
    template = make_template(evidence_kinds=["link"])
    mission = make_mission(alice, state=Mission.State.ACCEPTED, template=template)
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", TEXT)
    assert answer.status_code == 422
    assert answer.json()["code"] == "evidence_invalid"


@pytest.mark.parametrize("state", ["offered", "completed", "declined"])
def test_evidence_is_for_missions_under_way(api: Api, alice: User, state: str) -> None:
    mission = make_mission(alice, state=state)
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", TEXT)
    assert answer.status_code == 409
    assert answer.json()["code"] == "mission_wrong_state"


def test_the_same_key_adds_it_once(api: Api, alice: User, mission: Mission) -> None:
    path = f"/missions/{mission.uid}/evidence/"
    first, again = (api(alice).post(path, TEXT, Idempotency_Key="k-1") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Evidence.objects.count() == 1
    other = api(alice).post(path, {**TEXT, "content": "Something else."}, Idempotency_Key="k-1")
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_mission_holds_only_so_much(api: Api, alice: User, mission: Mission) -> None:
    rows = [Evidence(mission=mission, kind="text", content=str(n)) for n in range(MAX_ITEMS)]
    Evidence.objects.bulk_create(rows)
    answer = api(alice).post(f"/missions/{mission.uid}/evidence/", TEXT)
    assert answer.status_code == 409
    assert answer.json()["code"] == "evidence_full"


def test_foreign_missions_take_nothing(api: Api, bob: User, charlie: User, staff: User, mission: Mission) -> None:
    for actor in (bob, charlie, staff):
        assert api(actor).post(f"/missions/{mission.uid}/evidence/", TEXT).status_code == 404
    assert api(None).post(f"/missions/{mission.uid}/evidence/", TEXT).status_code == 401
    assert not Evidence.objects.exists()
