"""Sessions over REST: every route, for the owner, for others, and for nonsense."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services import withdraw_consent
from consciousness.models import Message, Session
from consciousness.services.ends import end_session
from mentors.engines import configured_chain
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import ApiClient
from tests.consciousness.driving import State, drive, says, turn_of
from tests.factories.accounts import give_consent
from tests.factories.mentors import make_traveler
from tests.factories.sessions import make_session

Api = Callable[[User | None], ApiClient]
NOWHERE = "01a20457-0000-7000-8000-000000000000"


def assert_problem(answer: Any, status: int, code: str) -> Any:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()


# Opening and listing ------------------------------------------------------------------------------------


def test_opening_a_session(api: Api, alice: User) -> None:
    give_consent(alice)
    traveler = make_traveler("maren-okafor", version=3)
    answer = api(alice).post("/sessions/", {"traveler": str(traveler.uid), "goal": "  Find work. "})
    assert answer.status_code == 201
    session = Session.objects.get()
    assert answer.json() == {
        "uid": str(session.uid),
        "traveler": {
            "uid": str(traveler.uid),
            "name": "Maren Okafor",
            "occupation": "Data Scientists",
            "greeting": traveler.greeting,
        },
        "traveler_version": 3,
        "instructions_hash": session.version.instructions_hash,
        "engine_chain": configured_chain(),
        "consent_version": 1,
        "origin": "choice",
        "match": None,
        "title": "",
        "goal": "Find work.",
        "state": "open",
        "last_seq": 0,
        "read_seq": 0,
        "unread": 0,
        "head": None,
        "stars": None,
        "created_at": answer.json()["created_at"],
        "starts_at": None,
        "starts_at_local": None,
        "time_zone": "UTC",
        "opened_at": answer.json()["opened_at"],
        "ended_at": None,
        "ended_reason": "",
        "archived_at": None,
    }
    assert (session.user, session.consent_version) == (alice, 1)
    assert api(alice).get(f"/sessions/{session.uid}/").json() == answer.json()


def test_opening_from_a_match_keeps_why(api: Api, alice: User) -> None:
    give_consent(alice)
    traveler = make_traveler("maren-okafor")
    phone = api(alice)
    (proposed,) = phone.get("/matches/").json()["results"]
    told = phone.post("/sessions/", {"traveler": str(traveler.uid), "from_match": True}).json()
    assert told["origin"] == "match"
    assert told["match"] == {name: proposed[name] for name in told["match"]}
    assert set(told["match"]) == {"algorithm", "score", "contributions", "interval", "reasons"}
    # What the person tells later changes nothing here.
    alice.profile.goal_horizon_months = 99
    alice.profile.save()
    assert phone.get(f"/sessions/{told['uid']}/").json()["match"] == told["match"]


def test_without_consent_there_is_no_session(api: Api, alice: User) -> None:
    wanted = {"traveler": str(make_traveler().uid)}
    problem = assert_problem(api(alice).post("/sessions/", wanted), 403, "consent_required")
    assert (problem["purpose"], problem["version"]) == ("ai_provider", 1)
    give_consent(alice)
    withdraw_consent(user=alice, purpose="ai_provider")
    assert_problem(api(alice).post("/sessions/", wanted), 403, "consent_required")
    assert not Session.objects.exists()


def test_only_published_travelers_can_be_met(api: Api, alice: User) -> None:
    give_consent(alice)
    for uid in (make_traveler(is_published=False).uid, NOWHERE):
        assert_problem(api(alice).post("/sessions/", {"traveler": str(uid)}), 404, "traveler_not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/traveler"),
        ({"traveler": "maren"}, "/traveler"),
        ({"traveler": NOWHERE, "goal": 5}, "/goal"),
        ({"traveler": NOWHERE, "goal": "x" * 501}, "/goal"),
        ({"traveler": NOWHERE, "goal": "a\u0000b"}, "/goal"),
        ({"traveler": NOWHERE, "state": "ended"}, "/state"),
        ([], "/"),
        ("x", "/"),
    ],
)
def test_nonsense_opens_nothing(api: Api, alice: User, body: Any, pointer: str) -> None:
    give_consent(alice)
    problem = assert_problem(api(alice).post("/sessions/", body), 422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}


def test_the_same_key_opens_one_session(api: Api, alice: User) -> None:
    give_consent(alice)
    wanted = {"traveler": str(make_traveler().uid)}
    answers = [api(alice).post("/sessions/", wanted, Idempotency_Key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Session.objects.count() == 1


def test_the_list_is_ones_own_and_newest_first(api: Api, session: Session, bob: User) -> None:
    newer = make_session(session.user)
    make_session(bob)
    listed = api(session.user).get("/sessions/").json()
    assert [one["uid"] for one in listed["results"]] == [str(newer.uid), str(session.uid)]


def test_pages(api: Api, session: Session) -> None:
    for _ in range(3):
        make_session(session.user, session.traveler)
    first = api(session.user).get("/sessions/", {"limit": 3}).json()
    rest = api(session.user).get(first["next"].partition("/api/v1")[2]).json()
    assert len(first["results"]) == 3
    assert [one["uid"] for one in rest["results"]] == [str(session.uid)]


# Everybody else -----------------------------------------------------------------------------------------

ROUTES = [
    "GET ",
    "POST end/",
    "GET messages/",
    "POST messages/",
    "POST tickets/",
    f"POST turns/{NOWHERE}/cancel/",
    f"POST turns/{NOWHERE}/retry/",
]


def ask(client: ApiClient, session: object, route: str) -> Any:
    """Use one of the routes of a session, with a body that suits whichever wants one."""
    method, _, path = route.partition(" ")
    body = {"client_id": "c", "text": "Hello"} if route == "POST messages/" else None
    return client.send(method, f"/sessions/{session}/{path}", body)


@pytest.mark.parametrize("route", ROUTES)
def test_others_are_told_that_there_is_nothing(api: Api, session: Session, bob: User, route: str) -> None:
    give_consent(bob)
    foreign, missing = ask(api(bob), session.uid, route), ask(api(bob), NOWHERE, route)
    assert_problem(foreign, 404, "session_not_found")
    assert foreign.json() | {"instance": "", "request_id": ""} == missing.json() | {"instance": "", "request_id": ""}
    assert not Message.objects.exists()


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_is_told_to_sign_in(api: Api, session: Session, route: str) -> None:
    assert_problem(ask(api(None), session.uid, route), 401, "unauthenticated")


# Saying and reading -------------------------------------------------------------------------------------


def test_saying_something(api: Api, session: Session) -> None:
    path = f"/sessions/{session.uid}/messages/"
    first = api(session.user).post(path, {"client_id": "c-1", "text": " Hello \r\n"})
    again = api(session.user).post(path, {"client_id": "c-1", "text": "Hello"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"is_new": False}
    listed = api(session.user).get(path).json()["results"]
    assert [(one["text"], one["author"], one["client_id"], one["turn"]) for one in listed] == [
        ("Hello", "user", "c-1", first.json()["turn"])
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": "x"}, "/client_id"),
        ({"client_id": "", "text": "x"}, "/client_id"),
        ({"client_id": "a b", "text": "x"}, "/client_id"),
        ({"client_id": "c\n", "text": "x"}, "/client_id"),
        ({"client_id": "x" * 65, "text": "x"}, "/client_id"),
        ({"client_id": "c", "text": ""}, "/text"),
        ({"client_id": "c", "text": " \n"}, "/text"),
        ({"client_id": "c", "text": "x" * 4001}, "/text"),
        ({"client_id": "c", "text": "\u001b[2J"}, "/text"),
        ({"client_id": "c", "text": {"a": 1}}, "/text"),
        ({"client_id": "c", "text": "x", "author": "traveler"}, "/author"),
    ],
)
def test_nonsense_is_not_said(api: Api, session: Session, body: Any, pointer: str) -> None:
    answer = api(session.user).post(f"/sessions/{session.uid}/messages/", body)
    assert pointer in {error["pointer"] for error in assert_problem(answer, 422, "invalid")["errors"]}
    assert not Message.objects.exists()


def test_the_transcript_is_in_order(api: Api, session: Session, manus: SimulatorServer) -> None:
    for number in range(3):
        drive(says(session, f"Question {number}?").turn)
    page = api(session.user).get(f"/sessions/{session.uid}/messages/", {"limit": 4}).json()
    rest = api(session.user).get(page["next"].partition("/api/v1")[2]).json()
    said = [*page["results"], *rest["results"]]
    assert [one["author"] for one in said] == ["user", "traveler"] * 3
    assert [one["simulated"] for one in said] == [False, True] * 3


def test_an_ended_session(api: Api, session: Session) -> None:
    client = api(session.user)
    ended = client.post(f"/sessions/{session.uid}/end/")
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert_problem(client.post(f"/sessions/{session.uid}/end/"), 409, "session_ended")
    said = client.post(f"/sessions/{session.uid}/messages/", {"client_id": "c", "text": "Hello?"})
    assert_problem(said, 409, "session_ended")


def test_too_much_at_once(api: Api, session: Session) -> None:
    path = f"/sessions/{session.uid}/messages/"
    for number in range(8):
        assert api(session.user).post(path, {"client_id": f"c-{number}", "text": "x" * 4000}).status_code == 201
    assert_problem(api(session.user).post(path, {"client_id": "c", "text": "x" * 4000}), 409, "queue_full")


def test_a_message_in_a_dense_script_may_not_be_as_long(api: Api, session: Session) -> None:
    path = f"/sessions/{session.uid}/messages/"
    said = api(session.user).post(path, {"client_id": "c", "text": "語" * 3000})
    assert_problem(said, 422, "invalid")
    assert "in parts" in said.json()["errors"][0]["detail"]


# Turns and tickets --------------------------------------------------------------------------------------


def test_cancel_and_retry(api: Api, session: Session, manus: SimulatorServer) -> None:
    client, root = api(session.user), f"/sessions/{session.uid}/turns"
    cancelled = says(session).turn
    answer = client.post(f"{root}/{cancelled}/cancel/")
    assert (answer.status_code, answer.json()) == (200, {"uid": str(cancelled), "state": "cancelled", "final": True})
    assert_problem(client.post(f"{root}/{cancelled}/cancel/"), 409, "turn_wrong_state")
    assert_problem(client.post(f"{root}/{cancelled}/retry/"), 409, "turn_wrong_state")
    manus.arm("task.create", "401")
    failed = drive(says(session).turn).uid
    assert client.post(f"{root}/{failed}/retry/").json() == {"uid": str(failed), "state": "queued", "final": True}
    assert turn_of(failed).state == State.QUEUED
    for action in ("cancel", "retry"):
        assert_problem(client.post(f"{root}/{uuid4()}/{action}/"), 404, "turn_not_found")


def test_a_ticket(api: Api, session: Session) -> None:
    answers = [api(session.user).post(f"/sessions/{session.uid}/tickets/").json() for _ in range(2)]
    assert answers[0]["expires_in"] == 30
    assert len(answers[0]["ticket"]) >= 40
    assert answers[0]["ticket"] != answers[1]["ticket"]
    assert api(session.user).token not in answers[0]["ticket"]


def test_a_session_that_ended_can_still_be_watched(api: Api, session: Session) -> None:
    end_session(session=session.uid, actor=session.user)
    assert api(session.user).post(f"/sessions/{session.uid}/tickets/").status_code == 201
