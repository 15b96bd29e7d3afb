"""Strangers' bytes in, clean squares out."""

from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.errors import PictureAnimated, PictureBroken, PictureDimensions, PictureUnsupported
from accounts.pictures import SIZES, squares
from tests.factories.pictures import animated, draw, encode, png_that_claims, png_with_a_text_bomb, with_exif
from timetravelers.kit.errors import Invalid

PHOTO = encode(draw(), "JPEG")


def opened(body: bytes) -> Image.Image:
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture


def is_red(picture: Image.Image, x: int, y: int) -> bool:
    pixel = picture.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[2] < 100


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_each_format_gives_three_squares(form: str) -> None:
    made = squares(encode(draw(2000, 1500), form))
    assert {size: opened(body).size for size, body in made.items()} == {size: (size, size) for size in SIZES}
    assert all(body[:4] == b"RIFF" and body[8:12] == b"WEBP" for body in made.values())


def test_a_small_picture_is_not_enlarged() -> None:
    made = squares(encode(draw(100, 70)))
    assert [opened(made[size]).size for size in SIZES] == [(64, 64), (70, 70), (70, 70)]


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_the_smallest_pictures_work(size: tuple[int, int]) -> None:
    assert opened(squares(encode(draw(*size), "PNG"))[64]).size == (1, 1)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)
def test_pictures_stand_upright(form: str, orientation: int, red: str) -> None:
    picture = opened(squares(with_exif(form, orientation))[64])
    places = {"left": (8, 32), "right": (55, 32), "top": (32, 8), "bottom": (32, 55)}
    opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
    assert is_red(picture, *places[red])
    assert not is_red(picture, *places[opposite[red]])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_kept(form: str) -> None:
    body = with_exif(form, 6)
    assert b"SECRET-CAMERA" in body
    for square in squares(body).values():
        assert b"SECRET" not in square
        assert b"EXIF" not in square
        assert not opened(square).getexif()
        assert set(opened(square).info) <= {"loop", "background", "duration", "timestamp"}


def test_comments_profiles_and_what_is_appended_do_not_get_through() -> None:
    hidden = b"<?php system($_GET[0]); ?><script>alert(1)</script>"
    polyglots = [
        encode(draw(), "JPEG", comment=hidden) + hidden,
        encode(draw(), "JPEG", icc_profile=hidden),
        encode(draw(), "PNG", icc_profile=hidden) + b"PK\x03\x04" + hidden,
        encode(draw(), "WEBP", xmp=hidden, icc_profile=hidden) + hidden,
    ]
    for body in polyglots:
        for square in squares(body).values():
            assert b"script" not in square
            assert b"php" not in square
            assert b"PK\x03\x04" not in square


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "RGB"])
def test_pngs_of_every_mode_are_read(mode: str) -> None:
    assert opened(squares(encode(Image.new(mode, (70, 70)), "PNG"))[64]).size == (64, 64)


def test_a_cmyk_photo_is_read_and_transparency_stays() -> None:
    assert opened(squares(encode(draw().convert("CMYK"), "JPEG"))[64]).mode == "RGB"
    assert opened(squares(encode(Image.new("RGBA", (70, 70), (0, 0, 0, 0)), "PNG"))[64]).getpixel((5, 5)) == (
        0,
        0,
        0,
        0,
    )


def test_a_photo_with_a_second_one_behind_it_is_a_photo() -> None:
    assert opened(squares(animated("MPO"))[64]).size == (64, 64)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_moves_is_refused(form: str) -> None:
    with pytest.raises(PictureAnimated):
        squares(animated(form))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"\xff\xd8", b"GIF89a" + b"\0" * 20, b"BM" + b"\0" * 60, b"RIFF\0\0\0\0WAVEfmt ", b"%PDF-1.7",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b" " + PHOTO,
        b"%!PS-Adobe-3.0 EPSF-3.0", b"II*\0", b"\0\0\0\x20ftypheic", b'{"picture": 1}', b"<html>" + PHOTO,
        encode(draw(), "GIF"), encode(draw(), "BMP"), encode(draw(), "TIFF"), encode(draw(), "ICO"),
    ],
)  # fmt: skip
def test_other_formats_are_refused(body: bytes) -> None:
    with pytest.raises(PictureUnsupported):
        squares(body)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    body = encode(Image.effect_noise((200, 200), 80).convert("RGB"), form)
    with pytest.raises(PictureBroken):
        squares(body[: int(len(body) * share)])


@pytest.mark.parametrize(
    ("width", "height"), [(10_000, 5_001), (16_001, 1), (1, 16_001), (100_000, 100_000), (2**31 - 1, 2**31 - 1)]
)
def test_bombs_are_refused_before_they_are_unpacked(width: int, height: int) -> None:
    with pytest.raises(PictureDimensions):
        squares(png_that_claims(width, height))


def test_a_header_that_lies_and_a_comment_that_explodes_are_refused() -> None:
    for body in (png_that_claims(5_000, 5_000), png_that_claims(0, 0), png_with_a_text_bomb()):
        with pytest.raises(PictureBroken):
            squares(body)


@given(
    start=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]),
    rest=st.binary(max_size=200),
)
@settings(deadline=None)
def test_any_bytes_are_a_picture_or_a_refusal(start: bytes, rest: bytes) -> None:
    with pytest.raises(Invalid):
        squares(start + rest)


@given(at=st.integers(0, len(PHOTO) - 1), value=st.integers(0, 255))
@example(at=0, value=0)
@settings(deadline=None)
def test_a_damaged_photo_is_a_picture_or_a_refusal(at: int, value: int) -> None:
    body = bytearray(PHOTO)
    body[at] = value
    try:
        made = squares(bytes(body))
    except Invalid:
        return
    assert set(made) == set(SIZES)
