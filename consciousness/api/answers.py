"""How a session is answered: as it is now, with the tag that an edit can be made conditional on."""

from typing import Any
from uuid import UUID

from rest_framework.response import Response

from accounts.models import User
from consciousness.api.session_shapes import SessionOut
from consciousness.selectors.sessions import shown_session
from timetravelers.kit.api.conditional import etag


def tag_of(session: Any) -> str:
    """What was edited, and beside it what changes by itself."""
    return etag(f"{session.revision}-{session.last_seq}r{session.read_seq}")


def session_answer(actor: User, uid: UUID, status: int = 200) -> Response:
    """The session; raises SessionNotFound."""
    session = shown_session(actor, uid)
    return Response(SessionOut(session).data, status=status, headers={"ETag": tag_of(session)})
