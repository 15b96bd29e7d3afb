"""Turns over REST."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.message_shapes import SaidOut, SayMessage
from consciousness.api.turn_shapes import Regenerate, TurnNowOut, TurnOut
from consciousness.policies import can_hold_sessions
from consciousness.services.branches import edit_message
from consciousness.services.replies import regenerate_turn
from consciousness.services.standings import turn_now
from consciousness.services.turns import cancel_turn, retry_turn
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.views import ApiView


class TurnView(ApiView):
    """One turn."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="turns_get", responses=TurnNowOut)
    def get(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """How a turn stands now, for a phone without a socket to hear of it."""
        return Response(TurnNowOut(turn_now(session=uid, turn=turn, actor=self.actor)).data)


class CancelTurnView(ApiView):
    """Taking words back."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_cancel", request=None, responses=TurnOut)
    def post(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """Cancel a turn that has not ended."""
        return Response(TurnOut(cancel_turn(session=uid, turn=turn, actor=self.actor)).data)


class RetryTurnView(ApiView):
    """Trying again."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_retry", request=None, responses=TurnOut)
    def post(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """Queue a failed turn again."""
        return Response(TurnOut(retry_turn(session=uid, turn=turn, actor=self.actor)).data)


class RegenerateView(ApiView):
    """Another reply."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_regenerate", request=Regenerate, responses=TurnOut)
    @idempotent
    def post(self, request: Request, uid: UUID, turn: UUID) -> Response:
        """Ask for another reply in the last turn in view; the one that there is stands until it comes, and is kept."""
        asked = regenerate_turn(session=uid, turn=turn, actor=self.actor, **self.parse(Regenerate, request))
        return Response(TurnOut(asked).data)


class EditView(ApiView):
    """Other words."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_edit", request=SayMessage, responses={201: SaidOut})
    @idempotent
    def post(self, request: Request, uid: UUID, turn: UUID) -> Response:
        """Say something else in place of what was said in a turn: on a branch of its own, and nothing is lost."""
        said = edit_message(session=uid, turn=turn, actor=self.actor, **self.parse(SayMessage, request))
        return Response(asdict(said), status=201 if said.is_new else 200)
