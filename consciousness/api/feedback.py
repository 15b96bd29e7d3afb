"""Ratings of replies and sessions, and how far somebody has read, over REST."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.feedback_shapes import Rate, RatingOut, ReadOut, ReadUpTo
from consciousness.policies import can_hold_sessions
from consciousness.selectors.ratings import reply_rating, session_rating
from consciousness.services.feedback import rate_reply, rate_session, unrate_reply, unrate_session
from consciousness.services.reading import mark_read
from timetravelers.kit.api.views import ApiView


class ReplyRatingView(ApiView):
    """What I think of a reply."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PUT": "write", "DELETE": "write"}

    @extend_schema(operation_id="replies_rating", responses=RatingOut)
    def get(self, _request: Request, uid: UUID, message: UUID) -> Response:
        """My rating of it."""
        return Response(RatingOut(reply_rating(self.actor, uid, message)).data)

    @extend_schema(operation_id="replies_rate", request=Rate, responses=RatingOut)
    def put(self, request: Request, uid: UUID, message: UUID) -> Response:
        """Rate it, or rate it anew."""
        rating = rate_reply(session=uid, message=message, actor=self.actor, **self.parse(Rate, request))
        return Response(RatingOut(rating).data)

    @extend_schema(operation_id="replies_unrate", request=None, responses={204: None})
    def delete(self, _request: Request, uid: UUID, message: UUID) -> Response:
        """Take my rating back."""
        unrate_reply(session=uid, message=message, actor=self.actor)
        return Response(status=204)


class SessionRatingView(ApiView):
    """What I think of a session."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PUT": "write", "DELETE": "write"}

    @extend_schema(operation_id="sessions_rating", responses=RatingOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """My rating of it."""
        return Response(RatingOut(session_rating(self.actor, uid)).data)

    @extend_schema(operation_id="sessions_rate", request=Rate, responses=RatingOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """Rate it, or rate it anew."""
        return Response(RatingOut(rate_session(session=uid, actor=self.actor, **self.parse(Rate, request))).data)

    @extend_schema(operation_id="sessions_unrate", request=None, responses={204: None})
    def delete(self, _request: Request, uid: UUID) -> Response:
        """Take my rating back."""
        unrate_session(session=uid, actor=self.actor)
        return Response(status=204)


class ReadView(ApiView):
    """How far I have read."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_read", request=ReadUpTo, responses=ReadOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """Say how far I have read; it only grows, and my other devices hear of it."""
        reached = mark_read(session=uid, actor=self.actor, **self.parse(ReadUpTo, request))
        return Response(ReadOut({"seq": reached}).data)
