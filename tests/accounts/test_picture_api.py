"""`/me/picture/`: sending, reading and taking away one's picture."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from accounts.models import Profile, User
from accounts.pictures import SIZES
from accounts.services.picture import put_picture
from tests.actors import Api, ApiClient
from tests.factories.pictures import animated, draw, encode, png_that_claims
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PHOTO = encode(draw(300, 200))


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    """A storage of the test's own."""
    storages: dict[str, Any] = dict(settings.STORAGES)
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}
    return tmp_path


@pytest.fixture
def mine(alice: User, api: Api) -> ApiClient:
    return api(alice)


def files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def put(phone: ApiClient, body: bytes, kind: str = "image/jpeg") -> Any:
    return phone.put("/me/picture/", raw=body, Content_Type=kind)


def form(*parts: tuple[str, bytes]) -> tuple[bytes, str]:
    """A multipart form with files."""
    head = '--b\r\nContent-Disposition: form-data; name="{}"; filename="../../x.php"\r\nContent-Type: text/html\r\n\r\n'
    body = b"".join(head.format(name).encode() + data + b"\r\n" for name, data in parts)
    return body + b"--b--\r\n", "multipart/form-data; boundary=b"


def test_a_picture_is_there_in_three_sizes(mine: ApiClient, media: Path) -> None:
    answer = put(mine, PHOTO)
    assert answer.status_code == 200, answer.content
    assert answer.json()["picture"]["sizes"] == list(SIZES)
    assert answer.json() == mine.get("/me/").json()
    for size in SIZES:
        got = mine.get(f"/me/picture/{size}/")
        assert (got.status_code, got.headers["Content-Type"]) == (200, "image/webp")
        assert max(Image.open(BytesIO(got.content)).size) == min(size, 200)
    assert len(files(media)) == 3


def test_it_is_served_so_that_nothing_runs_out_of_it(mine: ApiClient) -> None:
    put(mine, PHOTO)
    headers = mine.get("/me/picture/64/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Content-Disposition"] == 'inline; filename="picture-64.webp"'


