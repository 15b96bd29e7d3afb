"""Where the bytes of files lie: in a storage of their own, under names that nobody can guess."""

import secrets
from collections.abc import Iterator
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages

STORAGE = "files"
PIECE = 256 * 1024


def file_storage() -> Storage:
    """The storage of the settings: a folder of this machine, or a bucket."""
    return storages[STORAGE]


def new_key() -> str:
    """What a new file is stored under."""
    return secrets.token_hex(16)


def clean_name(key: str) -> str:
    """Where the checked bytes lie."""
    return f"kept/{key[:2]}/{key}"


def thumbnail_name(key: str) -> str:
    """Where the small picture of it lies."""
    return f"kept/{key[:2]}/{key}-thumbnail"


def names_of(key: str, parts: list[str], *, has_thumbnail: bool) -> list[str]:
    """All that may lie in the storage for a file."""
    return [clean_name(key), *([thumbnail_name(key)] if has_thumbnail else []), *parts]


def new_part() -> str:
    """Where bytes that come in are to lie until they are checked."""
    key = new_key()
    return f"coming/{key[:2]}/{key}"


def keep(name: str, body: IO[bytes]) -> None:
    """Store bytes under this name, in place of what an earlier attempt may have left there."""
    file_storage().save(name, File(body))


def read_parts(parts: list[str]) -> Iterator[bytes]:
    """What came in, piece by piece; raises FileNotFoundError."""
    for name in parts:
        with file_storage().open(name) as file:
            yield from file.chunks(PIECE)


def drop(names: list[str]) -> None:
    """Delete what lies there; what is gone already stays gone."""
    for name in names:
        file_storage().delete(name)
