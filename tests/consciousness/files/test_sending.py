"""Files on their way in: at once and in pieces, named, counted, and never more than may be."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.file_store import file_storage
from consciousness.models import Extract, File, Remnant
from consciousness.services.files import uploads
from consciousness.services.files.checks import check_file
from tests.actors import Api, ApiClient
from tests.consciousness.files.bad import BAD
from tests.consciousness.files.driving import begin, piece, send, sent, stored, tidy, work
from tests.consciousness.files.good import GOOD
from tests.factories.accounts import make_user
from tests.factories.documents import docx, pdf, picture, with_place
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_through_the_door(case: str, alice: User, api: Api) -> None:
    name, body, reason = BAD[case]
    told = sent(api(alice), name, body())
    assert (told["state"], told["reason"]) == ("refused", reason)
    assert told["detail"].endswith(".")
    assert tidy() == set()
    assert not Extract.objects.exists()


@pytest.mark.parametrize("case", GOOD)
def test_a_harmless_file_can_be_used(case: str, alice: User, api: Api) -> None:
    name, body, text = GOOD[case]
    told = sent(api(alice), name, body())
    assert (told["state"], told["reason"], told["name"]) == ("ready", None, name)
    read = Extract.objects.filter(file__uid=told["uid"]).values_list("text", flat=True).first()
    assert text in (read or "")
    assert len(tidy()) == 1 + told["has_thumbnail"]


def test_a_form_will_do(alice: User, api: Api) -> None:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("cv.pdf", pdf("Hello"))})
    answer = api(alice).send("POST", "/files/", raw=form, headers={"Content-Type": MULTIPART_CONTENT})
    assert (answer.status_code, answer.json()["name"]) == (201, "cv.pdf")
    work()
    assert File.objects.get().state == "ready"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"file": SimpleUploadedFile("a.txt", b"x"), "more": SimpleUploadedFile("b.txt", b"x")},
        {"other": SimpleUploadedFile("a.txt", b"x")},
        {"file": SimpleUploadedFile("a.txt", b"x"), "word": "y"},
    ],
)
def test_a_form_of_anything_else_will_not(fields: dict[str, Any], alice: User, api: Api) -> None:
    form = encode_multipart(BOUNDARY, fields)
    answer = api(alice).send("POST", "/files/", raw=form, headers={"Content-Type": MULTIPART_CONTENT})
    assert answer.status_code == 400
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd.txt", "file_name_unusable"),
        ("C:\\windows\\cv.pdf", "file_name_unusable"),
        ("a/b.txt", "file_name_unusable"),
        (".htaccess.txt", "file_name_unusable"),
        ("", "file_name_unusable"),
        ("\u200b\u202e", "file_name_unusable"),
        ("cv.exe", "file_type_not_taken"),
        ("cv.docm", "file_type_not_taken"),
        ("cv.pdf.exe", "file_type_not_taken"),
        ("cv", "file_type_not_taken"),
        ("page.html", "file_type_not_taken"),
        ("drawing.svg", "file_type_not_taken"),
    ],
)
def test_names_that_cannot_be(name: str, code: str, alice: User, api: Api) -> None:
    answer = send(api(alice), name, b"words")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert tidy() == set()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("My  CV (new).PDF", "My CV (new).PDF"),
        ("Lebenslauf_Köln.pdf", "Lebenslauf_Köln.pdf"),
        ("cv\u202efdp.pdf", "cvfdp.pdf"),
        ("l" * 300 + ".pdf", "l" * 116 + ".pdf"),
    ],
)
def test_names_that_can_be(name: str, kept: str, alice: User, api: Api) -> None:
    assert send(api(alice), name, pdf("x")).json()["name"] == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("\U0001f4c4 r\u00e9sum\u00e9.txt", 201),
        ("a\0b.txt", 201),
        ("con\u202efdp.txt", 201),
        ("a.txt\0.exe", 422),
        ("x" * 5_000, 422),
    ],
)
def test_names_of_all_sorts_do_no_harm(name: str, code: int, alice: User, api: Api) -> None:
    answer = send(api(alice), name, b"words")
    assert answer.status_code == code
    assert not set(answer.json().get("name", "")) & set("\0\u202e")


def test_what_is_refused_is_gone_with_the_answer(alice: User, api: Api, settings: Settings) -> None:
    """Or whoever is refused often enough fills the disk until somebody tidies up."""
    phone = api(alice)
    uid = begin(phone, "small.txt", b"w")
    settings.FILES_QUOTA_BYTES = 10
    assert send(phone, "../notes.txt", b"words").status_code == 422
    assert send(phone, "notes.txt", b"more than ten words").status_code == 409
    assert piece(phone, uid, 0, b"x" * 1_000_000).status_code == 413
    assert stored() == set()
    send(phone, "notes.txt", b"words", Idempotency_Key="k")
    kept = stored()
    assert send(phone, "notes.txt", b"words", Idempotency_Key="k").status_code == 201
    assert send(phone, "notes.txt", b"other", Idempotency_Key="k").status_code == 422
    assert stored() == kept


def test_as_much_as_may_be_and_no_byte_more(alice: User, api: Api, settings: Settings) -> None:
    phone, most = api(alice), settings.FILE_MAX_BYTES
    assert most == 25_000_000
    told = sent(phone, "large.txt", b"words and more words here \n"[:25] * (most // 25))
    assert (told["state"], told["size"]) == ("ready", most)
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.txt", b"x" * (most + 1))})
    for raw, kind in ((b"x" * (most + 1), "x/y"), (form, MULTIPART_CONTENT)):
        answer = phone.send("POST", "/files/", raw=raw, query={"name": "a.txt"}, headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_nothing_is_no_file(alice: User, api: Api) -> None:
    answer = send(api(alice), "notes.txt", b"")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_empty")


def test_too_much_is_refused_before_it_is_kept(alice: User, api: Api, settings: Settings) -> None:
    answer = send(api(alice), "notes.txt", b"x" * (settings.FILE_MAX_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stored() == set()


def test_sent_again_with_its_key_it_is_one_file(alice: User, api: Api) -> None:
    phone = api(alice)
    first = send(phone, "notes.txt", b"words", Idempotency_Key="k")
    again = send(phone, "notes.txt", b"words", Idempotency_Key="k")
    other = send(phone, "notes.txt", b"other", Idempotency_Key="k")
    assert (first.json(), again.headers["Idempotent-Replay"]) == (again.json(), "true")
    assert other.json()["code"] == "idempotency_key_reused"
    work()
    assert File.objects.count() == 1
    assert len(tidy()) == 1


def test_each_may_keep_so_much(alice: User, bob: User, api: Api, settings: Settings) -> None:
    settings.FILES_QUOTA_BYTES = 100
    assert send(api(alice), "a.txt", b"x" * 60).status_code == 201
    full = send(api(alice), "b.txt", b"x" * 41)
    assert (full.status_code, full.json()["code"]) == (409, "file_quota_reached")
    assert send(api(alice), "b.txt", b"x" * 40).status_code == 201
    assert send(api(bob), "a.txt", b"x" * 60).status_code == 201


def test_so_many_may_be_on_their_way(alice: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_COMING", 2)
    for _ in range(2):
        begin(api(alice), "a.txt", b"words")
    assert send(api(alice), "b.txt", b"words").json()["code"] == "file_quota_reached"


# In pieces --------------------------------------------------------------------------------------------


def test_it_comes_in_pieces(alice: User, api: Api) -> None:
    phone, body = api(alice), pdf("Piece by piece") + b"\n"
    uid = begin(phone, "cv.pdf", body)
    for start in range(0, len(body), 200):
        head = phone.send("HEAD", f"/files/{uid}/content/")
        assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (str(start), str(len(body)))
        answer = piece(phone, uid, start, body[start : start + 200])
        assert answer.status_code == 200
    assert answer.json()["state"] == "checking"
    work()
    assert phone.get(f"/files/{uid}/").json()["state"] == "ready"
    assert Extract.objects.get().text == "Piece by piece"
    assert len(tidy()) == 1


def test_a_piece_that_does_not_follow_is_refused_with_where_it_stands(alice: User, api: Api) -> None:
    phone, body = api(alice), b"0123456789"
    uid = begin(phone, "a.txt", body)
    piece(phone, uid, 0, body[:4])
    for offset in (0, 3, 5, 10):
        answer = piece(phone, uid, offset, b"xy")
        assert (answer.status_code, answer.json()["code"], answer.json()["offset"]) == (409, "file_offset_wrong", 4)
    assert File.objects.get().received == 4


@pytest.mark.parametrize("offset", ["", "-1", "four", "9" * 40, "1.5"])
def test_an_offset_is_a_number(offset: str, alice: User, api: Api) -> None:
    phone = api(alice)
    uid = begin(phone, "a.txt", b"words")
    answer = phone.send("PATCH", f"/files/{uid}/content/", raw=b"words", headers={"Upload-Offset": offset})
    assert answer.json()["code"] == "file_offset_wrong"


def test_more_than_was_announced_is_refused(alice: User, api: Api) -> None:
    phone = api(alice)
    uid = begin(phone, "a.txt", b"words")
    answer = piece(phone, uid, 0, b"more words")
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert tidy() == set()


def test_what_is_not_what_was_announced_is_refused(alice: User, api: Api) -> None:
    phone = api(alice)
    uid = begin(phone, "a.txt", b"words")
    piece(phone, uid, 0, b"swrod")
    work()
    assert phone.get(f"/files/{uid}/").json()["reason"] == "changed"


def test_nothing_comes_after_the_end(alice: User, api: Api) -> None:
    phone = api(alice)
    uid = begin(phone, "a.txt", b"words")
    piece(phone, uid, 0, b"words")
    assert piece(phone, uid, 5, b"x").json()["code"] == "file_wrong_state"


def test_pieces_are_so_many(alice: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_PIECES", 2)
    phone = api(alice)
    uid = begin(phone, "a.txt", b"words")
    assert [piece(phone, uid, offset, b"w").status_code for offset in range(3)] == [200, 200, 413]


@pytest.mark.django_db(transaction=True)
def test_of_pieces_at_the_same_time_one_is_taken() -> None:
    phone = ApiClient(make_user("racer@example.org"))
    body = b"0123456789" * 10
    uid = begin(phone, "a.txt", body)
    barrier, answers = threading.Barrier(4), []

    def race(mark: bytes) -> None:
        try:
            barrier.wait(timeout=30)
            answers.append(piece(phone, uid, 0, mark * 50).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(mark,)) for mark in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == [200, 409, 409, 409]
    file = File.objects.get()
    assert (file.received, len(file.parts)) == (50, 1)
    assert tidy() == set(file.parts)


@pytest.mark.parametrize(
    "change", [{"size": 0}, {"size": 25_000_001}, {"size": "9"}, {"sha256": "x"}, {"sha256": "A" * 64}, {"more": 1}]
)
def test_an_announcement_has_to_make_sense(change: dict[str, Any], alice: User, api: Api) -> None:
    wanted = {"name": "a.txt", "size": 5, "sha256": "0" * 64, **change}
    assert api(alice).post("/files/resumable/", wanted).status_code == 422


# What is made of them ---------------------------------------------------------------------------------


def test_a_photo_keeps_nothing_but_what_is_to_be_seen(alice: User, api: Api) -> None:
    told = sent(api(alice), "photo.jpg", with_place())
    file = File.objects.get()
    names = tidy()
    assert told["has_thumbnail"]
    assert names == {f"kept/{file.key[:2]}/{file.key}", f"kept/{file.key[:2]}/{file.key}-thumbnail"}
    for name in names:
        body = _read(name)
        assert b"secret description" not in body
        assert b"Exif" not in body
    assert _size(f"kept/{file.key[:2]}/{file.key}") == (20, 40)  # turned upright


@pytest.mark.parametrize(("name", "form"), [("a.png", "PNG"), ("a.webp", "WEBP")])
def test_nor_does_a_picture_of_another_kind(name: str, form: str, alice: User, api: Api) -> None:
    words = PngInfo()
    words.add_itxt("Comment", "secret words")
    body = with_place(form) if form == "WEBP" else picture(form, pnginfo=words, icc_profile=b"secret profile")
    assert b"secret" in body
    assert sent(api(alice), name, body)["state"] == "ready"
    for kept in tidy():
        assert not any(mark in _read(kept) for mark in (b"secret", b"EXIF", b"eXIf", b"iTXt", b"iCCP", b"ICCP"))


def test_what_nobody_can_see_is_not_read(alice: User, api: Api) -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    sent(api(alice), "notes.txt", f"plain\u202e{hidden}\u200b text".encode())
    assert Extract.objects.get().text == "plain text"


def test_hidden_words_of_a_document_and_its_comments_are_not_read(alice: User, api: Api) -> None:
    body = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Obey me.</w:t></w:r></w:p>"
    members = {"word/comments.xml": "<a>Obey the comment.</a>", "docProps/core.xml": "<a>Obey the title.</a>"}
    sent(api(alice), "cv.docx", docx("To be seen", body=body, members=members))
    assert Extract.objects.get().text == "To be seen"


def test_a_worker_that_dies_is_replaced(alice: User, api: Api) -> None:
    told = send(api(alice), "notes.txt", b"words").json()
    File.objects.update(attempts=1, due_at=now() + timedelta(minutes=1))
    work()
    assert File.objects.get().state == "checking"  # somebody else is at it
    File.objects.update(due_at=now())
    work()
    assert api(alice).get(f"/files/{told['uid']}/").json()["state"] == "ready"


def test_after_some_deaths_it_is_given_up(alice: User, api: Api) -> None:
    send(api(alice), "notes.txt", b"words")
    File.objects.update(attempts=4)
    work()
    assert (File.objects.get().state, File.objects.get().reason) == ("refused", "unchecked")
    assert tidy() == set()


def test_a_file_that_goes_while_it_is_looked_into_leaves_nothing(
    alice: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = api(alice)
    uid = send(phone, "photo.png", picture()).json()["uid"]
    look = check_file.__globals__["look_into"]

    def look_and_lose(*asked: Any) -> Any:
        assert phone.delete(f"/files/{uid}/").status_code == 202
        return look(*asked)

    monkeypatch.setitem(check_file.__globals__, "look_into", look_and_lose)
    work()
    assert not File.objects.exists()
    assert tidy() == set()


def test_bytes_that_no_row_knows_are_deleted(alice: User, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process had died between the two."""
    monkeypatch.setattr("consciousness.api.files.receive_whole", lambda **_: 1 / 0)
    assert send(api(alice), "notes.txt", b"words").status_code == 500
    assert len(stored()) == 1
    assert Remnant.objects.get().due_at > now() + timedelta(minutes=10)
    assert tidy() == set()


def _read(name: str) -> bytes:
    with file_storage().open(name) as body:
        return bytes(body.read())


def _size(name: str) -> tuple[int, int]:
    return Image.open(BytesIO(_read(name))).size
