"""Sending files as phones do, and doing what workers do with them."""

from __future__ import annotations

import hashlib
from typing import Any

from consciousness.file_store import file_storage
from consciousness.models import Remnant
from consciousness.services.files.checks import check_file, due_files
from consciousness.services.files.remnants import clear_remnants
from tests.actors import ApiClient
from timetravelers.kit.clock import now

Json = dict[str, Any]


def send(phone: ApiClient, name: str, body: bytes, **headers: str) -> Any:
    """A file at once, as the body."""
    return phone.send("POST", "/files/", raw=body, query={"name": name}, headers={"Content-Type": "x/y", **headers})


def begin(phone: ApiClient, name: str, body: bytes) -> str:
    """A file that is to come in pieces; its public id."""
    wanted = {"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    answer = phone.post("/files/resumable/", wanted)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["uid"])


def piece(phone: ApiClient, uid: str, offset: int, body: bytes) -> Any:
    """The next piece of it."""
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
    return phone.send("PATCH", f"/files/{uid}/content/", raw=body, headers=headers)


def work() -> None:
    """Look into whatever waits, as a worker would."""
    for uid, is_offered in due_files():
        assert not is_offered
        check_file(uid)


def sent(phone: ApiClient, name: str, body: bytes) -> Json:
    """A file as it stands after it was sent and looked into."""
    answer = send(phone, name, body)
    assert answer.status_code == 201, answer.content
    work()
    told: Json = phone.get(f"/files/{answer.json()['uid']}/").json()
    return told


def stored() -> set[str]:
    """Everything that lies in the storage of files."""
    storage, found = file_storage(), set[str]()

    def walk(folder: str) -> None:
        try:
            folders, files = storage.listdir(folder)
        except FileNotFoundError:
            return
        found.update(f"{folder}/{name}".lstrip("/") for name in files)
        for name in folders:
            walk(f"{folder}/{name}".lstrip("/"))

    walk("")
    return found


def tidy() -> set[str]:
    """Delete what is left over, whenever it was to be, and tell what lies there then."""
    Remnant.objects.update(due_at=now())
    clear_remnants()
    return stored()
