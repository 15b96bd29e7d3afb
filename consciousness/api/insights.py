"""Insights over REST: what came out of sessions, and one's own word on it."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from consciousness.api.insight_shapes import (
    ConfidenceOut,
    EditInsight,
    InsightOut,
    InsightsQuery,
    ReflectionOut,
    StateConfidence,
)
from consciousness.errors import ReflectionNotFound
from consciousness.policies import can_hold_sessions
from consciousness.selectors.insights import (
    InsightFilter,
    confidence_in,
    insight_for,
    insights_of,
    reflection_of,
)
from consciousness.selectors.sessions import session_for
from consciousness.services.insights import confirm_insight, edit_insight, reject_insight, state_confidence
from consciousness.services.reflecting import reflect_again
from timetravelers.kit.api.conditional import etag, expected_version
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


def _answer(actor: User, uid: UUID) -> Response:
    insight = insight_for(actor, uid)
    return Response(InsightOut(insight).data, headers={"ETag": etag(insight.revision)})


class InsightsView(ApiView):
    """What came out of my sessions."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="insights_list", parameters=[InsightsQuery], responses=paginated(InsightOut))
    def get(self, request: Request) -> Response:
        """All of it, newest first, or of one session, kind or state."""
        query = self.parse_query(InsightsQuery, request)
        which = InsightFilter(kind=query.get("kind", ""), state=query.get("state", ""), session=query["session"])
        return NewestFirst().page_response(insights_of(self.actor, which), request, InsightOut)


class InsightView(ApiView):
    """One of these."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PATCH": "write"}

    @extend_schema(operation_id="insights_get", responses=InsightOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """With the messages it rests on."""
        return _answer(self.actor, uid)

    @extend_schema(operation_id="insights_edit", request=EditInsight, responses=InsightOut)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Put it in my own words, which confirms it; with If-Match, only if nobody has edited it since."""
        wanted = self.parse(EditInsight, request)
        edit_insight(insight=uid, actor=self.actor, expected_revision=expected_version(request), **wanted)
        return _answer(self.actor, uid)


class ConfirmInsightView(ApiView):
    """Confirming an insight."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="insights_confirm", request=None, responses=InsightOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """It is so; an action item becomes a proposal on my board of missions."""
        confirm_insight(insight=uid, actor=self.actor, expected_revision=expected_version(request))
        return _answer(self.actor, uid)


class RejectInsightView(ApiView):
    """Rejecting an insight."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="insights_reject", request=None, responses=InsightOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """It is not so: never use it, and never propose it again."""
        reject_insight(insight=uid, actor=self.actor, expected_revision=expected_version(request))
        return _answer(self.actor, uid)


class ConfidenceView(ApiView):
    """How sure I feel before and after a session."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PUT": "write"}

    @extend_schema(operation_id="sessions_confidence", responses=ConfidenceOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """What I said; it is never inferred."""
        return Response(ConfidenceOut(confidence_in(session_for(self.actor, uid))).data)

    @extend_schema(operation_id="sessions_state_confidence", request=StateConfidence, responses=ConfidenceOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """Say it, or say it anew."""
        state_confidence(session=uid, actor=self.actor, **self.parse(StateConfidence, request))
        return Response(ConfidenceOut(confidence_in(session_for(self.actor, uid))).data)


class ReflectionView(ApiView):
    """Looking back at a session."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="sessions_reflection", responses=ReflectionOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """How far it has come."""
        reflection = reflection_of(session_for(self.actor, uid))
        if reflection is None:
            raise ReflectionNotFound
        return Response(ReflectionOut(reflection).data)

    @extend_schema(operation_id="sessions_reflect", request=None, responses={202: ReflectionOut})
    def post(self, _request: Request, uid: UUID) -> Response:
        """Look back once more; what I confirmed, rejected or put in my own words stays as it is."""
        return Response(ReflectionOut(reflect_again(session=uid, actor=self.actor)).data, status=202)
