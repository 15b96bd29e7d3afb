"""Where the instructions of Travelers stand at the AI provider, as staff see it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from mentors.models import TravelerProject
from mentors.policies import can_curate_travelers
from mentors.services.projects import press_projects
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(TravelerProject)
class TravelerProjectAdmin(ReadOnlyAdmin):
    """Made and checked in the background; `difference` says what a drifted one has become."""

    actions = ("try_again",)
    list_display = (
        "traveler",
        "version_number",
        "account",
        "state",
        "problem",
        "attempts",
        "due_at",
        "synced_at",
        "last_seen_at",
    )
    list_filter = ("state", "account", "problem")
    list_select_related = ("traveler", "account")
    search_fields = ("traveler__name", "traveler__slug", "=project_id", "=name")
    ordering = ("-id",)

    def has_press_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may have projects tried again."""
        return can_curate_travelers(request.user)

    @admin.action(permissions=["press"], description="Try again now what waits or was refused")
    def try_again(self, request: HttpRequest, projects: QuerySet[TravelerProject]) -> None:
        pressed = press_projects(projects.values_list("pk", flat=True))
        messages.info(request, f"{pressed} will be tried again now.")
