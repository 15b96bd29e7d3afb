"""What people think of replies and sessions: once a person, changed, taken back; the log tells stars and no words."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from consciousness.errors import MessageNotFound, NotAReply, NothingToRate, NotRated, SessionNotFound
from consciousness.events import ReplyRated, SessionRated
from consciousness.models import Rating, Session, SessionEvent
from consciousness.services.ends import end_session
from consciousness.services.feedback import rate_reply, rate_session, unrate_reply, unrate_session
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api
from tests.consciousness.driving import events_of, kinds_of, says
from tests.consciousness.trees import replied_again, replies_of, told
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.events import subscribe

SECRET = "it was dull, and about my cousin"


@pytest.fixture
def path(session: Session, manus: SimulatorServer) -> str:
    """The door of a reply's rating."""
    reply = replies_of(told(session, "One."))[0]
    return f"/sessions/{session.uid}/messages/{reply.uid}/rating/"


def test_a_reply_is_rated_changed_and_taken_back(session: Session, path: str, api: Api) -> None:
    phone, reply = api(session.user), session.messages.get(author="traveler")
    assert phone.get(path).json()["code"] == "not_rated"
    rated = phone.put(path, {"stars": 2, "feedback": SECRET})
    assert (rated.status_code, rated.json()["stars"], rated.json()["feedback"]) == (200, 2, SECRET)
    assert phone.put(path, {"stars": 5}).json()["feedback"] == ""
    assert phone.get(path).json()["stars"] == 5
    assert phone.get(f"/sessions/{session.uid}/messages/").json()["results"][1]["stars"] == 5
    assert phone.delete(path).status_code == 204
    assert phone.delete(path).json()["code"] == "not_rated"
    told_stars = [one["data"] for one in events_of(session) if one["type"] == "reply.rated"]
    assert told_stars == [{"message": str(reply.uid), "stars": stars} for stars in (2, 5, None)]
    assert not Rating.objects.exists()


def test_a_session_is_rated_changed_and_taken_back(session: Session, path: str, api: Api) -> None:
    phone, door = api(session.user), f"/sessions/{session.uid}/rating/"
    assert phone.get(door).status_code == 404
    assert phone.put(door, {"stars": 4, "feedback": SECRET}).json()["stars"] == 4
    assert phone.get(f"/sessions/{session.uid}/").json()["stars"] == 4
    assert phone.get(path).status_code == 404  # of the reply nothing was said
    assert phone.get(door).json()["feedback"] == SECRET
    assert phone.delete(door).status_code == 204
    assert phone.get(f"/sessions/{session.uid}/").json()["stars"] is None
    told_stars = [one["data"] for one in events_of(session) if one["type"] == "session.rated"]
    assert told_stars == [{"stars": 4}, {"stars": None}]


def test_the_words_are_in_no_event(session: Session, path: str, api: Api) -> None:
    phone = api(session.user)
    phone.put(path, {"stars": 2, "feedback": SECRET})
    phone.put(f"/sessions/{session.uid}/rating/", {"stars": 2, "feedback": SECRET})
    assert not any(SECRET in str(data) for data in SessionEvent.objects.values_list("data", flat=True))


def test_the_same_again_is_no_news(session: Session, path: str, api: Api) -> None:
    phone = api(session.user)
    phone.put(path, {"stars": 2})
    before = kinds_of(session)
    phone.put(path, {"stars": 2})
    phone.put(path, {"stars": 2, "feedback": SECRET})
    assert kinds_of(session) == before
    assert Rating.objects.get().feedback == SECRET


def test_superseded_replies_and_ended_sessions_are_rated_too(session: Session, manus: SimulatorServer) -> None:
    turn = told(session, "One.")
    replied_again(session, turn)
    end_session(session=session.uid, actor=session.user)
    for stars, reply in enumerate(replies_of(turn), start=1):
        assert rate_reply(session=session.uid, message=reply.uid, actor=session.user, stars=stars).stars == stars
    assert rate_session(session=session.uid, actor=session.user, stars=3).stars == 3
    assert Rating.objects.count() == 3


