"""Pictures as phones make them, and as attackers do."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

TOP_LEFT_RED = ((255, 0, 0), (0, 0, 255))


def draw(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Red in its left half, blue in its right half."""
    picture = Image.new(mode, (width, height), TOP_LEFT_RED[1])
    picture.paste(TOP_LEFT_RED[0], (0, 0, width // 2, height))
    return picture


def encode(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def with_exif(form: str, orientation: int) -> bytes:
    """A picture that says how it was held, where and by whom."""
    picture = draw(80, 80)
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    return encode(picture, form, exif=exif)


def animated(form: str) -> bytes:
    """Two frames."""
    return encode(draw(), form, save_all=True, append_images=[draw().rotate(90)], duration=100)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width: int, height: int) -> bytes:
    """A small PNG whose header promises many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_with_a_text_bomb() -> bytes:
    """A compressed comment that unpacks to 100 MB."""
    body = encode(draw(8, 8), "PNG")
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 100_000_000, 9))
    return body[:33] + bomb + body[33:]