def test_an_unchanged_picture_costs_no_bytes(mine: ApiClient) -> None:
    put(mine, PHOTO)
    tag = mine.get("/me/picture/64/").headers["ETag"]
    again = mine.get("/me/picture/64/", If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert mine.get("/me/picture/256/", If_None_Match=tag).status_code == 200
    put(mine, PHOTO)
    assert mine.get("/me/picture/64/", If_None_Match=tag).status_code == 200


def test_the_files_of_the_old_one_go_with_the_new_one(mine: ApiClient, media: Path) -> None:
    first = put(mine, PHOTO).json()
    before = files(media)
    second = put(mine, encode(draw(90, 90), "PNG"), "image/png").json()
    assert second["picture"]["id"] != first["picture"]["id"]
    assert second["version"] == first["version"] + 1
    assert len(files(media)) == 3
    assert not set(before) & set(files(media))


def test_taken_away_it_is_gone_with_its_files(mine: ApiClient, media: Path) -> None:
    put(mine, PHOTO)
    assert mine.delete("/me/picture/").status_code == 204
    assert mine.get("/me/").json()["picture"] is None
    assert mine.get("/me/picture/64/").status_code == 404
    assert files(media) == []
    version = mine.get("/me/").json()["version"]
    assert mine.delete("/me/picture/").status_code == 204
    assert mine.get("/me/").json()["version"] == version


def test_files_are_private_and_named_by_us(mine: ApiClient, media: Path) -> None:
    body, kind = form(("file", PHOTO))
    put(mine, body, kind)
    for path in files(media):
        assert re.fullmatch(r"pictures/[0-9a-f]{2}/[0-9a-f]{32}-(64|256|1024)\.webp", str(path.relative_to(media)))
        assert path.stat().st_mode & 0o777 == 0o600
        assert Client().get(f"/media/{path.relative_to(media)}").status_code == 404


@pytest.mark.parametrize(
    "kind", ["image/png", "image/webp", "application/octet-stream", "text/html", "application/json"]
)
def test_what_it_is_called_does_not_matter(mine: ApiClient, kind: str) -> None:
    assert put(mine, PHOTO, kind).status_code == 200


def test_a_form_with_the_one_file_is_taken(mine: ApiClient) -> None:
    body, kind = form(("file", PHOTO))
    assert put(mine, body, kind).status_code == 200
    big, kind = form(("file", encode(Image.effect_noise((2200, 2200), 90), "PNG")))
    assert len(big) > 2_600_000  # Django keeps such a file on disk
    assert put(mine, big, kind).status_code == 200


@pytest.mark.parametrize(
    "parts", [[], [("photo", PHOTO)], [("file", PHOTO), ("file", PHOTO)], [("file", PHOTO), ("more", PHOTO)]]
)
def test_other_forms_are_refused(mine: ApiClient, parts: list[tuple[str, bytes]]) -> None:
    body, kind = form(*parts)
    assert put(mine, body, kind).status_code == 400


def test_a_form_that_is_none_is_refused(mine: ApiClient) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=b", "multipart/form-data; boundary=\u00fc"):
        assert put(mine, b"nonsense", kind).status_code == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "picture_unsupported"),
        (b"<svg onload='alert(1)'/>", "picture_unsupported"),
        (encode(draw(), "GIF"), "picture_unsupported"),
        (PHOTO[:-200], "picture_broken"),
        (animated("WEBP"), "picture_animated"),
        (png_that_claims(20_000, 20_000), "picture_dimensions"),
    ],
)
def test_what_cannot_be_a_picture_is_named_and_changes_nothing(
    mine: ApiClient, media: Path, body: bytes, code: str
) -> None:
    put(mine, PHOTO)
    before = mine.get("/me/").json(), files(media)
    answer = put(mine, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (mine.get("/me/").json(), files(media)) == before


def test_ten_megabytes_are_the_limit(mine: ApiClient, settings: LazySettings) -> None:
    padded = PHOTO + b"\0" * (settings.PICTURE_MAX_BYTES - len(PHOTO))
    assert put(mine, padded).status_code == 200
    form_body, kind = form(("file", padded))
    assert put(mine, form_body, kind).status_code == 200
    for body, of_kind in (((padded + b"\0"), "image/jpeg"), form(("file", padded + b"\0"))):
        answer = put(mine, body, of_kind)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_everybody_sees_their_own_and_nobody_sees_any(alice: User, bob: User, api: Api) -> None:
    put(api(alice), PHOTO)
    assert api(bob).get("/me/picture/64/").status_code == 404
    api(bob).delete("/me/picture/")
    stranger = api(None)
    answers = [put(stranger, PHOTO), stranger.delete("/me/picture/"), stranger.get("/me/picture/64/")]
    assert {answer.status_code for answer in answers} == {401}
    assert api(alice).get("/me/picture/64/").status_code == 200


@pytest.mark.parametrize("size", ["0", "63", "2048", "99999999999999999999", "-64", "64.webp", "x"])
def test_other_sizes_are_not_there(mine: ApiClient, size: str) -> None:
    put(mine, PHOTO)
    assert mine.get(f"/me/picture/{size}/").status_code == 404


def test_a_lost_file_is_404(mine: ApiClient, media: Path) -> None:
    put(mine, PHOTO)
    for path in files(media):
        path.unlink()
    assert mine.get("/me/picture/64/").status_code == 404
    assert put(mine, PHOTO).status_code == 200


def test_uploads_are_counted(mine: ApiClient, settings: LazySettings) -> None:
    most = settings.THROTTLE_SCOPES["upload"]["per_minute"]
    codes = [put(mine, b"x").status_code for _ in range(most + 1)]
    assert codes == [422] * most + [429]


def test_of_pictures_put_at_once_one_is_left(alice: User, media: Path) -> None:
    at_once(4, lambda _: put_picture(user=alice, body=PHOTO))
    name = Profile.objects.get(user=alice).picture
    assert {path.name.split("-")[0] for path in files(media)} == {name}
    assert len(files(media)) == 3


def test_without_a_commit_the_new_files_go_and_the_old_stay(
    alice: User, mine: ApiClient, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(mine, PHOTO)
    before = files(media)

    def refuse(_profile: Profile) -> int:
        raise RuntimeError("no")

    monkeypatch.setattr("accounts.services.picture.save_next", refuse)
    with pytest.raises(RuntimeError):
        put_picture(user=alice, body=PHOTO)
    assert files(media) == before
