"""Identifiers as Manus writes them, reproducible under a seed."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import string
from collections.abc import Container
from threading import Lock

ALPHABET = string.ascii_letters + string.digits
LENGTH = 22


class IdSource:
    """Gives out ids of 22 letters and digits, each once. Thread-safe."""

    def __init__(self, seed: int | None) -> None:
        self._secret = secrets.token_hex(16) if seed is None else str(seed)
        self._count = itertools.count(1)
        self._lock = Lock()

    def fresh(self, taken: Container[str] = ()) -> str:
        """An id not in `taken`: a restarted simulator with the same seed counts from the beginning again."""
        with self._lock:
            while (found := digest_id(f"{self._secret}:{next(self._count)}")) in taken:
                pass
            return found


def digest_id(text: str) -> str:
    """22 letters and digits that depend on the text alone."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)
