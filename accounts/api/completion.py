"""The accounts API: how complete one's profile is, and what to tell next."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.completion import PARTS, SECTIONS, Completion, PartState, SectionState
from accounts.policies import can_use_own_account
from accounts.selectors import completion_of
from timetravelers.kit.api.views import ApiView

FIELDS = [part.key for part in PARTS]
LETTERS = sorted({part.improves for part in PARTS if part.improves})


class CompletionPart(serializers.Serializer[Any]):
    field = serializers.ChoiceField(choices=FIELDS)
    weight = serializers.IntegerField(help_text="Points of 100.")
    there = serializers.IntegerField()
    wanted = serializers.IntegerField()


class CompletionSection(serializers.Serializer[Any]):
    section = serializers.ChoiceField(choices=SECTIONS)
    weight = serializers.IntegerField(help_text="Points of 100.")
    percent = serializers.IntegerField(min_value=0, max_value=100)
    present = CompletionPart(many=True)
    missing = CompletionPart(many=True)


class NextField(serializers.Serializer[Any]):
    """What would add most, and what it is good for; `improves` is the letter of TELL it makes surer."""

    field = serializers.ChoiceField(choices=FIELDS)
    section = serializers.ChoiceField(choices=SECTIONS)
    reason = serializers.CharField()
    improves = serializers.ChoiceField(choices=LETTERS, allow_null=True)


class CompletionOut(serializers.Serializer[Any]):
    percent = serializers.IntegerField(min_value=0, max_value=100)
    sections = CompletionSection(many=True)
    next = NextField(allow_null=True)


class CompletionView(ApiView):
    """How complete the profile is."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="me_completion", responses=CompletionOut)
    def get(self, request: Request) -> Response:
        return Response(_completion(completion_of(self.actor.pk)))


def _completion(found: Completion) -> dict[str, Any]:
    return {
        "percent": found.percent,
        "sections": [_section(section) for section in found.sections],
        "next": found.next_part and _next(found.next_part),
    }


def _section(section: SectionState) -> dict[str, Any]:
    return {
        "section": section.key,
        "weight": section.weight,
        "percent": section.percent,
        "present": [_part(state) for state in section.parts if state.is_complete],
        "missing": [_part(state) for state in section.parts if not state.is_complete],
    }


def _part(state: PartState) -> dict[str, Any]:
    part = state.part
    return {"field": part.key, "weight": part.weight, "there": state.there, "wanted": part.wanted}


def _next(state: PartState) -> dict[str, Any]:
    part = state.part
    return {"field": part.key, "section": part.section, "reason": part.reason, "improves": part.improves or None}
