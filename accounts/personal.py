"""What becomes of the rows of the accounts room, and of the frame's own, when their person leaves."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django_celery_beat import models as beat

from accounts import models as own
from accounts.personal_files import export_files, picture_files
from timetravelers.kit.models import IdempotentAnswer
from timetravelers.kit.personal import Fate, Rule, exempt, register, rules

FORMER_STAFF = "former-staff@deleted.invalid"


def former_staff() -> int:
    """The account that stands in the admin's log for staff who left; nobody can sign in to it."""
    return own.User.objects.get_or_create(email=FORMER_STAFF, defaults={"password": "!", "is_active": False})[0].pk


def admin_entries_about(person: int) -> "QuerySet[LogEntry]":
    """What the admin's log says of the person's rows, where it quotes them."""
    about = Q(pk__in=[])
    for rule in rules():
        if rule.model is not LogEntry and rule.find is None:
            keys = rule.rows(person).annotate(as_text=Cast("pk", CharField())).values("as_text")
            about |= Q(content_type=ContentType.objects.get_for_model(rule.model), object_id__in=keys)
    return LogEntry.objects.filter(about)


def sessions_of(person: int) -> "QuerySet[Session]":
    """Every Django session that names the person: a sign-in, or one that was begun and not finished."""
    keys = [row.session_key for row in Session.objects.iterator() if _names(row.get_decoded(), str(person))]
    return Session.objects.filter(session_key__in=keys)


def _names(data: Any, person: str) -> bool:
    signed_in = data.get("_auth_user_id") == person
    pending = data.get("account_login")
    return signed_in or (isinstance(pending, dict) and str(pending.get("user_pk")) == person)


def _profile_rules() -> Iterator[Rule]:
    profile = [column.name for column in own.Profile._meta.concrete_fields if column.name not in ("user", "picture")]
    profile[profile.index("target_occupation")] = "target_occupation__code"
    yield Rule(own.Profile, "user", Fate.DELETE, "what the person told us", tuple(profile), picture_files)
    yield Rule(
        own.UserSkill,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("uid", "position", "skill__key", "name", "level", "grade"),
    )
    yield Rule(
        own.Goal,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("uid", "position", "occupation__code", "field__code", "horizon_months", "motivation", "status", "created_at"),
    )
    yield Rule(
        own.Experience,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("uid", "position", "occupation__code", "title", "employer", "started", "ended", "description", "created_at"),
    )
    yield Rule(
        own.Education,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("uid", "position", "institution", "level", "field_of_study", "start_year", "end_year", "created_at"),
    )


def _learning_rules() -> Iterator[Rule]:
    yield Rule(
        own.LearningAssessment,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("uid", "bank_version", "started_at", "finished_at", "attention_passed"),
    )
    yield Rule(
        own.LearningAnswer,
        "assessment__user",
        Fate.DELETE,
        "what the person told us",
        ("assessment__uid", "item", "value"),
    )
    yield Rule(
        own.AxisScore,
        "assessment__user",
        Fate.DELETE,
        "worked out from what the person told us",
        ("assessment__uid", "axis", "value", "confidence", "answered"),
    )
    yield Rule(
        own.CareerStageCorrection,
        "user",
        Fate.DELETE,
        "what the person told us",
        ("stage", "recycling", "stated_at"),
    )


def _account_rules() -> Iterator[Rule]:
    person = ("uid", "email", "role", "is_active", "is_staff", "last_login", "created_at", "updated_at")
    yield Rule(own.User, "", Fate.DELETE, "the account itself", person)
    consent = ("uid", "purpose", "version", "app_version", "granted_at", "withdrawn_at", "withdrawn_app_version")
    yield Rule(own.Consent, "user", Fate.DELETE, "nothing of the person is left that it could cover", consent)
    yield Rule(
        own.SignIn,
        "user",
        Fate.DELETE,
        "devices and addresses of the person",
        ("uid", "device", "user_agent", "network", "created_at", "last_seen_at", "authenticated_at", "ended_at"),
    )
    yield Rule(
        own.SecurityEvent,
        "user",
        Fate.ANONYMISE,
        "attacks are counted after the account is gone; whom they were on is not kept",
        ("kind", "reason", "happened_at"),
        blank={"user": None, "sign_in": None, "address_hash": ""},
    )
    yield Rule(
        own.RoleChange, "user", Fate.DELETE, "about an account that is gone", ("kind", "before", "after", "changed_at")
    )
    yield Rule(
        own.RoleChange,
        "actor",
        Fate.ANONYMISE,
        "the record of others' roles outlives the member of staff",
        blank={"actor": None},
    )
    export = ("uid", "state", "created_at", "ready_at", "expires_at")
    yield Rule(own.Export, "user", Fate.DELETE, "copies of the person's rows", export, export_files)
    yield Rule(own.Deletion, "user", Fate.KEEP, "the receipt; it stops naming the person in the same step")
    yield Rule(own.ErasureDuty, "deletion__user", Fate.KEEP, "what is still owed; emptied one by one as it is settled")


def _frame_rules() -> Iterator[Rule]:
    yield Rule(own.User.groups.through, "user", Fate.DELETE, "goes with the account")
    yield Rule(own.User.user_permissions.through, "user", Fate.DELETE, "goes with the account")
    yield Rule(IdempotentAnswer, "user", Fate.DELETE, "repeats answers that quote the person's rows; kept for a day")
    yield Rule(EmailAddress, "user", Fate.DELETE, "the person's addresses", ("email", "verified", "primary"))
    yield Rule(EmailConfirmation, "email_address__user", Fate.DELETE, "keys to the person's addresses")
    yield Rule(
        Authenticator, "user", Fate.DELETE, "second factors and passkeys", ("type", "created_at", "last_used_at")
    )
    account = ("provider", "uid", "last_login", "date_joined", "extra_data")
    yield Rule(SocialAccount, "user", Fate.DELETE, "sign-ins with others", account)
    yield Rule(SocialToken, "account__user", Fate.DELETE, "keys to the person's accounts with others")
    yield Rule(Session, "", Fate.DELETE, "sign-ins, finished or not", find=sessions_of)
    yield Rule(
        LogEntry,
        "",
        Fate.ANONYMISE,
        "what staff did stays on record; what it was called does not",
        blank={"object_repr": "", "change_message": ""},
        find=admin_entries_about,
    )
    yield Rule(
        LogEntry,
        "user",
        Fate.ANONYMISE,
        "a member of staff who leaves does not take the record of their acts along",
        blank={"user": former_staff},
    )


def register_tables() -> None:
    """Called when the app is ready."""
    register(*_account_rules(), *_profile_rules(), *_learning_rules(), *_frame_rules())
    taxonomy = (own.Field, own.Occupation, own.AlternateTitle, own.OccupationSkill, own.RelatedOccupation, own.Skill)
    facts = (own.OccupationTechnology, own.OccupationTask, own.OccupationInterest, own.OccupationWorkStyle)
    exempt("reviewed content", *taxonomy, *facts, own.WorkStyle)
    exempt("the frame's own lists", ContentType, Permission, Group, Group.permissions.through, SocialApp)
    schedules = (beat.SolarSchedule, beat.IntervalSchedule, beat.ClockedSchedule, beat.CrontabSchedule)
    exempt("when tasks run", *schedules, beat.PeriodicTasks, beat.PeriodicTask)
