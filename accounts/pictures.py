"""Pictures of people: strangers' bytes in, three clean squares out."""

from collections.abc import Mapping
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps

from accounts.errors import PictureAnimated, PictureBroken, PictureDimensions, PictureUnsupported

SIZES = (64, 256, 1024)
MAX_PIXELS = 50_000_000
MAX_SIDE = 16_000
QUALITY = 82
MEDIA_TYPE = "image/webp"

# Pillow warns where we refuse: `_refuse_dimensions` looks at every picture before it is decoded.
Image.MAX_IMAGE_PIXELS = None

# A large picture takes 200 MB while it is decoded; one at a time in a process is enough for everybody.
_decoding = BoundedSemaphore(1)


def squares(body: bytes) -> Mapping[int, bytes]:
    """The picture in each of SIZES, as WebP: upright, cut to its middle square, with nothing else in the file.

    A picture smaller than a size is not enlarged. What it is, its first bytes say, whatever it was sent as.
    Raises PictureUnsupported, PictureDimensions, PictureAnimated and PictureBroken.
    """
    if _sniff(body) is None:
        raise PictureUnsupported
    with _decoding:
        return _encode_all(_decode(body))


def _sniff(body: bytes) -> str | None:
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "WEBP"
    return None


def _decode(body: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(body), formats=[_sniff(body) or ""]) as picture:
            _refuse_dimensions(picture)
            _refuse_animation(picture)
            return _clean(picture)
    except (PictureDimensions, PictureAnimated):
        raise
    except Exception as exc:  # decoders of hostile bytes raise what they like
        raise PictureBroken from exc


def _refuse_dimensions(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
        raise PictureDimensions


def _refuse_animation(picture: Image.Image) -> None:
    # Phones put a second JPEG (depth, a preview) behind the first; that is no animation.
    if picture.format in {"PNG", "WEBP"} and getattr(picture, "is_animated", False):
        raise PictureAnimated


def _clean(picture: Image.Image) -> Image.Image:
    """The largest square, decoded no larger than it takes, turned upright, without colour profile or comments."""
    largest = max(SIZES)
    picture.draft("RGB", (largest, largest))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    side = min(largest, *picture.size)
    cut = ImageOps.fit(picture.convert(mode), (side, side), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(cut)
    upright.info.clear()
    return upright


def _encode_all(picture: Image.Image) -> dict[int, bytes]:
    return {size: _encode(picture, size) for size in SIZES}


def _encode(picture: Image.Image, size: int) -> bytes:
    side = min(size, picture.width)
    file = BytesIO()
    smaller = picture.resize((side, side), Image.Resampling.LANCZOS)
    smaller.info.clear()
    smaller.save(file, "WEBP", quality=QUALITY, exif=b"", icc_profile=b"", xmp=b"")
    return file.getvalue()
