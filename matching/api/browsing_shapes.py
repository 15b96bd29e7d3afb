"""What goes in and out of browsing and comparing."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from matching.api.serializers import ScoredTraveler
from matching.selectors.browsing import Found, TravelerFilter
from matching.weights import LETTERS
from timetravelers.kit.api.pagination import FIRST, CatalogueQuery
from timetravelers.kit.api.serializers import Input, Text

MOST_ERA, MOST_HOURS = 60, 168


class BrowseQuery(CatalogueQuery):
    """How to narrow and page the list."""

    language = Text(required=False, max_length=35, help_text="A language tag; its region does not matter.")
    field = Text(required=False, max_length=7, help_text="A field's code, such as 15-0000.")
    era_min = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ERA, help_text="Years ahead.")
    era_max = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ERA)
    pace = serializers.IntegerField(required=False, min_value=1, max_value=MOST_HOURS, help_text="Hours a week.")
    q = Text(required=False, max_length=100, allow_blank=True, help_text="In name, occupation or specializations.")


def filter_of(query: dict[str, Any]) -> TravelerFilter:
    """The filter that a query asks for."""
    given = {name: query[name] for name in ("language", "field", "era_min", "era_max", "pace") if name in query}
    return TravelerFilter(**given, text=query.get("q", ""))


def page_of(request: Request, query: dict[str, Any], found: Found) -> dict[str, Any]:
    """A numbered page as `results next previous`."""
    page, url = query["page"], request.build_absolute_uri()
    before = replace_query_param(url, "page", page - 1) if page > FIRST + 1 else remove_query_param(url, "page")
    return {
        "results": ScoredTraveler(found.results, many=True).data,
        "next": replace_query_param(url, "page", page + 1) if found.has_more else None,
        "previous": None if page == FIRST else before,
    }


class CompareQuery(Input):
    """Which two."""

    traveler = serializers.UUIDField()
    other = serializers.UUIDField()


class LetterDifferences(serializers.Serializer[Any]):
    """Points by letter that the first has more than the second."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {letter: serializers.FloatField() for letter in LETTERS}


class SideBySideOut(serializers.Serializer[Any]):
    """Two Travelers; `better` is the uid of the one with the higher score, null if they are equal."""

    first = ScoredTraveler()
    second = ScoredTraveler()
    differences = LetterDifferences()
    better = serializers.UUIDField(allow_null=True)
