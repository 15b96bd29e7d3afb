"""Who is what: roles, the groups behind them, and shutting people out."""

from uuid import UUID

import structlog
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.errors import RoleChangeRefused
from accounts.events import RoleChanged
from accounts.models import Role, RoleChange, User
from accounts.policies import can_bar, can_change_role
from accounts.services.revocation import revoke_tokens
from timetravelers.kit.clock import now
from timetravelers.kit.errors import NotFound
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

# What a role may do in the admin, as `app.codename`. Phones are let in by policies, which read the role itself.
_MENTOR = (
    "mentors.view_traveler",
    "mentors.add_traveler",
    "mentors.change_traveler",
    "mentors.view_travelerversion",
    "mentors.view_travelerproject",
    "missions.view_missiontemplate",
    "missions.add_missiontemplate",
    "missions.change_missiontemplate",
    "missions.view_evidence",
)
_OF_THE_HOUSE = ("accounts", "mentors", "matching", "missions", "consciousness")


@transaction.atomic
def ensure_roles() -> None:
    """Make the group of each role, with the permissions that go with it, of those that exist; idempotent."""
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(role))


def _permissions(role: Role) -> "list[Permission]":
    if role is Role.USER:
        return []
    if role is Role.ADMIN:
        return list(Permission.objects.filter(content_type__app_label__in=_OF_THE_HOUSE))
    wanted = Q(pk__in=[])
    for name in _MENTOR:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def join_role_group(user: User) -> None:
    """Make the groups of a person agree with their role; groups that are no role's stay."""
    user.groups.remove(*Group.objects.filter(name__in=Role.values).exclude(name=user.role))
    user.groups.add(*Group.objects.filter(name=user.role))


@transaction.atomic
def change_role(*, actor: User, user: UUID, role: Role) -> User:
    """Give somebody another role: an admin's to do, and recorded. The same role again changes nothing.

    Locks the person's row. What the person was signed in with is revoked, so that nothing goes on under the
    old role. Raises NotFound and RoleChangeRefused. Publishes RoleChanged. That the admin has just proven who
    they are is for the caller to see to.
    """
    person = _locked(user)
    if not can_change_role(actor, person):
        raise RoleChangeRefused
    if person.role == role:
        return person
    _record(RoleChange.Kind.ROLE, actor, person, role)
    person.role, person.is_staff = role, role is Role.ADMIN or person.is_superuser
    person.save(update_fields=["role", "is_staff", "updated_at"])
    join_role_group(person)
    revoke_tokens(person, "role changed")
    publish(RoleChanged(person.pk, role))
    log.info("role_changed", user=str(person.uid), role=role.value, actor=str(actor.uid))
    return person


@transaction.atomic
def ban(*, actor: User, user: UUID) -> User:
    """Shut a person out and end all their sign-ins; recorded. Locks the person's row.

    Raises NotFound and RoleChangeRefused. Somebody who is shut out already stays so.
    """
    return _set_active(actor, user, active=False)


@transaction.atomic
def readmit(*, actor: User, user: UUID) -> User:
    """Let a person in again, who has to sign in anew; recorded. Locks the person's row.

    Raises NotFound, and RoleChangeRefused also for an account that is being deleted.
    """
    return _set_active(actor, user, active=True)


def _set_active(actor: User, user: UUID, *, active: bool) -> User:
    person = _locked(user)
    if not can_bar(actor, person) or (active and hasattr(person, "deletion")):
        raise RoleChangeRefused
    if person.is_active == active:
        return person
    _record(RoleChange.Kind.READMITTED if active else RoleChange.Kind.BANNED, actor, person, Role(person.role))
    person.is_active = active
    person.save(update_fields=["is_active", "updated_at"])
    if not active:
        revoke_tokens(person, "banned")
    return person


def _locked(uid: UUID) -> User:
    person = User.objects.select_for_update().filter(uid=uid).first()
    if person is None:
        raise NotFound
    return person


def _record(kind: RoleChange.Kind, actor: User, person: User, after: Role) -> None:
    RoleChange.objects.create(user=person, actor=actor, kind=kind, before=person.role, after=after, changed_at=now())
