"""Codes of authenticator apps: each one works once, for as long as it works at all."""

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache


def use_up(totp: TOTP, code: str) -> bool:
    """Whether the code was not used before; allauth would forget that while clocks that are off still show it."""
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    return bool(cache.add(totp._get_used_cache_key(code), "y", timeout=periods * app_settings.TOTP_PERIOD))  # noqa: SLF001 - its own name for it


def connect() -> None:
    """Let allauth ask us, which has no setting for this."""
    TOTP._mark_code_used = use_up  # noqa: SLF001 - the one place where it notes them
