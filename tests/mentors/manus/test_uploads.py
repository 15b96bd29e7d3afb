"""Files on their way to Manus: three steps, streamed, in time, whole, and nothing left behind."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from mentors.manus import errors
from mentors.manus.calls import Caller
from mentors.manus.client import ManusClient
from mentors.manus.transport import Limits, Transport
from mentors.manus.uploads import LARGEST_FILE, PIECE, Uploads
from tests.mentors.manus.conftest import KEY, StartSimulator, make_client
from tests.mentors.manus.contract import SentRequest
from tests.mentors.manus.scripted import Scripted, ok, scripted

NOW = 1_700_000_000.0
BYTES = bytes(range(256)) * 600


@dataclass
class Storage:
    """Manus with its storage, as far as uploads go; what it does can be changed."""

    url: str = ""
    expires: list[float] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    puts: list[int] = field(default_factory=list)
    size: int | None = len(BYTES)
    upload_url: Callable[[str], str] = lambda base: f"{base}/stored/1?signature=x"
    opened: int = 0

    def __call__(self, request: SentRequest) -> tuple[int, Any]:
        if request.method == "PUT":
            return (self.puts.pop(0) if self.puts else 200), b""
        if request.endpoint == "file.upload":
            self.opened += 1
            expires = self.expires.pop(0) if self.expires else NOW + 180
            file = {"id": f"f{self.opened}", "status": "pending"}
            return ok(file=file, upload_url=self.upload_url(self.url), upload_expires_at=int(expires))
        status = self.statuses.pop(0) if self.statuses else "uploaded"
        return ok(file={"id": "f1", "status": status, **({"bytes": self.size} if self.size is not None else {})})


@pytest.fixture
def storage() -> Storage:
    return Storage()


def client_of(server: Scripted, storage: Storage) -> ManusClient:
    storage.url = server.url
    return make_client(server.url, wall=lambda: NOW)


def steps(server: Scripted) -> list[str]:
    return ["PUT" if one.method == "PUT" else one.endpoint for one in server.requests]


def test_a_file_is_announced_sent_and_seen_to_have_arrived(storage: Storage) -> None:
    storage.statuses = ["pending", "pending", "uploaded"]
    with scripted(storage) as server:
        sent = client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert steps(server) == ["file.upload", "PUT", "file.detail", "file.detail", "file.detail"]
    put = server.requests[1]
    assert put.body == BYTES
    assert put.header("Content-Length") == str(len(BYTES))
    assert sent.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert sent.file.bytes == len(BYTES)


def test_the_key_does_not_go_to_the_storage(storage: Storage) -> None:
    with scripted(storage) as server:
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    put = server.requests[1]
    assert put.header("x-manus-api-key") is None
    assert put.header("authorization") is None
    assert KEY not in str(put.headers)


def test_the_simulator_takes_it(start_simulator: StartSimulator) -> None:
    client = make_client(start_simulator().url)
    sent = client.upload_file("notes.txt", io.BytesIO(b"hello"), size=5)
    assert client.file_detail(sent.file.id).file.status == "uploaded"
    client.delete_file(sent.file.id)


class Slow(io.BytesIO):
    """Counts how much is asked for at once."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.largest = max(self.largest, len(self.getvalue()) if size is None or size < 0 else size)
        return super().read(size)


def test_it_is_never_held_whole(storage: Storage) -> None:
    source = Slow(BYTES)
    with scripted(storage) as server:
        client_of(server, storage).upload_file("cv.pdf", source, size=len(BYTES))
    assert 0 < source.largest <= PIECE


@pytest.mark.parametrize("size", [0, -1, LARGEST_FILE + 1])
def test_what_cannot_be_taken_is_not_announced(storage: Storage, size: int) -> None:
    with scripted(storage) as server, pytest.raises(errors.InvalidRequest):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(b""), size=size)
    assert server.requests == []


def test_other_bytes_than_promised_are_taken_back(storage: Storage) -> None:
    with scripted(storage) as server, pytest.raises(errors.UploadRejected):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES), sha256="0" * 64)
    assert steps(server) == ["file.upload", "PUT", "file.delete"]


