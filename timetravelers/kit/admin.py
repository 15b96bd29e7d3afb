"""The admin of a house where services do the writing: read-mostly, and quick on long tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import EmailField, Q, QuerySet, UUIDField
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from timetravelers.kit.constraints import told, words_of
from timetravelers.kit.errors import DomainError

COUNT_AT_MOST = 10_000
FOUND_AT_MOST = 1_000  # by one field of a search; whoever finds more types more

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

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Django's page; what is only refused as it is saved is said on it in the words of the API."""
        try:
            return super().changeform_view(request, *args, **options)
        except (DomainError, IntegrityError) as refusal:
            meant = told(refusal)
            if meant is None:
                raise
            self.message_user(request, words_of(meant), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows that any of `search_fields` finds: each asks by itself, since no index serves an OR over tables.

        After "=" the whole of a field has to be the whole of what was typed; otherwise it has to hold each word.
        """
        term = search_term.strip()
        if not term:
            return queryset, False
        rules = [rule for name in self.get_search_fields(request) if (rule := self._search_rule(name, term))]
        # Each looked up at once: joined into one statement, the planner no longer knows how few they are.
        rows = [self.model._default_manager.filter(rule).order_by().values_list("pk", flat=True) for rule in rules]
        return queryset.filter(pk__in={key for found in rows for key in found[:FOUND_AT_MOST]}), False

    def _search_rule(self, name: str, term: str) -> Q | Exact | None:
        """What a search field asks; None if nothing in it can be what was typed."""
        path = name.removeprefix("=")
        if path == name:
            return Q(*(Q(**{f"{path}__icontains": word}) for word in term.split()))
        field = get_fields_from_path(self.model, path)[-1]
        if isinstance(field, EmailField):  # unique in lower case, and so indexed
            return Exact(Lower(path), term.lower())
        if not isinstance(field, UUIDField):
            return Q(**{path: term})
        try:
            return Q(**{path: UUID(term)})
        except ValueError:
            return None

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
