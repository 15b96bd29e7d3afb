"""Portraits drawn by us: a figure among the orbits of the years it has travelled, in colours of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageColor, ImageDraw

SIZES: Final = (64, 256, 1024)
MEDIA_TYPE: Final = "image/webp"
STYLE: Final = "1"  # raised when the same name is to give another picture

_CANVAS: Final = 1024
_QUALITY: Final = 82
_YEARS_AN_ORBIT: Final = 4
_MOST_ORBITS: Final = 6

# Dusk above, ground below, the figure, its light: chosen so that the figure stands out on each.
_PALETTES: Final = (
    ("#10243f", "#2f6f8f", "#f2c078", "#fff1d6"),
    ("#2b1b3d", "#7a4f8c", "#f4a7a0", "#ffe9e2"),
    ("#0f2f2a", "#3c8d6e", "#f0d58a", "#fff8df"),
    ("#3a1c20", "#a4504a", "#f6cfa3", "#fff0df"),
    ("#1c2541", "#5a7bd0", "#b8e1dd", "#f0fffb"),
    ("#2a2a1f", "#7f8a4a", "#f1e0b0", "#fffbe8"),
    ("#1f1f3a", "#5b5ea6", "#e7b7d4", "#fff0f8"),
    ("#0b2e3b", "#2a9da5", "#f7d6bf", "#fff4ec"),
)
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Look:
    dusk: Colour
    ground: Colour
    figure: Colour
    light: Colour
    lean: int  # how far the figure stands from the middle
    head: int  # half the width of the head
    crown: int  # how high the hair stands
    shoulders: int  # half the width of the shoulders
    orbit: int  # where the orbits begin


def portrait_name(seed: str, era_years: int) -> str:
    """The name under which the portrait of a seed is kept: another one when it would look different."""
    return hashlib.sha256(f"{STYLE}:{era_years}:{seed}".encode()).hexdigest()[:32]


def draw_portrait(seed: str, era_years: int) -> Mapping[int, bytes]:
    """The portrait in each of SIZES, as WebP; the same seed and years give the same picture."""
    look = _look(portrait_name(seed, era_years))
    canvas = _sky(look)
    pencil = ImageDraw.Draw(canvas)
    _orbits(pencil, look, era_years)
    _figure(pencil, look)
    return {size: _encode(canvas, size) for size in SIZES}


def _look(name: str) -> _Look:
    figures = bytes.fromhex(name)
    dusk, ground, figure, light = (_rgb(colour) for colour in _PALETTES[figures[0] % len(_PALETTES)])
    return _Look(
        dusk=dusk,
        ground=ground,
        figure=figure,
        light=light,
        lean=figures[1] % 81 - 40,
        head=132 + figures[2] % 28,
        crown=figures[3] % 90,
        shoulders=300 + figures[4] % 90,
        orbit=figures[5] % 360,
    )


def _rgb(colour: str) -> Colour:
    red, green, blue, *_ = ImageColor.getrgb(colour)
    return red, green, blue


def _sky(look: _Look) -> Image.Image:
    """From dusk down to the ground, without steps."""
    slope = Image.linear_gradient("L").resize((_CANVAS, _CANVAS), Image.Resampling.BICUBIC)
    size = (_CANVAS, _CANVAS)
    return Image.composite(Image.new("RGB", size, look.ground), Image.new("RGB", size, look.dusk), slope)


def _orbits(pencil: ImageDraw.ImageDraw, look: _Look, era_years: int) -> None:
    """An arc for every few years, each with the spot the Traveler came past."""
    middle = (_CANVAS // 2 + look.lean, 430)
    for number in range(min(_MOST_ORBITS, max(1, era_years // _YEARS_AN_ORBIT))):
        radius = 250 + 62 * number
        begin = (look.orbit + 47 * number) % 360
        pencil.arc(_around(middle, radius), begin, begin + 250, fill=look.light, width=6)
        _spot(pencil, look, middle, radius, number)


def _spot(pencil: ImageDraw.ImageDraw, look: _Look, middle: tuple[int, int], radius: int, number: int) -> None:
    across, down = _COMPASS[(look.orbit + number * 3) % len(_COMPASS)]
    place = (middle[0] + round(radius * across), middle[1] + round(radius * down))
    pencil.ellipse(_around(place, 12 + 2 * number), fill=look.light)


# Points on a circle, written out so that every machine draws the same.
_COMPASS: Final = (
    (1.0, 0.0),
    (0.707, -0.707),
    (0.0, -1.0),
    (-0.707, -0.707),
    (-1.0, 0.0),
    (-0.866, -0.5),
    (0.866, -0.5),
)


def _figure(pencil: ImageDraw.ImageDraw, look: _Look) -> None:
    """Shoulders, neck, hair and head; no face, since nobody is behind it."""
    x, head = _CANVAS // 2 + look.lean, look.head
    left, right = x - look.shoulders, x + look.shoulders
    pencil.ellipse((left, 660, right, 660 + 2 * look.shoulders), fill=look.dusk)
    pencil.arc((left, 660, right, 660 + 2 * look.shoulders), 200, 340, fill=look.light, width=6)
    pencil.rounded_rectangle((x - 62, 520, x + 62, 760), 50, fill=look.figure)
    pencil.ellipse((x - head - 26, 262 - look.crown, x + head + 26, 600), fill=look.dusk)
    pencil.ellipse((x - head, 290, x + head, 620), fill=look.figure)


def _around(middle: tuple[int, int], radius: int) -> tuple[int, int, int, int]:
    x, y = middle
    return (x - radius, y - radius, x + radius, y + radius)


def _encode(canvas: Image.Image, size: int) -> bytes:
    file = BytesIO()
    canvas.resize((size, size), Image.Resampling.LANCZOS).save(file, "WEBP", quality=_QUALITY)
    return file.getvalue()
