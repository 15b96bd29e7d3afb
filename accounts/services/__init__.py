"""Writes of the accounts room, a module a use case."""

from accounts.services.access import set_active
from accounts.services.admins import ensure_first_admin
from accounts.services.consents import grant_consent, require_consent, withdraw_consent
from accounts.services.loading import load_taxonomy
from accounts.services.profile import ProfileChanges, update_profile

__all__ = [
    "ProfileChanges",
    "ensure_first_admin",
    "grant_consent",
    "load_taxonomy",
    "require_consent",
    "set_active",
    "update_profile",
    "withdraw_consent",
]
