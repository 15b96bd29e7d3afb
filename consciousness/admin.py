"""Sessions and turns as staff see them: how they went, never what was said."""

from django.contrib import admin

from consciousness.models import Rating, Reminder, Session, Turn
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Who talks with whom, since when, and on which versions."""

    list_display = (
        "uid",
        "user",
        "traveler",
        "state",
        "ended_reason",
        "last_seq",
        "created_at",
        "starts_at",
        "ended_at",
    )
    list_filter = ("state", "ended_reason", "origin")
    list_select_related = ("user", "traveler")
    search_fields = ("=uid", "=user__email", "traveler__slug")
    ordering = ("-id",)
    exclude = ("goal", "title", "match")


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    """Where a turn stands, who works on it, and why it failed."""

    list_display = ("uid", "session", "state", "engine", "attempts", "answered_at", "due_at", "failure", "created_at")
    list_filter = ("state",)
    list_select_related = ("session",)
    search_fields = ("=uid", "=session__uid")
    ordering = ("-id",)


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    """What people think, and tell the house: the one thing of theirs that is written for staff to read."""

    list_display = ("session", "message", "stars", "updated_at")
    list_filter = ("stars",)
    list_select_related = ("session", "message")
    search_fields = ("=session__uid", "=message__uid")
    ordering = ("-id",)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """Which mails go out before sessions, and what came of them."""

    list_display = ("uid", "session", "kind", "due_at", "attempts", "outcome", "settled_at")
    list_filter = ("outcome", "kind")
    list_select_related = ("session",)
    search_fields = ("=uid", "=session__uid")
    ordering = ("-id",)
