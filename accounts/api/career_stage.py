"""The accounts API: one's own career stage."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.career_stage import STAGES
from accounts.policies import can_use_own_account
from accounts.selectors import career_stage_of
from accounts.services import correct_career_stage, take_back_career_stage
from timetravelers.kit.api.serializers import Flag, Input
from timetravelers.kit.api.views import ApiView


class CareerStageIn(Input):
    """What the person says; `recycling` when they pass through the stage again after a change of direction."""

    stage = serializers.ChoiceField(choices=STAGES)
    recycling = Flag(required=False, default=False)


class StageReasonOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class DerivedStageOut(serializers.Serializer[Any]):
    """What the evidence speaks for, and how much evidence there was (0 to 1)."""

    stage = serializers.ChoiceField(choices=STAGES)
    recycling = serializers.BooleanField()
    confidence = serializers.FloatField(min_value=0, max_value=1)
    reasons = StageReasonOut(many=True)


class CareerStageOut(serializers.Serializer[Any]):
    """The stage that counts: the person's own word if there is one, else the derived one."""

    stage = serializers.ChoiceField(choices=STAGES)
    recycling = serializers.BooleanField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # DRF keeps declared fields apart from its own
        choices=["stated", "derived"]
    )
    stated_at = serializers.DateTimeField(allow_null=True)
    derived = DerivedStageOut()


class CareerStageView(ApiView):
    """Where in their career the person is: from what they do and want, never from age."""

    policy = can_use_own_account
    throttle_scope = {"GET": "read", "PUT": "write", "DELETE": "write"}

    @extend_schema(operation_id="me_career_stage", responses=CareerStageOut)
    def get(self, request: Request) -> Response:
        return Response(CareerStageOut(career_stage_of(self.actor.pk)).data)

    @extend_schema(operation_id="me_career_stage_correct", request=CareerStageIn, responses=CareerStageOut)
    def put(self, request: Request) -> Response:
        correct_career_stage(user=self.actor, **self.parse(CareerStageIn, request))
        return Response(CareerStageOut(career_stage_of(self.actor.pk)).data)

    @extend_schema(operation_id="me_career_stage_take_back", responses={204: None})
    def delete(self, request: Request) -> Response:
        take_back_career_stage(user=self.actor)
        return Response(status=204)
