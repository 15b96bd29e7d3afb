"""The matching API beside one's list: all Travelers with one's own score, and two of them side by side."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.api.browsing_shapes import BrowseQuery, CompareQuery, SideBySideOut, filter_of, page_of
from matching.api.serializers import ScoredTraveler
from matching.policies import can_see_own_matches
from matching.selectors.browsing import browse, compare
from timetravelers.kit.api.pagination import paginated
from timetravelers.kit.api.views import ApiView


class BrowseView(ApiView):
    """All Travelers that people may meet, with how well they suit me, best first."""

    policy = can_see_own_matches
    throttle_scope = "search"

    @extend_schema(operation_id="matches_browse", parameters=[BrowseQuery], responses=paginated(ScoredTraveler))
    def get(self, request: Request) -> Response:
        query = self.parse_query(BrowseQuery, request)
        page, limit = query["page"], query["limit"]
        found = browse(self.actor.pk, filter_of(query), first=(page - 1) * limit, count=limit)
        return Response(page_of(request, query, found))


class CompareView(ApiView):
    """Two Travelers side by side: which suits me better, and in what."""

    policy = can_see_own_matches
    throttle_scope = "search"

    @extend_schema(operation_id="matches_compare", parameters=[CompareQuery], responses=SideBySideOut)
    def get(self, request: Request) -> Response:
        query = self.parse_query(CompareQuery, request)
        return Response(SideBySideOut(compare(self.actor.pk, query["traveler"], query["other"])).data)
