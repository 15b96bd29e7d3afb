"""The context over REST: what the next call would send, and what is pinned or excluded."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.context_shapes import ContextOut, ContextQuery
from consciousness.models import ContextMark
from consciousness.models.context import TARGETS
from consciousness.policies import can_hold_sessions
from consciousness.previewing import preview_of
from consciousness.selectors.marks import marks_of
from consciousness.selectors.sessions import session_for
from consciousness.services.marking import mark_context, unmark_context
from timetravelers.kit.api.views import ApiView

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(TARGETS))


class ContextView(ApiView):
    """What a mentor is told."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="context_get", parameters=[ContextQuery], responses=ContextOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """Exactly what the next call would send, with what each part costs and the rows it comes from."""
        draft = self.parse_query(ContextQuery, request)["text"]
        session = session_for(self.actor, uid)
        return Response(ContextOut({"preview": preview_of(session, draft), "marks": marks_of(session)}).data)


class PinView(ApiView):
    """Pins: what every call tells, as long as there is room."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="context_pin", request=None, parameters=[KIND], responses={204: None})
    def put(self, _request: Request, uid: UUID, kind: str, target: UUID) -> Response:
        """Pin it; if it was excluded, it is no more."""
        mark_context(session=uid, kind=kind, target=target, mark=ContextMark.Mark.PINNED, actor=self.actor)
        return Response(status=204)

    @extend_schema(operation_id="context_unpin", request=None, parameters=[KIND], responses={204: None})
    def delete(self, _request: Request, uid: UUID, kind: str, target: UUID) -> Response:
        """Leave it to the house again whether it is told."""
        unmark_context(session=uid, kind=kind, target=target, mark=ContextMark.Mark.PINNED, actor=self.actor)
        return Response(status=204)


class ExclusionView(ApiView):
    """Exclusions: what no call of the session tells."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="context_exclude", request=None, parameters=[KIND], responses={204: None})
    def put(self, _request: Request, uid: UUID, kind: str, target: UUID) -> Response:
        """Exclude it; if it was pinned, it is no more. A mentor that has heard of it begins anew."""
        mark_context(session=uid, kind=kind, target=target, mark=ContextMark.Mark.EXCLUDED, actor=self.actor)
        return Response(status=204)

    @extend_schema(operation_id="context_include", request=None, parameters=[KIND], responses={204: None})
    def delete(self, _request: Request, uid: UUID, kind: str, target: UUID) -> Response:
        """Let it be told again."""
        unmark_context(session=uid, kind=kind, target=target, mark=ContextMark.Mark.EXCLUDED, actor=self.actor)
        return Response(status=204)
