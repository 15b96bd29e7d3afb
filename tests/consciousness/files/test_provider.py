"""Files at the provider: taken before the call that speaks of them, and fetched when they come with a reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services.duties import due_duties, perform_duty
from consciousness.models import File, FileCopy, Remnant, Session
from consciousness.services.files import copies
from consciousness.services.files.arrivals import PURPOSE, fetch_file
from consciousness.services.files.checks import due_files
from consciousness.services.messages import say
from consciousness.services.unsaying import delete_message
from mentors.manus import errors
from mentors.manus.downloads import Bounds, fetch
from mentors.manus.simulator.faults import Fault
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import EgressRecord
from tests.actors import Api
from tests.consciousness.driving import (
    State,
    all_is_well,
    carried_out,
    drive,
    events_of,
    kinds_of,
    manus_client,
    reach,
    says,
)
from tests.consciousness.files.driving import tidy, work
from tests.consciousness.picture import Picture, found
from tests.factories.documents import pdf
from tests.factories.files import make_file
from tests.http_servers import running
from timetravelers.kit.clock import now
from timetravelers.kit.sealing import seal

pytestmark = pytest.mark.django_db


def says_with(session: Session, *files: File) -> Any:
    return say(
        session=session.uid,
        actor=session.user,
        text="What do you make of this?",
        client_id=uuid4().hex,
        files=[file.uid for file in files],
    )


def attachments_in(session: Session) -> list[str]:
    session.refresh_from_db()
    events = manus_client().history(session.provider_task).events
    said = [event.user_message for event in events if event.user_message is not None]
    return [one.filename or "" for message in said for one in message.attachments or []]


def test_a_file_goes_with_its_words(session: Session, manus: SimulatorServer) -> None:
    said = says_with(
        session, make_file(session.user, name="plan.txt"), make_file(session.user, pdf("x"), name="cv.pdf")
    )
    assert drive(said.turn).state == State.COMPLETED
    assert attachments_in(session) == ["plan.txt", "cv.pdf"]
    copies = FileCopy.objects.order_by("pk")
    assert all(copy.reference and copy.expires_at and copy.expires_at > now() + timedelta(hours=40) for copy in copies)
    receipts = EgressRecord.objects.filter(endpoint="file.upload").order_by("pk")
    assert [(one.categories, one.size > 0) for one in receipts] == [(["conversation"], True)] * 2


def test_it_is_taken_once(session: Session, manus: SimulatorServer) -> None:
    file = make_file(session.user)
    said = says_with(session, file)
    manus.faults.arm(Fault(endpoint="task.create", fault="429"))
    assert drive(said.turn).state == State.COMPLETED
    assert carried_out(manus, "file.upload") == 1


def test_words_without_files_upload_nothing(session: Session, manus: SimulatorServer) -> None:
    drive(says(session).turn)
    assert carried_out(manus, "file.upload") == 0


def test_without_consent_not_a_byte_of_it_leaves(session: Session, manus: SimulatorServer, api: Api) -> None:
    said = says_with(session, make_file(session.user))
    assert api(session.user).post("/consents/ai_provider/withdraw/").status_code == 200
    assert drive(said.turn).state == State.FAILED
    assert manus.calls.summary() == {}
    assert not FileCopy.objects.exists()
    assert not EgressRecord.objects.exists()


def test_withdrawn_in_the_middle_no_further_byte_leaves(
    session: Session, manus: SimulatorServer, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider has been told the name, and then the person takes the consent back."""
    said, asked, look = says_with(session, make_file(session.user)), [], copies._require_consent

    def withdraw_and_look(file: File) -> None:
        asked.append(file)
        if len(asked) > 1:
            assert api(session.user).post("/consents/ai_provider/withdraw/").status_code == 200
        look(file)

    monkeypatch.setattr(copies, "_require_consent", withdraw_and_look)
    assert drive(said.turn).state == State.FAILED
    assert len(asked) == 2
    done = [carried_out(manus, what) for what in ("file.upload", "file.put", "file.delete", "task.create")]
    assert done == [1, 0, 1, 0]


