"""Chainable filters and the user manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

if TYPE_CHECKING:
    from accounts.models import Consent, Occupation, SignIn, Skill, User  # noqa: F401 - named in strings below


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A person who may sign in; raises ValueError for an empty address."""
        if not email:
            raise ValueError("An e-mail address is needed.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A member of staff with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, role="admin", **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses are looked up without regard to case."""
        return self.get(email__iexact=username)


class OccupationQuerySet(models.QuerySet["Occupation"]):
    """Which occupations there are."""

    def live(self) -> OccupationQuerySet:
        """Those that were not retired."""
        return self.filter(retired_at__isnull=True)


class SkillQuerySet(models.QuerySet["Skill"]):
    """Which skills there are."""

    def live(self) -> SkillQuerySet:
        """Those that were not retired."""
        return self.filter(retired_at__isnull=True)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """The record of consents."""

    def live(self) -> ConsentQuerySet:
        """Those that were not withdrawn; whether the wording is current is for the caller to ask."""
        return self.filter(withdrawn_at__isnull=True)


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Where people are signed in."""

    def live(self) -> SignInQuerySet:
        """Those that were not ended."""
        return self.filter(ended_at__isnull=True)
