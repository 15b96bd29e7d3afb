"""Missions, their templates and the ledger as staff see them."""

from __future__ import annotations

from django.contrib import admin

from missions.models import Evidence, Mission, MissionTemplate, Reward
from timetravelers.kit.admin import ReadOnlyAdmin, ReadOnlyInline


@admin.register(MissionTemplate)
class MissionTemplateAdmin(ReadOnlyAdmin):
    """Templates come from content files; every version that was ever offered stays."""

    list_display = ("slug", "version", "is_current", "title", "kind", "difficulty", "reward_points")
    list_filter = ("is_current", "kind", "difficulty")
    search_fields = ("slug", "title")


class MissionEvidence(ReadOnlyInline):
    """What was shown, and when; the words themselves are the person's."""

    model = Evidence
    fields = readonly_fields = ("kind", "created_at")


@admin.register(Mission)
class MissionAdmin(ReadOnlyAdmin):
    """Who was offered what, and how it went."""

    list_display = ("uid", "user", "template", "traveler", "state", "offered_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("user", "template", "traveler")
    search_fields = ("=uid", "template__slug", "=user__email")
    ordering = ("-id",)
    inlines = (MissionEvidence,)


@admin.register(Reward)
class RewardAdmin(ReadOnlyAdmin):
    """The ledger."""

    list_display = ("uid", "user", "mission", "points", "earned_at")
    list_select_related = ("user", "mission")
    search_fields = ("=user__email",)
    ordering = ("-id",)
