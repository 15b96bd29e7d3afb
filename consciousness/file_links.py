"""Addresses of files that are good for a few minutes: signed, so that nothing has to be looked up to believe them."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core import signing

from consciousness.errors import FileLinkExpired
from timetravelers.kit.clock import now

GOOD_FOR = timedelta(minutes=5)
SALT = "timetravelers.files"
PATH = "/files/"


class Variant(StrEnum):
    """Which of a file's bytes."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"


def link_to(file: UUID, variant: Variant) -> tuple[str, datetime]:
    """An address, and until when it is good."""
    until = now() + GOOD_FOR
    signed = signing.dumps([file.hex, variant.value, int(until.timestamp())], salt=SALT)
    return f"{settings.PUBLIC_BASE_URL}{PATH}{file}/?sig={signed}", until


def variant_of(file: UUID, signature: str) -> Variant:
    """What an address leads to; raises FileLinkExpired for one that is over, of another file, or not ours."""
    try:
        named, variant, until = signing.loads(signature, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise FileLinkExpired from None
    if named != file.hex or until < now().timestamp():
        raise FileLinkExpired
    return Variant(variant)
