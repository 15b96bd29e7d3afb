"""The accounts API: what we keep about people, in words for them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import can_use_own_account
from accounts.selectors.data_catalogue import Chapter, Entry, data_catalogue
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.tags import Category, Purpose


class CatalogueEntryOut(serializers.Serializer[Entry]):
    about = serializers.CharField(help_text="What it belongs to, such as 'Your goals'.")
    what = serializers.ListField(child=serializers.CharField(), help_text="The fields for which the rest holds.")
    purpose = serializers.ChoiceField(choices=[purpose.key for purpose in Purpose])
    why = serializers.CharField()
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="How long; of several periods the one that ends first counts."
    )
    when_you_leave = serializers.CharField()
    may_go_to_ai = serializers.BooleanField(help_text="Whether the AI provider may be told, given the consent.")
    consent = serializers.CharField(allow_blank=True, help_text="The purpose of the consent it takes; else empty.")
    only_as = serializers.CharField(allow_blank=True, help_text="What alone is told, if not the field itself.")
    in_your_copy = serializers.BooleanField(help_text="Whether an export has it.")
    never_judged_by = serializers.BooleanField(help_text="Protected: neither matching nor the AI ever sees it.")


class CatalogueChapterOut(serializers.Serializer[Chapter]):
    category = serializers.ChoiceField(choices=[category.key for category in Category])
    title = serializers.CharField()
    text = serializers.CharField()
    entries = CatalogueEntryOut(many=True)


class DataCatalogueOut(serializers.Serializer[Any]):
    results = CatalogueChapterOut(many=True)


class DataCatalogueView(ApiView):
    """What we keep about people: why, for how long, and whether it may go to the AI."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="me_data_catalogue", responses=DataCatalogueOut)
    def get(self, request: Request) -> Response:
        return Response(DataCatalogueOut({"results": data_catalogue()}).data)
