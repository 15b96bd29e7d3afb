"""Pictures: decoded within bounds and written anew, upright, with nothing else in the file."""

from pathlib import Path

from PIL import Image, ImageOps

from consciousness.vetting.kinds import PICTURES
from consciousness.vetting.verdicts import Found, Reason, Unacceptable

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000
THUMBNAIL_SIDE = 512
THUMBNAIL = "WEBP"
QUALITY = 90
THUMBNAIL_QUALITY = 80

# Pillow warns where we refuse: every picture is measured before it is decoded.
Image.MAX_IMAGE_PIXELS = None


def look(path: Path, media_type: str, clean: Path, thumbnail: Path) -> Found:
    """Write the picture to `clean` and a small one to `thumbnail`, of moving ones the first frame.

    Raises Unacceptable.
    """
    form = PICTURES[media_type]
    with Image.open(path, formats=[form]) as picture:
        if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
            raise Unacceptable(Reason.BOMB)
        upright = ImageOps.exif_transpose(_plain(picture, form))
    _write(upright, clean, form, QUALITY)
    upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    _write(upright, thumbnail, THUMBNAIL, THUMBNAIL_QUALITY)
    return Found(media_type, is_remade=True, has_thumbnail=True)


def _plain(picture: Image.Image, form: str) -> Image.Image:
    has_alpha = form != "JPEG" and picture.has_transparency_data
    return picture.convert("RGBA" if has_alpha else "RGB")


def _write(picture: Image.Image, place: Path, form: str, quality: int) -> None:
    picture.info.clear()
    options = {} if form == "PNG" else {"quality": quality}
    picture.save(place, form, exif=b"", icc_profile=b"", xmp=b"", **options)
