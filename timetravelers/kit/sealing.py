"""Texts that are to be readable by this house only, sealed with a key made from its secret."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class BrokenSeal(Exception):
    """The text was not sealed by us, not for this purpose, or under another secret."""


def seal(text: str, purpose: str) -> str:
    """The text, unreadable to others; the same text is sealed differently each time."""
    return _cipher(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode()


def open_sealed(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose; raises BrokenSeal."""
    try:
        return _cipher(settings.SECRET_KEY, purpose).decrypt(sealed).decode()
    except (InvalidToken, ValueError) as exc:
        raise BrokenSeal from exc


@lru_cache(maxsize=8)
def _cipher(secret: str, purpose: str) -> Fernet:
    digest = hashlib.sha256(f"timetravelers {purpose}:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
