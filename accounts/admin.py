"""People and the taxonomy as staff see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Consent, Field, Occupation, OccupationSkill, Profile, RelatedOccupation, Skill, User
from accounts.policies import can_bar
from accounts.services import set_active
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyAdmin, ReadOnlyInline


@admin.register(User)
class UserAdmin(ReadMostlyAdmin):
    """Accounts: staff may bar a person, and let them in again. Passwords are not shown and not set here."""

    editable = ("is_active",)
    fields = ("uid", "email", "is_active", "is_staff", "is_superuser", "epoch", "last_login", "created_at")
    list_display = ("uid", "email", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("=email",)
    ordering = ("-id",)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or can_bar(request.user, obj))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        set_active(user=obj.uid, active=obj.is_active)


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    """What people told us; theirs to change."""

    list_display = ("user", "target_occupation", "years_experience", "goal_horizon_months", "version", "updated_at")
    list_select_related = ("user", "target_occupation")
    search_fields = ("=user__email",)
    ordering = ("-user_id",)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """The record of what people allowed; nobody but they can change it."""

    list_display = ("uid", "user", "purpose", "version", "granted_at", "withdrawn_at")
    list_select_related = ("user",)
    list_filter = ("purpose", "version")
    search_fields = ("=user__email",)
    ordering = ("-id",)


@admin.register(Field)
class FieldAdmin(ReadOnlyAdmin):
    """Fields come from content files."""

    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Skill)
class SkillAdmin(ReadOnlyAdmin):
    """Skills come from content files."""

    list_display = ("key", "name", "kind", "onet_id")
    list_filter = ("kind",)
    search_fields = ("key", "name")


class SkillsNeeded(ReadOnlyInline):
    """What an occupation asks for."""

    model = OccupationSkill
    fields = ("skill", "importance", "level")


class Neighbours(ReadOnlyInline):
    """What is near to an occupation."""

    model = RelatedOccupation
    fk_name = "occupation"
    fields = ("related", "tier")


@admin.register(Occupation)
class OccupationAdmin(ReadOnlyAdmin):
    """Occupations come from content files."""

    list_display = ("code", "title", "field", "job_zone")
    list_select_related = ("field",)
    list_filter = ("field", "job_zone")
    search_fields = ("code", "title")
    inlines = (SkillsNeeded, Neighbours)
