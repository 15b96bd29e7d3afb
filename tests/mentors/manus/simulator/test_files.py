"""Files: announced, put, found, used in a message, gone after two days; and everything that is refused."""

from __future__ import annotations

import base64
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.manus.simulator import bucket, files
from mentors.manus.simulator.server import SimulatorServer
from tests.mentors.manus.conftest import KEY, StartSimulator
from tests.mentors.manus.simulator.checks.uploads import announced, put, status
from tests.mentors.manus.simulator.wire import Wire, still

BODY = os.urandom(700_000)


def detail(wire: Wire, file_id: str) -> dict[str, object]:
    found: dict[str, object] = wire.get("file.detail", file_id=file_id).json()["file"]
    return found


def create_with(wire: Wire, **part: object) -> requests.Response:
    content = [{"type": "text", "text": "look at this"}, {"type": "file", **part}]
    return wire.post("task.create", {"message": {"content": content}})


def test_the_three_steps_of_an_upload(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    upload = announced(wire, "my cv (1).pdf")
    file_id = upload["file"]["id"]
    assert status(wire, upload) == "pending"
    assert upload["upload_expires_at"] == int(wire.server.clock.now()) + 180
    assert put(upload, BODY).status_code == 200
    found = detail(wire, file_id)
    assert (found["status"], found["bytes"], found["content_type"]) == ("uploaded", len(BODY), "application/pdf")
    assert requests.get(upload["upload_url"], timeout=20).content == BODY
    task_id = create_with(wire, file_id=file_id).json()["task_id"]
    (attached,) = wire.of_type(task_id, "user_message")[0]["attachments"]
    assert attached["filename"] == "my cv (1).pdf"


def test_an_address_lives_three_minutes(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    early, late = announced(wire), announced(wire)
    wire.pass_time(179)
    assert put(early).status_code == 200
    wire.pass_time(1)
    refused = put(late)
    assert refused.status_code == 403
    assert b"expired" in refused.content
    assert status(wire, late) == "error"
    assert status(wire, early) == "uploaded"


def test_a_file_lives_two_days(start_simulator: StartSimulator, tmp_path: Path) -> None:
    wire = still(start_simulator, data=tmp_path)
    upload = announced(wire)
    put(upload)
    assert len(list((tmp_path / "files").iterdir())) == 1
    wire.pass_time(48 * 3600)
    assert status(wire, upload) == "deleted"
    assert list((tmp_path / "files").iterdir()) == []
    assert create_with(wire, file_id=upload["file"]["id"]).status_code == 404


def test_a_file_is_deleted_once(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    put(upload)
    body = {"file_id": upload["file"]["id"]}
    assert wire.post("file.delete", body).json()["ok"]
    assert wire.post("file.delete", body).status_code == 404
    assert wire.get("file.detail", file_id="nothing").status_code == 404


def test_a_put_may_be_made_again_while_the_address_lives(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    assert [put(upload, b"one").status_code, put(upload, b"second").status_code] == [200, 200]
    assert detail(wire, upload["file"]["id"])["bytes"] == 6


@pytest.mark.parametrize(
    "filename",
    ["", " ", "noextension", "evil.exe", "EVIL.SH", "a/b.pdf", "..\\b.pdf", "a\nb.pdf", "x" * 300 + ".pdf", "x.dmg"],
)
def test_names_that_may_not_be(start_simulator: StartSimulator, filename: str) -> None:
    wire = still(start_simulator)
    assert wire.post("file.upload", {"filename": filename}).json()["error"]["code"] == "invalid_argument"


@pytest.mark.parametrize("header", ["x-manus-api-key", "Authorization"])
def test_the_key_has_no_business_at_the_store(start_simulator: StartSimulator, header: str) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    refused = requests.put(upload["upload_url"], data=b"x", headers={header: KEY}, timeout=20)
    assert refused.status_code == 403
    assert status(wire, upload) == "pending"


@pytest.mark.parametrize("spoil", [lambda url: url[:-1], lambda url: url.split("?")[0], lambda url: url + "x"])
def test_an_address_must_be_whole(start_simulator: StartSimulator, spoil: object) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    url = spoil(upload["upload_url"])  # type: ignore[operator]  # a function, to pytest an object
    assert requests.put(url, data=b"x", timeout=20).status_code == 403
    assert requests.get(url, timeout=20).status_code == 404


def test_too_large_a_file_is_refused_before_it_is_read(
    start_simulator: StartSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "LARGEST_FILE", 1_000)
    wire = still(start_simulator)
    upload = announced(wire)
    refused = put(upload, b"x" * 1_001)
    assert refused.status_code == 400
    assert b"EntityTooLarge" in refused.content
    assert put(upload, b"x" * 1_000).status_code == 200


def test_a_full_account_takes_no_more(start_simulator: StartSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_ACCOUNT", 10)
    wire = still(start_simulator)
    put(announced(wire), b"x" * 10)
    assert wire.post("file.upload", {"filename": "a.txt"}).json()["error"]["code"] == "quota_exceeded"


def test_a_body_that_ends_too_soon_is_no_upload(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    parts = urlsplit(upload["upload_url"])
    head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort"
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=20) as connection:
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert b"IncompleteBody" in connection.recv(4096)
    assert status(wire, upload) == "pending"


def test_a_file_must_be_there_before_it_is_used(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    upload = announced(wire)
    assert create_with(wire, file_id=upload["file"]["id"]).json()["error"]["code"] == "failed_precondition"
    assert create_with(wire, file_id="nothing").json()["error"]["code"] == "not_found"
    assert wire.tasks() == 0


@pytest.mark.parametrize(
    ("part", "status_code"),
    [
        ({"file_data": "data:text/plain;base64," + base64.b64encode(b"hi").decode(), "filename": "a.txt"}, 200),
        ({"file_data": base64.b64encode(b"hi").decode(), "filename": "a.txt"}, 400),
        ({"file_data": "data:text/plain;base64,aGk="}, 400),
        ({"file_data": "data:text/plain;base64,%%%", "filename": "a.txt"}, 400),
        ({"file_url": "https://files.example/cv.pdf"}, 200),
        ({"file_url": "file:///etc/passwd"}, 400),
        ({"file_url": "http://"}, 400),
        ({"file_url": "https://a.example/x", "file_id": "b"}, 400),
        ({}, 400),
    ],
)
def test_files_in_the_message_itself(start_simulator: StartSimulator, part: dict[str, str], status_code: int) -> None:
    assert create_with(still(start_simulator), **part).status_code == status_code


def test_files_outlive_a_restart(start_simulator: StartSimulator, tmp_path: Path) -> None:
    first = still(start_simulator, data=tmp_path)
    upload = announced(first)
    put(upload, BODY)
    first.server.stop()
    second = still(start_simulator, data=tmp_path)
    assert detail(second, upload["file"]["id"])["bytes"] == len(BODY)
    assert create_with(second, file_id=upload["file"]["id"]).status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_name_is_taken_or_refused(simulator: SimulatorServer, filename: str) -> None:
    answer = Wire(simulator).post("file.upload", {"filename": filename})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert put(answer.json()).status_code == 200
