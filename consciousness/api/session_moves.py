"""What is done to sessions over REST beside talking: each move a door of its own."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.answers import session_answer
from consciousness.api.session_shapes import RescheduleSession, SessionOut
from consciousness.policies import can_hold_sessions
from consciousness.services.editing import archive_session, unarchive_session
from consciousness.services.ends import end_session
from consciousness.services.schedules import cancel_scheduled, open_scheduled, reschedule_session
from timetravelers.kit.api.conditional import expected_version
from timetravelers.kit.api.views import ApiView


class EndSessionView(ApiView):
    """Ending it."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_end", request=None, responses=SessionOut)
    def post(self, _request: Request, uid: UUID) -> Response:
        """End the session; what was said stays."""
        end_session(session=uid, actor=self.actor)
        return session_answer(self.actor, uid)


class OpenScheduledView(ApiView):
    """Not waiting for its time."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_begin", request=None, responses=SessionOut)
    def post(self, _request: Request, uid: UUID) -> Response:
        """Open a scheduled session, at most a quarter of an hour before its time."""
        open_scheduled(session=uid, actor=self.actor)
        return session_answer(self.actor, uid)


class RescheduleView(ApiView):
    """Moving it."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_reschedule", request=RescheduleSession, responses=SessionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Move a scheduled session to another time."""
        starts_at = self.parse(RescheduleSession, request)["starts_at"]
        revision = expected_version(request)
        reschedule_session(session=uid, actor=self.actor, starts_at=starts_at, expected_revision=revision)
        return session_answer(self.actor, uid)


class CancelScheduledView(ApiView):
    """Calling it off."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_cancel", request=None, responses=SessionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Call a scheduled session off."""
        cancel_scheduled(session=uid, actor=self.actor, expected_revision=expected_version(request))
        return session_answer(self.actor, uid)


class ArchiveView(ApiView):
    """Putting it away."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_archive", request=None, responses=SessionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Put it away: it leaves the list, and nothing else changes."""
        archive_session(session=uid, actor=self.actor, expected_revision=expected_version(request))
        return session_answer(self.actor, uid)


class UnarchiveView(ApiView):
    """Taking it out again."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_unarchive", request=None, responses=SessionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Take it out again."""
        unarchive_session(session=uid, actor=self.actor, expected_revision=expected_version(request))
        return session_answer(self.actor, uid)
