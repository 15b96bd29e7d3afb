"""The quota of a Manus account, kept before Manus has to refuse: sliding windows shared by all processes."""

import hashlib

from django.conf import settings

from timetravelers.kit.limits import SharedWindow

# Manus counts when a call arrives, we when it leaves: the margin covers the wire and the clocks.
WINDOW_SECONDS = 62.0
REPLY_SECONDS = 5.0


def account_name() -> str:
    """A name for the configured account that can be logged; not its key."""
    return hashlib.sha256(settings.MANUS_API_KEY.encode()).hexdigest()[:12]


def acquire(endpoint: str) -> float:
    """Take one call to `endpoint` and return 0.0, or take none and return the seconds until one is free."""
    window = SharedWindow(limit=settings.MANUS_PER_MINUTE[endpoint], seconds=WINDOW_SECONDS)
    return window.wait(f"manus:{account_name()}:{endpoint}")


def eta(endpoint: str, *, position: int, wait: float = 0.0) -> float:
    """Seconds until the turn at `position` (1 is next) may expect its reply, given `wait` for the next slot."""
    full_windows = (position - 1) // settings.MANUS_PER_MINUTE[endpoint]
    return wait + full_windows * WINDOW_SECONDS + REPLY_SECONDS
