"""Names of channel-layer groups."""

from uuid import UUID


def session_group(session: UUID) -> str:
    """The group of all sockets and long polls that watch a session."""
    return f"session.{session.hex}"


def person_group(user_id: int) -> str:
    """The group of all sockets that a person has open."""
    return f"person.{user_id}"
