"""Where the files of pictures lie in the private storage."""

import secrets
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def store_picture(files: Mapping[int, bytes]) -> str:
    """Write the squares under a new name that nobody can guess, and return it."""
    name = secrets.token_hex(16)
    for size, body in files.items():
        default_storage.save(_path(name, size), ContentFile(body))
    return name


def read_picture(name: str, size: int) -> bytes | None:
    """One square, or None if the file is gone."""
    try:
        with default_storage.open(_path(name, size)) as file:
            body: bytes = file.read()
            return body
    except FileNotFoundError:
        return None


def delete_picture(name: str, sizes: tuple[int, ...]) -> None:
    """Delete the squares; what is gone already stays gone."""
    for size in sizes:
        default_storage.delete(_path(name, size))


def picture_paths(name: str, sizes: tuple[int, ...]) -> dict[int, str]:
    """Where the squares of a picture lie in the private storage, by size."""
    return {size: _path(name, size) for size in sizes}


def _path(name: str, size: int) -> str:
    return f"pictures/{name[:2]}/{name}-{size}.webp"
