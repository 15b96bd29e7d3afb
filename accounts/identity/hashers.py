"""How passwords are kept."""

from django.conf import settings
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher


class Bcrypt(BCryptSHA256PasswordHasher):
    """Django's bcrypt over SHA-256, at the cost the settings name; another cost or kind is replaced at sign-in."""

    rounds = settings.PASSWORD_COST