def test_a_file_that_the_provider_does_not_want_is_left_out(session: Session, manus: SimulatorServer) -> None:
    said = says_with(session, make_file(session.user))
    manus.faults.arm(Fault(endpoint="file.put", fault="spoilt", times=None))
    turn = drive(said.turn)
    assert turn.state == State.COMPLETED
    assert FileCopy.objects.get().is_refused
    assert attachments_in(session) == []


def test_a_file_that_was_deleted_goes_nowhere(session: Session, manus: SimulatorServer, api: Api) -> None:
    file = make_file(session.user)
    said = says_with(session, file)
    assert api(session.user).delete(f"/files/{file.uid}/").status_code == 202
    assert drive(said.turn).state == State.COMPLETED
    assert carried_out(manus, "file.upload") == 0


def test_a_file_that_is_excluded_goes_nowhere(session: Session, manus: SimulatorServer, api: Api) -> None:
    kept, excluded = make_file(session.user, name="kept.txt"), make_file(session.user, name="excluded.txt")
    said = says_with(session, kept, excluded)
    path = f"/sessions/{session.uid}/context/exclusions/file/{excluded.uid}/"
    assert api(session.user).put(path).status_code == 204
    assert drive(said.turn).state == State.COMPLETED
    assert attachments_in(session) == ["kept.txt"]
    assert carried_out(manus, "file.upload") == 1


def test_deleted_it_is_deleted_there_too(session: Session, manus: SimulatorServer, api: Api) -> None:
    file = make_file(session.user)
    drive(says_with(session, file).turn)
    receipt = api(session.user).delete(f"/files/{file.uid}/").json()
    assert receipt["state"] == "erased"
    assert carried_out(manus, "file.delete") == 0
    for duty in due_duties():
        perform_duty(duty)
    assert carried_out(manus, "file.delete") == 1
    assert api(session.user).get(f"/deletions/{receipt['receipt']}/").json()["state"] in {"erased", "completed"}
    assert tidy() == set()


def test_if_its_message_goes_the_provider_is_told(session: Session, manus: SimulatorServer) -> None:
    said = says_with(session, make_file(session.user))
    drive(said.turn)
    delete_message(session=session.uid, message=said.message, actor=session.user)
    assert tidy() == set()
    assert carried_out(manus, "file.delete") == 1
    assert not Remnant.objects.exists()


def test_what_the_provider_cannot_be_told_now_is_told_later(session: Session, manus: SimulatorServer) -> None:
    said = says_with(session, make_file(session.user))
    drive(said.turn)
    delete_message(session=session.uid, message=said.message, actor=session.user)
    manus.faults.arm(Fault(endpoint="file.delete", fault="500"))
    tidy()
    assert (Remnant.objects.get().kind, Remnant.objects.get().attempts) == ("provider", 1)
    all_is_well(manus)
    tidy()
    assert not Remnant.objects.exists()


# With a reply -----------------------------------------------------------------------------------------


def reply_with_file(session: Session, manus: SimulatorServer) -> File:
    manus.faults.arm(Fault(endpoint="task.reply", fault="attach"))
    reach(says(session).turn, State.COMPLETED)
    return File.objects.get(origin="traveler")


def fetch_all() -> None:
    for uid, is_offered in due_files():
        if is_offered:
            fetch_file(uid)
    work()


def test_a_file_of_a_reply_is_fetched_checked_and_told_of(session: Session, manus: SimulatorServer, api: Api) -> None:
    file = reply_with_file(session, manus)
    assert (file.state, file.name) == ("fetching", "next-step.md")
    assert "http" not in file.source
    fetch_all()
    file.refresh_from_db()
    assert (file.state, file.media_type, file.source) == ("ready", "text/markdown", "")
    assert file.extract.text.startswith("# Your next step")
    told = events_of(session)[-1]
    assert (told["type"], told["data"]["file"]["name"]) == ("file.added", "next-step.md")
    pictured = Picture()
    for event in events_of(session):
        pictured.take_in(event)
    assert pictured.shown() == found(api(session.user), session)


