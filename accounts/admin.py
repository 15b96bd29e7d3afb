"""People and the taxonomy as staff see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_roles import ROLE_ACTIONS, actor_of
from accounts.models import (
    AlternateTitle,
    AxisScore,
    CareerStageCorrection,
    Consent,
    Education,
    Experience,
    Field,
    Goal,
    LearningAnswer,
    LearningAssessment,
    MinorGroup,
    Occupation,
    OccupationSkill,
    Profile,
    RelatedOccupation,
    SecurityEvent,
    SignIn,
    Skill,
    TaxonomyRelease,
    User,
    UserSkill,
)
from accounts.policies import can_bar
from accounts.services.roles import ban, readmit
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyAdmin, ReadOnlyInline


@admin.register(User)
class UserAdmin(ReadMostlyAdmin):
    """Accounts: admins bar people, let them in again, and give roles. Passwords are not shown and not set here."""

    actions = ROLE_ACTIONS
    editable = ("is_active",)
    fields = ("uid", "email", "role", "is_active", "is_staff", "is_superuser", "epoch", "last_login", "created_at")
    list_display = ("uid", "email", "role", "is_active", "is_staff", "created_at")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("=email",)
    ordering = ("-id",)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or can_bar(request.user, obj))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        (readmit if obj.is_active else ban)(actor=actor_of(request), user=obj.uid)


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    """What people told us; theirs to change."""

    list_display = ("user", "target_occupation", "years_experience", "goal_horizon_months", "version", "updated_at")
    list_select_related = ("user", "target_occupation")
    search_fields = ("=user__email",)
    ordering = ("-user_id",)


class RecordAdmin(ReadOnlyAdmin):
    """A list that people keep; theirs to change."""

    search_fields = ("=user__email",)
    ordering = ("-id",)


@admin.register(Goal)
class GoalAdmin(RecordAdmin):
    """Where people want to get to."""

    list_display = ("uid", "user", "occupation", "field", "status", "updated_at")
    list_select_related = ("user", "occupation", "field")
    list_filter = ("status",)


@admin.register(Experience)
class ExperienceAdmin(RecordAdmin):
    """Where people have worked."""

    list_display = ("uid", "user", "occupation", "title", "employer", "started", "ended")
    list_select_related = ("user", "occupation")


@admin.register(Education)
class EducationAdmin(RecordAdmin):
    """What people have studied."""

    list_display = ("uid", "user", "institution", "level", "start_year", "end_year")
    list_select_related = ("user",)
    list_filter = ("level",)


@admin.register(UserSkill)
class UserSkillAdmin(RecordAdmin):
    """What people can do, and what stands behind it."""

    list_display = ("uid", "user", "label", "level", "grade")
    list_select_related = ("user", "skill")
    list_filter = ("grade",)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """The record of what people allowed; nobody but they can change it."""

    list_display = ("uid", "user", "purpose", "version", "granted_at", "withdrawn_at")
    list_select_related = ("user",)
    list_filter = ("purpose",)
    search_fields = ("=user__email",)
    ordering = ("-id",)


class MinorGroups(ReadOnlyInline):
    """The groups within a field."""

    model = MinorGroup
    fields = ("code", "name")


@admin.register(Field)
class FieldAdmin(ReadOnlyAdmin):
    """Fields come from content files."""

    list_display = ("code", "name")
    search_fields = ("code", "name")
    inlines = (MinorGroups,)


@admin.register(TaxonomyRelease)
class TaxonomyReleaseAdmin(ReadOnlyAdmin):
    """Which releases of O*NET were imported, the newest first."""

    list_display = ("version", "imported_at")


@admin.register(Skill)
class SkillAdmin(ReadOnlyAdmin):
    """Skills come from content files and from O*NET."""

    list_display = ("key", "name", "kind", "onet_id", "hot", "source", "retired_at")
    list_filter = ("kind", "source", "hot")
    search_fields = ("key", "name")


class AlternateTitles(ReadOnlyInline):
    """What else people call an occupation."""

    model = AlternateTitle
    fields = ("title", "source")


class SkillsNeeded(ReadOnlyInline):
    """What an occupation asks for."""

    model = OccupationSkill
    fields = ("skill", "importance", "level")


class Neighbours(ReadOnlyInline):
    """What is near to an occupation."""

    model = RelatedOccupation
    fk_name = "occupation"
    fields = ("related", "tier", "rank")


@admin.register(Occupation)
class OccupationAdmin(ReadOnlyAdmin):
    """Occupations come from content files and from O*NET."""

    list_display = ("code", "title", "minor_group", "job_zone", "figures_estimated", "source", "retired_at")
    list_select_related = ("minor_group",)
    list_filter = ("field", "job_zone", "source", "figures_estimated")
    search_fields = ("code", "title")
    inlines = (AlternateTitles, SkillsNeeded, Neighbours)


class Answers(ReadOnlyInline):
    """How much somebody agreed with each line."""

    model = LearningAnswer
    fields = ("item", "value")


class AxisScores(ReadOnlyInline):
    """What the answers came to."""

    model = AxisScore
    fields = ("axis", "value", "confidence", "answered")


@admin.register(LearningAssessment)
class LearningAssessmentAdmin(ReadOnlyAdmin):
    """Goes at the questions about learning preferences; theirs to answer."""

    list_display = ("uid", "user", "bank_version", "attention_passed", "started_at", "finished_at")
    list_select_related = ("user",)
    list_filter = ("attention_passed",)
    search_fields = ("=user__email",)
    ordering = ("-id",)
    inlines = (AxisScores, Answers)


@admin.register(CareerStageCorrection)
class CareerStageCorrectionAdmin(ReadOnlyAdmin):
    """Where people say they are in their career; theirs to say."""

    list_display = ("user", "stage", "recycling", "stated_at")
    list_select_related = ("user",)
    list_filter = ("stage",)
    search_fields = ("=user__email",)
    ordering = ("-user_id",)


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    """Where people are signed in; the session itself is nobody's to see."""

    fields = ("uid", "user", "device", "user_agent", "network", "created_at", "last_seen_at", "ended_at")
    list_display = ("uid", "user", "device", "network", "created_at", "last_seen_at", "ended_at")
    list_select_related = ("user",)
    search_fields = ("=user__email",)
    ordering = ("-id",)


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    """Stolen tokens that showed themselves, and what was revoked why."""

    list_display = ("uid", "kind", "reason", "user", "sign_in", "happened_at")
    list_select_related = ("user",)
    list_filter = ("kind",)
    search_fields = ("=user__email",)
    ordering = ("-id",)
