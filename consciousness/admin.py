"""Sessions and turns as staff see them: how they went, never what was said."""

from django.contrib import admin

from consciousness.models import Session, Turn
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Who talks with whom, since when, and on which versions."""

    list_display = ("uid", "user", "traveler", "state", "last_seq", "created_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("user", "traveler")
    search_fields = ("=uid", "=user__email", "traveler__slug")
    ordering = ("-id",)
    exclude = ("goal",)


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    """Where a turn stands, who works on it, and why it failed."""

    list_display = ("uid", "session", "state", "engine", "attempts", "answered_at", "due_at", "failure", "created_at")
    list_filter = ("state",)
    list_select_related = ("session",)
    search_fields = ("=uid", "=session__uid")
    ordering = ("-id",)
