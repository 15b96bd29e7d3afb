"""Travelers and webhook deliveries as staff see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mentors.models import Traveler, TravelerSkill, WebhookDelivery
from mentors.services.publishing import set_published
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyAdmin, ReadOnlyInline


class TravelerSkills(ReadOnlyInline):
    """What one Traveler masters."""

    model = TravelerSkill
    fields = ("skill", "level")


@admin.register(Traveler)
class TravelerAdmin(ReadMostlyAdmin):
    """Travelers come from content files; staff show and hide them."""

    editable = ("is_published",)
    list_display = ("name", "slug", "occupation", "era_years", "is_published", "version")
    list_filter = ("is_published", "occupation__field")
    list_select_related = ("occupation",)
    search_fields = ("name", "slug", "occupation__title")
    inlines = (TravelerSkills,)

    def save_model(self, request: HttpRequest, obj: Traveler, form: Any, change: Any) -> None:
        set_published(traveler=obj.uid, published=obj.is_published)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What the provider told us, as received."""

    list_display = ("received_at", "event_type", "task_id")
    list_filter = ("event_type",)
    search_fields = ("task_id",)
    ordering = ("-id",)
