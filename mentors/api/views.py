"""The Travelers API."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mentors.api.serializers import TravelerDetail, TravelerQuery, TravelerSummary
from mentors.policies import can_browse_travelers
from mentors.portraits import MEDIA_TYPE
from mentors.selectors import portrait_of, portrait_square, published_traveler, published_travelers
from timetravelers.kit.api.conditional import etag, is_unchanged
from timetravelers.kit.api.pagination import catalogue_page, paginated
from timetravelers.kit.api.views import ApiView

# The address names the picture, so phones may keep it for a day; whatever a browser takes it for, it runs nothing.
_CACHED = {"Cache-Control": "private, max-age=86400"}
_INERT = {
    "Content-Disposition": 'inline; filename="portrait.webp"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


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


class PortraitView(ApiView):
    """The portrait of a Traveler as a square of 64, 256 or 1024 pixels, smaller if it was; of retired ones too."""

    policy = can_browse_travelers
    throttle_scope = "read"

    @extend_schema(
        operation_id="travelers_portrait",
        responses={(200, MEDIA_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "The portrait, as WebP.")},
    )
    def get(self, request: Request, uid: UUID, size: int) -> HttpResponse | Response:
        portrait = portrait_of(uid)
        tag = etag(f"{portrait.id}-{size}")
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag, **_CACHED})
        square = portrait_square(portrait, size)
        return HttpResponse(square, content_type=MEDIA_TYPE, headers={**_INERT, **_CACHED, "ETag": tag})
