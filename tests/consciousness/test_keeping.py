"""Naming sessions, putting them away, finding them in the list, and ending them when nobody talks any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Session, Turn
from consciousness.services.ends import end_idle
from tests.actors import ApiClient
from tests.consciousness.driving import kinds_of, last_event, says
from tests.consciousness.test_api import assert_problem
from tests.factories.mentors import make_traveler
from tests.factories.sessions import make_scheduled, make_session
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]


# Naming and putting away --------------------------------------------------------------------------------


def test_naming_a_session(api: Api, session: Session) -> None:
    answer = api(session.user).patch(f"/sessions/{session.uid}/", {"title": "  First talk "})
    assert (answer.status_code, answer.json()["title"]) == (200, "First talk")
    news = {"title": "First talk", "source": "person"}
    assert last_event(session) == {"seq": 1, "type": "session.renamed", "data": news}
    api(session.user).patch(f"/sessions/{session.uid}/", {"title": "First talk"})
    assert kinds_of(session) == ["session.renamed"]


@pytest.mark.parametrize("body", [{}, {"title": 5}, {"title": "x" * 121}, {"title": "a\u0000"}, {"goal": "x"}, []])
def test_names_that_are_none(api: Api, session: Session, body: Any) -> None:
    assert_problem(api(session.user).patch(f"/sessions/{session.uid}/", body), 422, "invalid")
    assert kinds_of(session) == []


def test_two_phones_do_not_overwrite_each_other(api: Api, session: Session) -> None:
    phone = api(session.user)
    tag = phone.get(f"/sessions/{session.uid}/").headers["ETag"]
    assert phone.patch(f"/sessions/{session.uid}/", {"title": "One"}, If_Match=tag).status_code == 200
    for lost in (
        phone.patch(f"/sessions/{session.uid}/", {"title": "Two"}, If_Match=tag),
        phone.post(f"/sessions/{session.uid}/archive/", If_Match=tag),
        phone.patch(f"/sessions/{session.uid}/", {"title": "Two"}, If_Match='"x"'),
    ):
        assert_problem(lost, 412, "precondition_failed")
    assert Session.objects.get().title == "One"


def test_what_is_said_is_no_edit_but_a_change(api: Api, session: Session) -> None:
    phone = api(session.user)
    tag = phone.get(f"/sessions/{session.uid}/").headers["ETag"]
    assert phone.get(f"/sessions/{session.uid}/", If_None_Match=tag).status_code == 304
    says(session)
    assert phone.get(f"/sessions/{session.uid}/", If_None_Match=tag).status_code == 200
    assert phone.patch(f"/sessions/{session.uid}/", {"title": "One"}, If_Match=tag).status_code == 200


def test_putting_away_and_taking_out(api: Api, session: Session) -> None:
    phone = api(session.user)
    for _ in range(2):
        assert phone.post(f"/sessions/{session.uid}/archive/").json()["archived_at"]
    assert phone.get("/sessions/").json()["results"] == []
    assert phone.get(f"/sessions/{session.uid}/").json()["state"] == "open"
    for _ in range(2):
        assert phone.post(f"/sessions/{session.uid}/unarchive/").json()["archived_at"] is None
    assert kinds_of(session) == ["session.archived", "session.unarchived"]


# The list -----------------------------------------------------------------------------------------------


def test_the_list_is_narrowed(api: Api, alice: User) -> None:
    maren, other = make_traveler("maren-okafor"), make_traveler("tomas-lind")
    talk = make_session(alice, maren, title="Interview", goal="Be less shy")
    ended = make_session(alice, other, state="ended", ended_at=now(), ended_reason="user")
    planned = make_scheduled(alice, now() + timedelta(days=1), maren)
    away = make_session(alice, maren, archived_at=now())
    phone = api(alice)

    def found(**query: Any) -> list[str]:
        return [one["uid"] for one in phone.get("/sessions/", query).json()["results"]]

    def uids(*wanted: Session) -> list[str]:
        return [str(one.uid) for one in wanted]

    assert found() == uids(planned, ended, talk)
    assert found(state="scheduled") == uids(planned)
    assert found(state="open,ended") == uids(ended, talk)
    assert found(archived="true") == uids(away)
    assert found(archived="all", traveler=str(maren.uid)) == uids(away, planned, talk)
    assert found(q="SHY inter") == uids(talk)
    assert found(q="tomas") == uids(ended)
    assert found(q="100%") == []
    assert found(limit=1) == uids(planned)


@pytest.mark.parametrize("query", [{"state": "asleep"}, {"archived": "maybe"}, {"traveler": "x"}, {"order": "1"}])
def test_nonsense_narrows_nothing(api: Api, alice: User, query: dict[str, str]) -> None:
    assert_problem(api(alice).get("/sessions/", query), 422, "invalid")


# Idle sessions ------------------------------------------------------------------------------------------


def quiet(session: Session, hours: float) -> None:
    """Nothing has happened for so long."""
    past = now() - timedelta(hours=hours)
    Session.objects.filter(pk=session.pk).update(updated_at=past, idle_check_at=past)


def test_a_session_ends_when_nobody_talks(session: Session, settings: Settings) -> None:
    settings.SESSION_IDLE = timedelta(hours=24)
    quiet(session, 23.9)
    assert end_idle() == 0
    quiet(session, 24.1)
    assert end_idle() == 1
    session.refresh_from_db()
    assert (session.state, session.ended_reason) == ("ended", "idle")
    assert last_event(session)["data"]["reason"] == "idle"
    assert end_idle() == 0


def test_the_next_look_is_when_it_could_be_over(session: Session, settings: Settings) -> None:
    settings.SESSION_IDLE = timedelta(hours=24)
    quiet(session, 10)
    end_idle()
    session.refresh_from_db()
    assert session.idle_check_at == session.updated_at + settings.SESSION_IDLE


def test_a_turn_under_way_is_waited_for(session: Session) -> None:
    turn = says(session).turn
    quiet(session, 1_000)
    assert end_idle() == 0
    assert Session.objects.get().idle_check_at > now()
    Turn.objects.filter(uid=turn).update(state="failed", ended_at=now(), failure="x")
    quiet(session, 1_000)
    assert end_idle() == 1