@pytest.mark.parametrize(
    ("address", "rounds", "reason"),
    [
        ("http://127.0.0.1:9/nobody-listens", 11, "unreachable"),
        ("https://127.0.0.1/latest/meta-data", 1, "unreachable"),
        ("file:///etc/passwd", 1, "unreachable"),
    ],
)
def test_what_cannot_be_fetched_is_given_up(
    address: str, rounds: int, reason: str, session: Session, manus: SimulatorServer
) -> None:
    file = reply_with_file(session, manus)
    File.objects.update(source=seal(address, PURPOSE))
    for _ in range(rounds):
        File.objects.update(due_at=now())
        fetch_all()
    file.refresh_from_db()
    assert (file.state, file.reason) == ("refused", reason)
    assert "file.added" not in kinds_of(session)
    assert tidy() == set()


def test_what_cannot_be_fetched_now_is_fetched_later(session: Session, manus: SimulatorServer) -> None:
    file = reply_with_file(session, manus)
    address = file.source
    File.objects.update(source=seal("http://127.0.0.1:9/nobody-listens", PURPOSE))
    waits = []
    for _ in range(9):
        File.objects.update(due_at=now())
        fetch_all()
        waits.append(File.objects.get().due_at - now())
    assert timedelta(seconds=10) < waits[0] < timedelta(seconds=30)
    assert timedelta(hours=1) < waits[-1] < timedelta(hours=3)
    File.objects.update(due_at=now(), source=address)
    fetch_all()
    assert File.objects.get().state == "ready"


# Fetching ---------------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    """Serves what a path asks for."""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/good")
            self.end_headers()
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        body = b"x" * (1000 if self.path == "/large" else 10)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (5 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[str]:
    with running(Server) as url:
        yield url


def bounds(**facts: Any) -> Bounds:
    return Bounds(**{"hosts": ("files.example",), "is_local": True, "most_bytes": 100, "read": 2.0, **facts})


def test_what_lies_there_is_fetched(server: str) -> None:
    into = BytesIO()
    assert fetch(f"{server}/good?a=b", into, bounds()) == 10
    assert into.getvalue() == b"x" * 10


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/moved", errors.InvalidAnswer),
        ("/gone", errors.NotFound),
        ("/large", errors.InvalidRequest),
        ("/cut", errors.Unavailable),
    ],
)
def test_what_does_not_is_not(path: str, problem: type[Exception], server: str) -> None:
    with pytest.raises(problem):
        fetch(server + path, BytesIO(), bounds())


def test_nothing_of_this_machine_is_fetched_for_a_provider_elsewhere(server: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fetch(f"{server}/good", BytesIO(), bounds(is_local=False))


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/x",
        "https://files.example:8443/x",
        "https://user@files.example/x",
        "https://evil.example/x",
        "https://files.example.evil.example/x",
        "https://notfiles.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "file:///etc/passwd",
        "ftp://files.example/x",
        "gopher://files.example/x",
        "//files.example/x",
        "https://files.example\r\nHost: x/",
        "not an address",
        "",
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fetch(url, BytesIO(), bounds(is_local=False), lambda *_: pytest.fail("it was looked up"))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1",
     "fe80::1", "fd00::1", "::ffff:10.0.0.1", "224.0.0.1", "nonsense"],
)  # fmt: skip
def test_names_that_stand_for_places_in_here_are_not_asked(address: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fetch("https://files.example/x", BytesIO(), bounds(), lambda *_: ["93.184.216.34", address])


def test_a_name_that_stands_for_nothing(alice: User) -> None:
    def nobody(*_: object) -> list[str]:
        raise OSError

    with pytest.raises(errors.Unavailable):
        fetch("https://files.example/x", BytesIO(), bounds(), nobody)
