"""ETags: `If-None-Match` saves a phone's bytes, `If-Match` saves another phone's edit."""

import re

from rest_framework.request import Request

from timetravelers.kit.errors import PreconditionFailed

# What stands behind a dash changes by itself, and says nothing about edits.
_VERSION = re.compile(r'"?([0-9]{1,18})(?:-[0-9a-z]{1,32})?"?')


def etag(version: int | str) -> str:
    """A strong ETag of a row's version."""
    return f'"{version}"'


def _candidates(header: str) -> set[str]:
    return {candidate.strip().removeprefix("W/") for candidate in header.split(",")}


def expected_version(request: Request) -> int | None:
    """The version that If-Match insists on; None when the caller insists on nothing."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    version = _VERSION.fullmatch(header.strip())
    if version is None:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    return int(version[1])


def is_unchanged(request: Request, tag: str) -> bool:
    """True when the caller already holds this version."""
    header = request.headers.get("If-None-Match")
    return header is not None and (header.strip() == "*" or tag in _candidates(header))
