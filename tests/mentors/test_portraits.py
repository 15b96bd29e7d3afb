"""Portraits: drawn by us the same each time, or stored, and handed out so that nothing runs out of them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from accounts.models import User
from mentors.models import Traveler
from mentors.portraits import SIZES, draw_portrait, portrait_name
from mentors.services.editing import edit_traveler
from mentors.services.versions import newest_version
from tests.actors import ApiClient
from tests.content.library import travelers
from tests.factories.mentors import make_traveler
from tests.factories.pictures import draw, encode

Api = Callable[[User | None], ApiClient]


def opened(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image


def test_the_same_name_gives_the_same_picture_in_every_size() -> None:
    drawn = draw_portrait("ada", 12)
    assert drawn == draw_portrait("ada", 12)
    assert set(drawn) == set(SIZES)
    for size, body in drawn.items():
        image = opened(body)
        assert (image.format, image.size) == ("WEBP", (size, size))
        assert not image.getexif()


def test_shipped_travelers_look_different() -> None:
    looks = {draw_portrait(one["slug"], one["era_years"])[64] for one in travelers()}
    assert len(looks) == len(travelers())


@pytest.mark.parametrize("seed", ["", "x" * 10_000, "\x00\u2028", "żółć"])
@pytest.mark.parametrize("years", [0, 1, 60, 10_000])
def test_any_name_can_be_drawn(seed: str, years: int) -> None:
    assert opened(draw_portrait(seed, years)[64]).size == (64, 64)
    assert len(portrait_name(seed, years)) == 32


def images(answer: Any) -> dict[int, str]:
    return {image["size"]: image["url"] for image in answer.json()["portrait"]["images"]}


def test_a_phone_follows_the_address_and_keeps_the_picture(api: Api, charlie: User) -> None:
    traveler = make_traveler("ada")
    client = api(charlie)
    urls = images(client.get(f"/travelers/{traveler.uid}/"))
    assert set(urls) == set(SIZES)
    path, _, version = urls[256].partition("?v=")
    answer = client.get(path, {"v": version})
    assert answer.status_code == 200
    assert answer.content == draw_portrait("ada", 10)[256]
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "max-age" in answer.headers["Cache-Control"]
    again = client.get(path, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_of_staff_takes_its_place_under_another_address(
    api: Api, charlie: User, staff: User, content: None
) -> None:
    traveler = Traveler.objects.get(slug="anneli-rautio")
    client = api(charlie)
    before = client.get(f"/travelers/{traveler.uid}/")
    profile = newest_version(traveler).profile
    edit_traveler(actor=staff, traveler=traveler.uid, profile=profile, expected_version=1, picture=encode(draw()))
    after = client.get(f"/travelers/{traveler.uid}/")
    assert images(before)[64] != images(after)[64]
    assert opened(client.get(images(after)[64].partition("?")[0]).content).size == (64, 64)
    assert newest_version(Traveler.objects.get(pk=traveler.pk)).portrait == after.json()["portrait"]["id"]


@pytest.mark.parametrize("size", [0, 65, 4096])
def test_other_sizes_are_not_made(api: Api, charlie: User, size: int) -> None:
    assert api(charlie).get(f"/travelers/{make_traveler().uid}/portrait/{size}/").status_code == 404


@pytest.mark.parametrize(("state", "status"), [("published", 200), ("retired", 200), ("draft", 404)])
def test_people_see_whom_they_may_know(api: Api, charlie: User, state: str, status: int) -> None:
    traveler = make_traveler(state=state)
    assert api(charlie).get(f"/travelers/{traveler.uid}/portrait/64/").status_code == status
    assert api(charlie).get(f"/travelers/{uuid4()}/portrait/64/").status_code == 404
