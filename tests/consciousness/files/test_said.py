"""Files that are sent with messages: by REST and by socket alike, each once, and told of wherever the message is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from consciousness.models import File, Message, Session
from consciousness.selectors.files import file_texts_of
from consciousness.services.files import claims
from consciousness.services.saying import Said, Saying, say_many
from tests.actors import Api, ApiClient
from tests.consciousness.driving import events_of
from tests.consciousness.files.driving import begin, send, sent
from tests.consciousness.picture import Picture, found
from tests.factories.documents import pdf, picture
from tests.factories.sessions import make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(session: Session, api: Api) -> ApiClient:
    return api(session.user)


def say(
    phone: ApiClient, session: Session, files: list[str], client_id: str = "c1", text: str = "Look at this."
) -> Any:
    body = {"client_id": client_id, "text": text, "file_ids": files}
    return phone.post(f"/sessions/{session.uid}/messages/", body)


def ready(phone: ApiClient, name: str = "notes.txt", body: bytes = b"words in a file") -> str:
    told = sent(phone, name, body)
    assert told["state"] == "ready"
    return str(told["uid"])


def test_a_message_takes_its_files_along(session: Session, phone: ApiClient) -> None:
    uids = [ready(phone, "cv.pdf", pdf("My years")), ready(phone, "me.png", picture())]
    assert say(phone, session, uids).status_code == 201
    (told,) = [event for event in events_of(session) if event["type"] == "message.created"]
    files = told["data"]["message"]["files"]
    assert [(one["uid"], one["name"], one["media_type"], one["has_thumbnail"]) for one in files] == [
        (uids[0], "cv.pdf", "application/pdf", False),
        (uids[1], "me.png", "image/png", True),
    ]
    page = phone.get(f"/sessions/{session.uid}/messages/").json()["results"]
    assert page[0]["files"] == files
    one = phone.get(f"/files/{uids[0]}/").json()
    assert (one["session"], one["message"], one["expires_at"]) == (str(session.uid), page[0]["uid"], None)


def test_what_can_be_read_in_them_is_there_for_the_context(session: Session, phone: ApiClient) -> None:
    uid = ready(phone)
    ready(phone, "other.txt", b"never sent")
    say(phone, session, [uid])
    message = Message.objects.get()
    (text,) = file_texts_of([message.turn_id], 100)
    assert (str(text.file), text.name, text.text, text.message) == (uid, "notes.txt", "words in a file", message.uid)
    assert [one.text for one in file_texts_of([message.turn_id], 5)] == ["words"]


def test_a_phone_pictures_them_as_it_finds_them(session: Session, phone: ApiClient) -> None:
    say(phone, session, [ready(phone)])
    say(phone, session, [], "c2")
    pictured = Picture()
    for event in events_of(session):
        pictured.take_in(event)
    assert pictured.shown() == found(phone, session)


@pytest.mark.parametrize(
    ("state", "code", "status"),
    [
        ("unknown", "file_not_found", 404),
        ("of somebody else", "file_not_found", 404),
        ("coming", "file_not_ready", 409),
        ("unchecked", "file_not_ready", 409),
        ("refused", "file_refused", 409),
        ("sent before", "file_taken", 409),
    ],
)
def test_files_that_cannot_be_sent(  # noqa: PLR0917 - three facts of a case, and who is in it
    state: str, code: str, status: int, session: Session, phone: ApiClient, bob: User, api: Api
) -> None:
    uid = str(uuid4())
    if state == "of somebody else":
        uid = ready(api(bob))
    elif state == "coming":
        uid = begin(phone, "a.txt", b"words")
    elif state == "unchecked":
        uid = send(phone, "a.txt", b"words").json()["uid"]
    elif state == "refused":
        uid = sent(phone, "a.txt", b" ")["uid"]
    elif state == "sent before":
        uid = ready(phone)
        assert say(phone, session, [uid], "before").status_code == 201
    before = Message.objects.count()
    answer = say(phone, session, [uid], "now")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Message.objects.count() == before


def test_why_it_was_refused_is_told(session: Session, phone: ApiClient) -> None:
    uid = sent(phone, "a.txt", b" ")["uid"]
    problem = say(phone, session, [uid]).json()
    assert (problem["reason"], problem["detail"]) == ("empty", "There is nothing in this file.")


def test_ten_different_ones_at_most(session: Session, phone: ApiClient) -> None:
    uid = ready(phone)
    assert say(phone, session, [uid, uid]).json()["code"] == "too_many_files"
    assert say(phone, session, [str(uuid4()) for _ in range(11)]).status_code == 422
    uids = [ready(phone, f"{number}.txt") for number in range(10)]
    assert say(phone, session, uids).status_code == 201
    assert Message.objects.get().files.count() == 10


def test_said_again_it_is_said_once(session: Session, phone: ApiClient) -> None:
    uid, other = ready(phone), ready(phone, "other.txt")
    first = say(phone, session, [uid])
    again = say(phone, session, [uid])
    assert (again.status_code, again.json()["message"]) == (200, first.json()["message"])
    assert say(phone, session, [other]).json()["code"] == "client_id_reused"
    assert File.objects.get(uid=other).message is None


def test_words_are_still_needed(session: Session, phone: ApiClient) -> None:
    assert say(phone, session, [ready(phone)], text="  ").status_code == 422


def test_said_together_each_file_goes_to_one(session: Session, phone: ApiClient) -> None:
    """What sockets say goes through the same rules, many at once."""
    uid, other = UUID(ready(phone)), UUID(ready(phone, "b.txt"))
    beside = make_session(session.user)

    def saying(where: Session, client_id: str, *files: UUID) -> Saying:
        return Saying(where.uid, session.user_id, "Look.", client_id, files)

    asked = [saying(session, "1", uid), saying(beside, "2", uid), saying(session, "3"), saying(session, "4", other)]
    outcomes = say_many(asked).outcomes
    assert [type(one).__name__ for one in outcomes] == ["Said", "FileTaken", "Said", "Said"]
    kept = {str(file.uid): file.message.uid for file in File.objects.select_related("message") if file.message}
    first, last = outcomes[0], outcomes[3]
    assert isinstance(first, Said)
    assert isinstance(last, Said)
    assert kept == {str(uid): first.message, str(other): last.message}


def test_without_files_nothing_more_is_asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "fetch_all", lambda *_: pytest.fail("it was asked for files"))
    (outcome,) = say_many([Saying(session.uid, session.user_id, "Look.", "1")]).outcomes
    assert isinstance(outcome, Said)