@pytest.mark.parametrize("size", [len(BYTES) - 1, len(BYTES) + 1])
def test_another_length_than_promised_is_taken_back(storage: Storage, size: int) -> None:
    with scripted(storage) as server, pytest.raises(errors.ManusError) as caught:
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=size)
    assert isinstance(caught.value, errors.UploadRejected)
    # A PUT that broke off is noted whenever the server sees that nothing more comes.
    assert "file.delete" in steps(server)


def test_another_length_than_sent_is_taken_back(storage: Storage) -> None:
    storage.size = 5
    with scripted(storage) as server, pytest.raises(errors.UploadRejected):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert steps(server)[-1] == "file.delete"


def test_an_expired_address_is_replaced_once(storage: Storage) -> None:
    storage.expires = [NOW + 5]
    source = io.BytesIO(b"skip" + BYTES)
    source.seek(4)
    with scripted(storage) as server:
        client_of(server, storage).upload_file("cv.pdf", source, size=len(BYTES))
    assert steps(server) == ["file.upload", "file.delete", "file.upload", "PUT", "file.detail"]
    assert server.requests[3].body == BYTES


def test_an_address_that_expires_on_the_way_is_replaced_and_all_is_sent_again(storage: Storage) -> None:
    moments = count()
    moment = {"now": 0.0}

    class Halting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if next(moments) == 1:
                moment["now"] += 1000
            return super().read(size)

    with scripted(storage) as server:
        storage.url = server.url
        transport = Transport(server.url, KEY)
        calls = Caller(transport, Limits(5, 5, 10), monotonic=lambda: moment["now"], sleep=lambda _: None)
        Uploads(calls, lambda: NOW).send("cv.pdf", Halting(BYTES), size=len(BYTES))
    assert storage.opened == 2
    assert [one.body for one in server.requests if one.method == "PUT"][-1] == BYTES


def test_an_address_that_expires_again_is_an_error(storage: Storage) -> None:
    storage.expires = [NOW, NOW]
    with scripted(storage) as server, pytest.raises(errors.UploadExpired):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert storage.opened == 2


def test_a_source_that_cannot_be_rewound_is_not_sent_twice(storage: Storage) -> None:
    class Once(io.BytesIO):
        def seekable(self) -> bool:
            return False

    storage.expires = [NOW]
    with scripted(storage) as server, pytest.raises(errors.UploadExpired):
        client_of(server, storage).upload_file("cv.pdf", Once(BYTES), size=len(BYTES))
    assert storage.opened == 1


@pytest.mark.parametrize("status", [302, 400, 403, 500])
def test_a_storage_that_refuses_is_an_error_and_the_record_goes(storage: Storage, status: int) -> None:
    storage.puts = [status]
    with scripted(storage) as server, pytest.raises(errors.UploadRejected) as caught:
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert caught.value.http_status == status
    assert steps(server) == ["file.upload", "PUT", "file.delete"]


@pytest.mark.parametrize("status", ["error", "deleted"])
def test_a_file_that_manus_gives_up_on_is_an_error(storage: Storage, status: str) -> None:
    storage.statuses = [status]
    with scripted(storage) as server, pytest.raises(errors.UploadRejected):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))


def test_a_file_that_never_settles_is_a_timeout(storage: Storage) -> None:
    storage.statuses = ["pending"] * 50
    with scripted(storage) as server, pytest.raises(errors.Timeout):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert len(server.to("file.detail")) == 6


@pytest.mark.parametrize(
    "address",
    [
        "http://storage.example/x",
        "ftp://storage.example/x",
        "https://user:secret@storage.example/x",
        "file:///etc/passwd",
        "nonsense",
        "http://[::1",
    ],
)
def test_an_address_that_is_not_safe_gets_no_bytes(storage: Storage, address: str) -> None:
    storage.upload_url = lambda _: address
    with scripted(storage) as server, pytest.raises(errors.InvalidAnswer):
        client_of(server, storage).upload_file("cv.pdf", io.BytesIO(BYTES), size=len(BYTES))
    assert "PUT" not in steps(server)
