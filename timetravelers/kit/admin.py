"""The admin of a house where services do the writing: read-mostly, and quick on long tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

COUNT_AT_MOST = 10_000

if TYPE_CHECKING:
    _Pages = Paginator[Any]
    _Admin = admin.ModelAdmin[Any]
    _Inline = admin.TabularInline[Any, Any]
else:  # Django's own classes take no parameters at run time
    _Pages, _Admin, _Inline = Paginator, admin.ModelAdmin, admin.TabularInline


class CappedPaginator(_Pages):
    """Stops counting at COUNT_AT_MOST: whoever looks further narrows the list first."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return self.object_list[:COUNT_AT_MOST].count()


class ReadMostlyAdmin(_Admin):
    """Rows are neither added nor deleted here; subclasses name the few `editable` fields."""

    editable: tuple[str, ...] = ()
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        others = {*self.editable, *(self.exclude or ())}
        return [f.name for f in (*self.opts.fields, *self.opts.many_to_many) if f.name not in others]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadMostlyAdmin):
    """Shows rows and changes none."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(_Inline):
    """Rows below another row, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
