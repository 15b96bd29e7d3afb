"""Pages: by cursor for what grows, by number for small catalogues; 25 at a time and 100 at most."""

import re
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.urls import remove_query_param, replace_query_param

from timetravelers.kit.api.serializers import Input

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100
FIRST = 1
MAX_PAGE_NUMBER = 1000  # no catalogue is that large, and an offset costs what it skips

_ROW_NUMBER = re.compile(r"[0-9]{1,18}")

Row = TypeVar("Row", bound=Model)


class NewestFirst(CursorPagination):
    """`results next previous`, newest first, stable while rows are added."""

    page_size = PAGE_SIZE
    page_size_query_param = "limit"
    max_page_size = MAX_PAGE_SIZE
    ordering = "-id"

    def decode_cursor(self, request: Request) -> Any:
        """The cursor; one that was tampered with raises NotFound, as DRF does for what it cannot decode."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _ROW_NUMBER.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def page_response(self, queryset: QuerySet[Any], request: Request, shape: type[Any]) -> Response:
        """The page that the request asks for, shaped by an output serializer."""
        page = self.paginate_queryset(queryset, request)
        return self.get_paginated_response(shape(page, many=True).data)


class OldestFirst(NewestFirst):
    """The same in the order of events."""

    ordering = "id"


def paginated(shape: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The serializer of a page, for the documentation."""
    name = f"{shape.__name__}Page"
    fields = {
        "results": shape(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    }
    return type(name, (serializers.Serializer,), fields)


class CatalogueQuery(Input):
    """Which page of a catalogue; base of a catalogue's own query."""

    page = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_NUMBER, default=1)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)


def catalogue_page(
    request: Request, rows: QuerySet[Row], query: dict[str, Any], shape: type[Serializer[Any]]
) -> dict[str, Any]:
    """A numbered page as `results next previous`, without counting the catalogue."""
    page, limit = query["page"], query["limit"]
    found = list(rows[(page - 1) * limit : page * limit + 1])
    url = request.build_absolute_uri()
    return {
        "results": shape(found[:limit], many=True).data,
        "next": replace_query_param(url, "page", page + 1) if len(found) > limit else None,
        "previous": _before(url, page),
    }


def _before(url: str, page: int) -> str | None:
    if page == FIRST:
        return None
    return remove_query_param(url, "page") if page == FIRST + 1 else replace_query_param(url, "page", page - 1)
