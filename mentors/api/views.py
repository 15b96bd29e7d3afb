"""The Travelers API."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mentors.api.serializers import TravelerDetail, TravelerQuery, TravelerSummary
from mentors.policies import can_browse_travelers
from mentors.selectors import published_traveler, published_travelers
from timetravelers.kit.api.pagination import catalogue_page, paginated
from timetravelers.kit.api.views import ApiView


class TravelersView(ApiView):
    """All Travelers that people may meet, in the order of their slugs."""

    policy = can_browse_travelers
    throttle_scope = "search"

    @extend_schema(operation_id="travelers_list", parameters=[TravelerQuery], responses=paginated(TravelerSummary))
    def get(self, request: Request) -> Response:
        query = self.parse_query(TravelerQuery, request)
        travelers = published_travelers(field=query.get("field", ""), search=query.get("search", ""))
        return Response(catalogue_page(request, travelers, query, TravelerSummary))


class TravelerView(ApiView):
    """One Traveler."""

    policy = can_browse_travelers
    throttle_scope = "read"

    @extend_schema(operation_id="travelers_read", responses=TravelerDetail)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(TravelerDetail(published_traveler(uid)).data)