def test_others_hear_what_was_thought(session: Session, manus: SimulatorServer) -> None:
    heard: list[Any] = []
    subscribe(ReplyRated, heard.append, in_transaction=True)
    subscribe(SessionRated, heard.append, in_transaction=True)
    reply = replies_of(told(session, "One."))[0]
    rate_reply(session=session.uid, message=reply.uid, actor=session.user, stars=1)
    rate_session(session=session.uid, actor=session.user, stars=5, feedback=SECRET)
    unrate_session(session=session.uid, actor=session.user)
    who = {"user_id": session.user_id, "traveler_id": session.traveler_id}
    mine = [one for one in heard if one.user_id == session.user_id]
    assert mine == [
        ReplyRated(reply.uid, stars=1, **who),
        SessionRated(session.uid, stars=5, **who),
        SessionRated(session.uid, stars=None, **who),
    ]


def test_what_cannot_be_rated(session: Session, manus: SimulatorServer, bob: User) -> None:
    with pytest.raises(NothingToRate):
        rate_session(session=session.uid, actor=session.user, stars=3)
    said = says(session, "One.").message
    with pytest.raises(NotAReply):
        rate_reply(session=session.uid, message=said, actor=session.user, stars=3)
    reply = replies_of(told(make_session(session.user), "Elsewhere."))[0].uid
    for unknown in (reply, uuid4()):
        with pytest.raises(MessageNotFound):
            rate_reply(session=session.uid, message=unknown, actor=session.user, stars=3)
    with pytest.raises(SessionNotFound):
        rate_session(session=session.uid, actor=bob, stars=3)
    with pytest.raises(NotRated):
        unrate_session(session=session.uid, actor=session.user)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/stars"),
        *(({"stars": stars}, "/stars") for stars in (0, 6, "5", 4.5, True, None, [5], 10**30)),
        ({"stars": 5, "feedback": "x" * 2_001}, "/feedback"),
        ({"stars": 5, "feedback": "a\x00b"}, "/feedback"),
        ({"stars": 5, "feedback": 7}, "/feedback"),
        ({"stars": 5, "mood": "good"}, "/mood"),
    ],
)
def test_a_rating_that_is_none_is_pointed_at(body: Any, pointer: str, session: Session, path: str, api: Api) -> None:
    answer = api(session.user).put(path, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Rating.objects.exists()


def test_ratings_of_others_are_out_of_reach(session: Session, path: str, api: Api, bob: User) -> None:
    api(session.user).put(path, {"stars": 2})
    for method in ("GET", "PUT", "DELETE"):
        assert api(bob).send(method, path, {"stars": 1} if method == "PUT" else None).status_code == 404
    assert Rating.objects.get().stars == 2


@pytest.mark.parametrize("stars", [0, 6])
def test_the_table_refuses_what_is_no_rating(stars: int, session: Session) -> None:
    with pytest.raises(IntegrityError, match="rating_stars_in_range"), transaction.atomic():
        Rating.objects.create(session=session, user=session.user, stars=stars)


@pytest.mark.django_db(transaction=True)
def test_many_devices_rate_at_once(session: Session, manus: SimulatorServer) -> None:
    reply = replies_of(told(session, "One."))[0].uid
    given = at_once(5, lambda side: rate_reply(session=session.uid, message=reply, actor=session.user, stars=side + 1))
    assert all(isinstance(one, Rating) for one in given)
    told_stars = [one["data"]["stars"] for one in events_of(session) if one["type"] == "reply.rated"]
    assert sorted(told_stars) == [1, 2, 3, 4, 5]
    assert Rating.objects.get().stars == told_stars[-1]
    unrated = at_once(3, lambda _: unrate_reply(session=session.uid, message=reply, actor=session.user))
    assert [isinstance(one, NotRated) for one in unrated].count(False) == 1


def test_staff_read_what_was_written_for_them(session: Session, path: str, api: Api, staff: User) -> None:
    api(session.user).put(path, {"stars": 2, "feedback": SECRET})
    browser = Client()
    browser.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/admin/consciousness/rating/?stars=2").status_code == 200
    page = browser.get(f"/admin/consciousness/rating/{Rating.objects.get().pk}/change/")
    assert SECRET in page.content.decode()
    assert browser.post("/admin/consciousness/rating/add/").status_code == 403
