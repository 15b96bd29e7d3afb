"""Chainable filters and the user manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import F, Func, Q, TextField, Value

if TYPE_CHECKING:
    from accounts.models import Consent, Occupation, SignIn, Skill, User  # noqa: F401 - named in strings below


def _joined(column: str) -> Func:
    """The texts of an array column as one text, a line each, so that a search looks at what people wrote."""
    return Func(F(column), Value("\n"), function="array_to_string", output_field=TextField())


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
    """How people look for occupations."""

    def matching(self, words: str) -> OccupationQuerySet:
        """Those whose title, or an alternate title, holds the words, whatever their case."""
        if not words:
            return self
        otherwise = self.model._default_manager.filter(title_rows__title__icontains=words)
        return self.filter(Q(title__icontains=words) | Q(pk__in=otherwise.values("pk")))

    def live(self) -> OccupationQuerySet:
        """Those that were not retired."""
        return self.filter(retired_at__isnull=True)


class SkillQuerySet(models.QuerySet["Skill"]):
    """How people look for skills."""

    def matching(self, words: str) -> SkillQuerySet:
        """Those whose name, or another name, holds the words, whatever their case."""
        if not words:
            return self
        found = Q(name__icontains=words) | Q(alias_text__icontains=words)
        return self.alias(alias_text=_joined("aliases")).filter(found)

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
