"""Asking what one said, in words of one's own."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.recall_shapes import RecalledTurnsOut, RecallQuery
from consciousness.policies import can_hold_sessions
from consciousness.selectors.recall import recalled_turns
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.clock import now


class RecallView(ApiView):
    """One's own turns, by words, meaning and time."""

    policy = can_hold_sessions
    throttle_scope = "search"

    @extend_schema(operation_id="recall_list", parameters=[RecallQuery], responses=RecalledTurnsOut)
    def get(self, request: Request) -> Response:
        """Turns of my sessions that answer a question, the best first; nothing is sent to anybody for it."""
        query = self.parse_query(RecallQuery, request)
        found = recalled_turns(user=self.actor.pk, question=query["q"], asked_at=now(), limit=query["limit"])
        return Response(RecalledTurnsOut({"results": found}).data)
