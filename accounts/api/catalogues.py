"""The accounts API: the career taxonomy and the wording of learning preferences."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors
from accounts.api.serializers import (
    FieldOut,
    FieldsOut,
    OccupationPage,
    OccupationQuery,
    OccupationSummary,
    PreferenceWording,
    SkillOut,
    SkillPage,
    SkillQuery,
    SourcesOut,
)
from accounts.policies import can_read_catalogues
from accounts.wording import learning_preferences
from timetravelers.kit.api.pagination import catalogue_page
from timetravelers.kit.api.views import ApiView


class FieldsView(ApiView):
    """The fields careers are in, each with its minor groups."""

    policy = can_read_catalogues
    throttle_scope = "read"

    @extend_schema(operation_id="taxonomy_fields", responses=FieldsOut)
    def get(self, request: Request) -> Response:
        return Response({"results": FieldOut(selectors.fields(), many=True).data})


class OccupationsView(ApiView):
    """Occupations, by words, by field and by minor group."""

    policy = can_read_catalogues
    throttle_scope = "search"

    @extend_schema(operation_id="taxonomy_occupations", parameters=[OccupationQuery], responses=OccupationPage)
    def get(self, request: Request) -> Response:
        query = self.parse_query(OccupationQuery, request)
        found = selectors.occupations(search=query["search"], field=query["field"], minor_group=query["minor_group"])
        return Response(catalogue_page(request, found, query, OccupationSummary))


class SkillsView(ApiView):
    """Skills, bodies of knowledge and technologies, by words."""

    policy = can_read_catalogues
    throttle_scope = "search"

    @extend_schema(operation_id="taxonomy_skills", parameters=[SkillQuery], responses=SkillPage)
    def get(self, request: Request) -> Response:
        query = self.parse_query(SkillQuery, request)
        return Response(catalogue_page(request, selectors.skills(search=query["search"]), query, SkillOut))


class AttributionView(ApiView):
    """Where the taxonomy comes from, with the lines to show."""

    policy = can_read_catalogues
    throttle_scope = "read"

    @extend_schema(operation_id="taxonomy_attribution", responses=SourcesOut)
    def get(self, request: Request) -> Response:
        return Response({"sources": selectors.taxonomy_sources()})


class LearningPreferencesView(ApiView):
    """What to show beside the sliders of the learning preferences."""

    policy = can_read_catalogues
    throttle_scope = "read"

    @extend_schema(operation_id="learning_preferences", responses=PreferenceWording)
    def get(self, request: Request) -> Response:
        return Response(learning_preferences())
