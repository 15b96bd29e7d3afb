"""The accounts API: an occupation's page, and one's own gap to it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.occupation_shapes import OccupationDetail, OccupationGapOut
from accounts.policies import can_read_catalogues, can_use_own_account
from accounts.selectors.occupation_gap import occupation_gap
from accounts.selectors.occupation_page import occupation_page
from timetravelers.kit.api.views import ApiView


class OccupationView(ApiView):
    """One occupation, what it asks for, how people come to it, and what is near to it."""

    policy = can_read_catalogues
    throttle_scope = "read"

    @extend_schema(operation_id="taxonomy_occupation", responses=OccupationDetail)
    def get(self, request: Request, code: str) -> Response:
        return Response(occupation_page(code))


class OwnOccupationView(ApiView):
    """How far one's own skills reach into an occupation and its neighbours, and what is missing."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="me_occupation_gap", responses=OccupationGapOut)
    def get(self, request: Request, code: str) -> Response:
        return Response(occupation_gap(self.actor.pk, code))
