"""Copies of one's data: asked for, built, downloaded by the owner alone, thrown away after a week."""

import json
import stat
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.files.storage import storages

from accounts.models import Export, SignIn, User
from accounts.services.exports import MAX_ATTEMPTS, build_export, due_exports, export_file, purge_exports
from accounts.tasks import build_data_export
from consciousness.models import Message, Session
from tests.actors import Api
from tests.factories.everything import make_everything
from tests.threads import at_once
from timetravelers.kit import personal
from timetravelers.kit.clock import now
from timetravelers.kit.expiry import run_job

pytestmark = pytest.mark.django_db

WORD = "zanzibarquokka"


@pytest.fixture
def quokka() -> User:
    """Somebody with rows everywhere, and no export yet."""
    user = make_everything(WORD)
    Export.objects.all().delete()
    return user


def ask(api: Api, user: User) -> str:
    answer = api(user).post("/me/exports/")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    return str(answer.json()["uid"])


def download(api: Api, user: User, uid: str) -> zipfile.ZipFile:
    answer = api(user).get(f"/me/exports/{uid}/download/")
    assert answer.status_code == 200
    return zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_a_person_takes_a_copy_along(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_data_export(uid)
    shown = api(quokka).get(f"/me/exports/{uid}/").json()
    assert (shown["state"], shown["uid"]) == ("ready", uid)
    assert api(quokka).get("/me/exports/").json()["results"] == [shown]
    archive = download(api, quokka, uid)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["schema_version"], manifest["subject"]) == (1, str(quokka.uid))
    said = json.loads(archive.read("data/consciousness.message.json"))
    assert [message["text"] for message in said] == [f"I am {WORD}."]
    assert json.loads(archive.read("data/accounts.user.json"))[0]["email"] == f"{WORD}@example.org"
    assert archive.read("files/picture-64.webp") == WORD.encode()


