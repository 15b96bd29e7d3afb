"""How far somebody has read: it only grows, is the same on all devices, and says what is unread."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from consciousness.errors import SessionNotFound
from consciousness.events import ReadingMoved
from consciousness.models import Reading, Session
from consciousness.services.reading import mark_read
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api, ApiClient
from tests.consciousness.driving import kinds_of
from tests.consciousness.trees import replied_again, retold, told, turns_to
from tests.factories.sessions import make_session
from timetravelers.kit.events import subscribe


def reads(session: Session, seq: int) -> int:
    return mark_read(session=session.uid, actor=session.user, seq=seq)


def unread_in(phone: ApiClient, session: Session) -> int:
    """As the list says."""
    shown = {one["uid"]: one["unread"] for one in phone.get("/sessions/").json()["results"]}
    return int(shown[str(session.uid)])


@pytest.mark.django_db
@hypothesis_settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(last=st.integers(0, 30), marks=st.lists(st.integers(0, 2**53), max_size=8) | st.lists(st.integers(0, 40)))
def test_it_grows_and_never_beyond_the_newest(alice: User, last: int, marks: list[int]) -> None:
    session = make_session(alice, last_seq=last)
    reached = 0
    for mark in marks:
        reached = max(reached, min(mark, last))
        assert reads(session, mark) == reached
    assert [one.seq for one in Reading.objects.filter(session=session)] == ([reached] if marks else [])


def test_what_is_read_is_no_news(session: Session, manus: SimulatorServer) -> None:
    told(session, "One.")
    before = kinds_of(session)
    reads(session, 3)
    assert kinds_of(session) == before


def test_other_devices_hear_only_of_progress(alice: User) -> None:
    session = make_session(alice, last_seq=9)
    heard: list[int] = []

    def hear(event: ReadingMoved) -> None:
        if event.session == session.uid:
            heard.append(event.seq)

    subscribe(ReadingMoved, hear, in_transaction=True)
    for seq in (3, 3, 2, 7, 100, 9):
        reads(session, seq)
    assert heard == [3, 7, 9]


def test_sessions_of_others_are_not_there(session: Session, bob: User) -> None:
    for uid, actor in ((session.uid, bob), (uuid4(), session.user)):
        with pytest.raises(SessionNotFound):
            mark_read(session=uid, actor=actor, seq=1)
    assert not Reading.objects.exists()


def test_replies_in_view_are_unread_until_they_are_read(session: Session, manus: SimulatorServer, api: Api) -> None:
    phone = api(session.user)
    assert unread_in(phone, session) == 0
    first = told(session, "One.")
    assert unread_in(phone, session) == 1
    told(session, "Two.")
    assert unread_in(phone, session) == 2
    reply = session.messages.filter(turn__uid=first, author="traveler").get()
    reads(session, reply.seq or 0)
    assert unread_in(phone, session) == 1
    session.refresh_from_db()
    reads(session, session.last_seq)
    assert unread_in(phone, session) == 0


def test_another_reply_is_one_to_read_and_what_is_out_of_view_is_not(
    session: Session, manus: SimulatorServer, api: Api
) -> None:
    phone = api(session.user)
    first = told(session, "One.")
    replied_again(session, first)
    assert unread_in(phone, session) == 1
    session.refresh_from_db()
    reads(session, session.last_seq)
    retold(session, first, "Uno.")
    assert unread_in(phone, session) == 1
    turns_to(session, first)
    assert unread_in(phone, session) == 0


def test_over_rest(session: Session, manus: SimulatorServer, api: Api, bob: User) -> None:
    told(session, "One.")
    phone, path = api(session.user), f"/sessions/{session.uid}/"
    tag = phone.get(path).headers["ETag"]
    assert phone.put(f"{path}read/", {"seq": 3}).json() == {"seq": 3}
    assert phone.put(f"{path}read/", {"seq": 1}).json() == {"seq": 3}
    shown = phone.get(path, If_None_Match=tag)
    assert shown.status_code == 200
    assert shown.json()["read_seq"] == 3
    assert api(bob).put(f"{path}read/", {"seq": 3}).status_code == 404


@pytest.mark.parametrize("seq", [-1, 2**53 + 1, "3", 1.5, None, True, [3]])
def test_what_is_no_number_of_an_event_is_refused(seq: object, session: Session, api: Api) -> None:
    answer = api(session.user).put(f"/sessions/{session.uid}/read/", {"seq": seq})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/seq"
