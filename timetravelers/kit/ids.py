"""Public identifiers: UUIDv7, ordered by time so that indexes stay compact."""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """A new UUIDv7 as the standard library's type."""
    return uuid_utils.compat.uuid7()