def test_it_holds_every_field_that_the_catalogue_copies_and_nothing_else(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    copied = [rule for rule in personal.rules() if rule.copy]
    there = {rule.label: [as_json(row) for row in rows_by_label(rule, quokka)] for rule in copied}
    assert len(there) == len(copied) > 20
    build_export(Export.objects.get().uid)
    archive = download(api, quokka, uid)
    manifest = json.loads(archive.read("manifest.json"))
    assert {table["name"]: table["rows"] for table in manifest["tables"]} == {
        label: len(rows) for label, rows in there.items()
    }
    files = {file["file"] for file in manifest["files"]}
    assert set(archive.namelist()) == {"manifest.json", *files, *(f"data/{label}.json" for label in there)}
    for label, rows in there.items():
        # The export itself is done by now.
        if label != "accounts.export":
            assert json.loads(archive.read(f"data/{label}.json")) == rows


def rows_by_label(rule: personal.Rule, user: User) -> list[dict[str, Any]]:
    """What the copy ought to hold, value by value."""
    rows = rule.rows(user.pk).order_by("pk")
    columns = {label: rows.values_list(lookup, flat=True) for label, lookup in rule.copy}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def as_json(row: dict[str, Any]) -> Any:
    return json.loads(orjson.dumps(row, default=str))


def test_what_is_not_in_the_copy_is_nowhere_in_it(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_export(Export.objects.get().uid)
    archive = download(api, quokka, uid)
    content = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    kept_back = set(values_kept_back(quokka))
    key = SignIn.objects.get(user=quokka, device=WORD).session_key
    assert {quokka.password, key} <= kept_back
    assert not [value for value in kept_back if value in content]


def values_kept_back(user: User) -> Iterator[str]:
    """Texts in columns that are in no copy, as far as no other column holds the same."""
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in personal.rules():
        for column in rule.table.columns:
            shown = column.copied and rule.link.copied
            values = rule.rows(user.pk).values_list(column.name, flat=True)
            seen[shown].update(value for value in values if isinstance(value, str) and len(value) >= 10)
    return (value for value in seen[False] if not any(value in other for other in seen[True]))


def test_it_holds_nothing_of_others_and_no_secrets(quokka: User, api: Api) -> None:
    make_everything("otherperson")
    uid = ask(api, quokka)
    build_export(Export.objects.get(uid=uid).uid)
    archive = download(api, quokka, uid)
    content = b"".join(archive.read(name) for name in archive.namelist())
    assert WORD.encode() in content
    for secret in (b"otherperson", quokka.password.encode(), b"session_key", f"key-{WORD}".encode()):
        assert secret not in content


def test_only_the_owner_can_see_or_load_it(quokka: User, bob: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_data_export(uid)
    for path in (f"/me/exports/{uid}/", f"/me/exports/{uid}/download/"):
        assert api(bob).get(path).status_code == 404
        assert api(None).get(path).status_code == 401
    assert api(bob).get("/me/exports/").json()["results"] == []


def test_asking_and_loading_want_step_up(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_data_export(uid)
    phone = api(quokka)
    SignIn.objects.update(authenticated_at=now() - timedelta(minutes=6))
    assert phone.post("/me/exports/").json()["code"] == "step_up_required"
    assert phone.get(f"/me/exports/{uid}/download/").json()["code"] == "step_up_required"
    assert phone.get(f"/me/exports/{uid}/").status_code == 200


def test_the_file_is_private(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_data_export(uid)
    path = Path(storages["exports"].path(f"{uid}.zip"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    answer = api(quokka).get(f"/me/exports/{uid}/download/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{uid}.zip"'
    answer.close()


def test_asking_twice_makes_one(quokka: User, api: Api) -> None:
    assert ask(api, quokka) == ask(api, quokka)
    first = api(quokka).post("/me/exports/", Idempotency_Key="k").json()
    build_data_export(first["uid"])
    assert api(quokka).post("/me/exports/", Idempotency_Key="k").json() == first
    assert Export.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_askers_and_many_workers_make_one(alice: User, api: Api) -> None:
    asked = at_once(4, lambda _: api(alice).post("/me/exports/").json()["uid"])
    assert len(set(asked)) == 1
    uid = Export.objects.get().uid
    at_once(3, lambda _: build_export(uid))
    assert (Export.objects.get().state, Export.objects.get().attempts) == ("ready", 1)


def test_what_is_not_ready_cannot_be_loaded(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    answer = api(quokka).get(f"/me/exports/{uid}/download/")
    assert (answer.status_code, answer.json()["code"]) == (409, "export_not_ready")


def test_after_a_week_it_is_gone(quokka: User, api: Api) -> None:
    uid = ask(api, quokka)
    build_data_export(uid)
    assert purge_exports() == 0
    Export.objects.update(expires_at=now())
    assert api(quokka).get(f"/me/exports/{uid}/download/").status_code == 409
    assert run_job("accounts.export:files") == 1
    assert not storages["exports"].exists(f"{uid}.zip")
    assert api(quokka).get(f"/me/exports/{uid}/").json()["state"] == "expired"


def test_a_worker_that_died_is_replaced_and_a_build_that_always_dies_fails(
    quokka: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = Export.objects.get(uid=ask(api, quokka)).uid

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("accounts.services.exports.write_archive", dies)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            build_export(uid)
        assert due_exports() == []
        Export.objects.update(due_at=now())
        assert due_exports() == [uid]
    build_export(uid)
    assert Export.objects.get().state == "failed"
    assert not storages["exports"].exists(export_file(uid))


def test_a_person_who_leaves_meanwhile_leaves_no_file(quokka: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = Export.objects.get(uid=ask(api, quokka)).uid
    monkeypatch.setattr("accounts.services.exports.write_archive", lambda *_: Export.objects.all().delete())
    build_export(uid)
    assert not storages["exports"].exists(export_file(uid))


def test_many_rows_are_written_in_pieces(quokka: User, api: Api) -> None:
    session = Session.objects.get(user=quokka)
    turn = session.turns.get()
    Message.objects.bulk_create(
        [
            Message(session=session, turn=turn, author="user", text=f"line {number}", client_id=str(number))
            for number in range(1200)
        ]
    )
    uid = ask(api, quokka)
    build_data_export(uid)
    said = json.loads(download(api, quokka, uid).read("data/consciousness.message.json"))
    assert [message["text"] for message in said[1:]] == [f"line {number}" for number in range(1200)]


def test_a_picture_that_is_gone_is_said_to_be_missing(quokka: User, api: Api) -> None:
    for file in personal.stored_files(quokka.pk):
        storages[file.storage].delete(file.name)
    uid = ask(api, quokka)
    build_data_export(uid)
    files = json.loads(download(api, quokka, uid).read("manifest.json"))["files"]
    assert {file["included"] for file in files} == {False}
