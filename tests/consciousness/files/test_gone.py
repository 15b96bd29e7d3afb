"""Files that go: by hand, by themselves, with their message, their session and their person, and nothing is left."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from accounts.models import User
from accounts.services.erasure import advance_deletion, request_deletion
from consciousness.models import Extract, File, Session, SessionEvent
from consciousness.services.messages import say
from mentors.engines import engine_named
from tests.actors import Api
from tests.consciousness.driving import events_of
from tests.consciousness.files.driving import begin, piece, sent, stored, tidy
from tests.consciousness.picture import Picture, found
from tests.factories.files import make_file
from timetravelers.kit.archive import write_archive
from timetravelers.kit.clock import now
from timetravelers.kit.expiry import run_job

pytestmark = pytest.mark.django_db

SECRET = "the violet umbrella waits behind door nineteen"


def said_with(session: Session, file: File) -> None:
    say(session=session.uid, actor=session.user, text="Look at this.", client_id=file.uid.hex, files=[file.uid])


def cancel(session: Session) -> None:
    session.turns.update(state="cancelled", ended_at=now())


def everything_told(session: Session) -> str:
    return str(list(SessionEvent.objects.filter(session=session).values_list("data", flat=True)))


def test_a_file_that_was_sent_can_be_deleted(session: Session, api: Api) -> None:
    file, phone = make_file(session.user, text=SECRET, name="my violet umbrella.txt"), api(session.user)
    said_with(session, file)
    assert "violet" in everything_told(session)
    answer = phone.delete(f"/files/{file.uid}/")
    assert answer.status_code == 202
    assert phone.get(f"/deletions/{answer.json()['receipt']}/").status_code == 200
    assert phone.get(f"/files/{file.uid}/").status_code == 404
    assert "violet" not in everything_told(session)
    assert [event["type"] for event in events_of(session)][-1] == "file.removed"
    assert not Extract.objects.exists()
    assert tidy() == set()
    pictured = Picture()
    for event in events_of(session):
        pictured.take_in(event)
    assert pictured.shown() == found(phone, session)


def test_replies_that_repeat_it_lose_those_words(session: Session, api: Api) -> None:
    file = make_file(session.user, text=SECRET)
    said_with(session, file)
    cancel(session)
    turn = session.turns.get()
    reply = turn.messages.create(session=session, author="traveler", text=f"You wrote: {SECRET}.", engine="manus")
    assert api(session.user).delete(f"/files/{file.uid}/").status_code == 202
    reply.refresh_from_db()
    assert "violet umbrella" not in reply.text


def test_while_a_reply_is_on_its_way_it_stays(session: Session, api: Api) -> None:
    file = make_file(session.user)
    said_with(session, file)
    session.turns.update(state="running")
    answer = api(session.user).delete(f"/files/{file.uid}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "session_busy")
    assert File.objects.exists()


def test_nobody_deletes_what_is_somebody_elses(alice: User, bob: User, api: Api) -> None:
    file = make_file(alice)
    assert api(bob).delete(f"/files/{file.uid}/").status_code == 404
    assert File.objects.exists()


def test_with_its_message(session: Session, api: Api) -> None:
    file = make_file(session.user, text=SECRET, name="my violet umbrella.txt")
    said_with(session, file)
    cancel(session)
    message = File.objects.get().message
    assert message is not None
    answer = api(session.user).delete(f"/sessions/{session.uid}/messages/{message.uid}/")
    assert answer.status_code in {200, 202, 204}
    assert not File.objects.exists()
    assert "violet" not in everything_told(session)
    assert tidy() == set()


def test_with_its_session(session: Session, api: Api) -> None:
    said_with(session, make_file(session.user))
    beside = make_file(session.user)
    assert api(session.user).delete(f"/sessions/{session.uid}/").status_code == 202
    assert File.objects.get() == beside
    assert len(tidy()) == 1


def test_with_its_person(session: Session, bob: User) -> None:
    said_with(session, make_file(session.user, b"one"))
    make_file(session.user, b"two")
    make_file(bob, b"three")
    deletion = request_deletion(user=session.user).deletion
    advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    assert deletion.files_deleted >= 2
    assert File.objects.get().user == bob
    assert len(tidy()) == 1


def test_what_is_never_sent_goes_after_a_day(alice: User, api: Api) -> None:
    phone = api(alice)
    sent(phone, "a.txt", b"never sent")
    uid = begin(phone, "b.txt", b"never ended")
    piece(phone, uid, 0, b"never")
    sent(phone, "c.txt", b" ")
    assert run_job("consciousness.file:unsent") == 0
    File.objects.update(expires_at=now() - timedelta(seconds=1))
    assert run_job("consciousness.file:unsent") == 3
    assert tidy() == set()


def test_what_was_sent_stays(session: Session) -> None:
    said_with(session, make_file(session.user))
    assert run_job("consciousness.file:unsent") == 0
    assert len(stored()) == 1


def test_a_copy_of_ones_data_holds_the_files(session: Session) -> None:
    file = make_file(session.user, b"the body", text=SECRET, name="notes.txt")
    said_with(session, file)
    copy = BytesIO()
    write_archive(copy, session.user_id, session.user.uid)
    with zipfile.ZipFile(copy) as archive:
        assert archive.read(f"files/{file.uid}-notes.txt") == b"the body"
        assert SECRET.encode() in archive.read("data/consciousness.extract.json")
        assert b"notes.txt" in archive.read("data/consciousness.file.json")


def test_engines_that_keep_nothing_take_no_files() -> None:
    engine = engine_named("rehearsal")
    assert engine is not None
    assert not engine.takes_files
