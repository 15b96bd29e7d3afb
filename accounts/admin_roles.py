"""Giving roles and shutting people out, as actions in the list of accounts."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Role, User
from accounts.services.roles import ban, change_role, readmit
from accounts.staff import require_fresh_staff
from timetravelers.kit.errors import DomainError

Change = Callable[..., User]


def actor_of(request: HttpRequest) -> User:
    """The member of staff behind a request in the admin."""
    return cast("User", request.user)


def _run(change: Change, request: HttpRequest, people: QuerySet[User], *, needs_step_up: bool) -> None:
    """Do it for each person on their own, and say what became of it."""
    done = 0
    try:
        if needs_step_up:
            require_fresh_staff(request)
        for person in people.order_by("pk"):
            change(actor=actor_of(request), user=person.uid)
            done += 1
    except DomainError as refusal:
        messages.error(request, refusal.detail or refusal.title)
    messages.info(request, f"Done for {done}.")


def _action(name: str, description: str, change: Change, *, needs_step_up: bool) -> Callable[..., None]:
    @admin.action(permissions=["change"], description=description)
    def act(_desk: Any, request: HttpRequest, people: QuerySet[User]) -> None:
        _run(change, request, people, needs_step_up=needs_step_up)

    act.__name__ = name
    return act


ROLE_ACTIONS = (
    *(
        _action(
            f"make_{role.value}", f"Give the role {role.value}", partial(change_role, role=role), needs_step_up=True
        )
        for role in Role
    ),
    _action("ban", "Shut out", ban, needs_step_up=False),
    _action("readmit", "Let in again", readmit, needs_step_up=False),
)
