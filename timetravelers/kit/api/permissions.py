"""Deny by default: a view that names no policy lets nobody in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # DRF's views read the settings, which name this module, while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView

Actor = AbstractBaseUser | AnonymousUser
Policy = Callable[[Any], bool]


def is_anyone(_actor: Actor) -> bool:
    """Open to all, on purpose."""
    return True


def is_signed_in(actor: Actor) -> bool:
    """A known, active person."""
    return bool(actor.is_authenticated and actor.is_active)


class NamedPolicy(BasePermission):
    """Asks the policy that the view names in `policy`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        policy: Policy | None = getattr(type(view), "policy", None)
        return policy is not None and policy(request.user)
