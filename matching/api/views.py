"""The matching API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.api.serializers import MatchList, MatchQuery
from matching.policies import can_see_own_matches
from matching.scoring import WEIGHTS
from matching.selectors import matches_for
from timetravelers.kit.api.views import ApiView


class MatchesView(ApiView):
    """The Travelers that suit me best, and why."""

    policy = can_see_own_matches
    throttle_scope = "search"

    @extend_schema(operation_id="matches_list", parameters=[MatchQuery], responses=MatchList)
    def get(self, request: Request) -> Response:
        query = self.parse_query(MatchQuery, request)
        matches = matches_for(self.actor.pk, query["limit"])
        return Response(MatchList({"weights": WEIGHTS, "results": matches}).data)
