"""The queue in front of Manus, as staff see it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from mentors.models import ProviderCall
from mentors.services.scheduling import standing
from timetravelers.kit.admin import ReadOnlyAdmin
from timetravelers.kit.clock import now


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnlyAdmin):
    """Calls that wait, run and have ended, and for how long they waited."""

    list_display = (
        "enqueued_at",
        "lane",
        "kind",
        "state",
        "owner",
        "account",
        "waited",
        "attempts",
        "credits",
        "refusal",
    )
    list_filter = ("state", "lane", "kind", "account")
    list_select_related = ("owner", "account")
    search_fields = ("=subject", "=session_ref", "=task")
    exclude = ("flow", "slot", "told_position", "told_due", "told_at")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderCall]:
        return super().get_queryset(request).defer("slot")

    @admin.display(description="waited (s)")
    def waited(self, call: ProviderCall) -> float:
        """Seconds from standing in line to being admitted, or until now."""
        until = call.admitted_at or call.ended_at or now()
        return round((until - call.enqueued_at).total_seconds(), 1)

    @admin.display(description="position and seconds to go")
    def stands(self, call: ProviderCall) -> str:
        """From the queue as it is; on the page of one call only."""
        found = standing(call.subject)
        if found is None:
            return "does not wait"
        return f"{found.position}, {'?' if found.eta_seconds is None else round(found.eta_seconds)} s"

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderCall | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "waited", "stands"]

    def get_fields(self, request: HttpRequest, obj: ProviderCall | None = None) -> list[Any]:
        return self.get_readonly_fields(request, obj)
