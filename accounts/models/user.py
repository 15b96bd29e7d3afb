"""The person's account."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.models.roles import Role
from accounts.querysets import UserManager
from timetravelers.kit.models import PublicId, Timestamped
from timetravelers.kit.rules import given, one_of


class User(PublicId, Timestamped, AbstractBaseUser, PermissionsMixin):
    """Who signs in. `epoch` is raised to revoke every token given out before."""

    email = models.EmailField(max_length=254)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            one_of("role", Role.values, "user_role_known"),
            given("email", name="user_email_given"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
