"""When to look again, and how long has passed."""

import random
from datetime import timedelta

from consciousness.models import Turn
from consciousness.services.leases import Lease
from timetravelers.kit.clock import now

MAX_ATTEMPTS = 6
# How long a new task may take to become visible at the provider.
VISIBLE_SECONDS = 90.0
RECHECK_SECONDS = 4.0
# Whoever waits in line is woken when it is their turn; this is only behind it.
IN_LINE_SECONDS = 15.0
LONGEST_LOOK_SECONDS = 15.0
LONGEST_BACKOFF_SECONDS = 60.0
# Behind a stand-in's reply nobody is in a hurry.
BACKGROUND_SECONDS = 30.0
LONGEST_BACKGROUND_SECONDS = 300.0


def postpone(lease: Lease, seconds: float) -> None:
    """Leave the turn as it is, for a step in so many seconds."""
    lease.postpone(now() + timedelta(seconds=seconds))


def age(turn: Turn) -> float:
    """Seconds since the engine was, or was to be, called."""
    return (now() - turn.sent_at).total_seconds() if turn.sent_at else 0.0


def waited(turn: Turn) -> float:
    """Seconds since the person asked for the reply."""
    return (now() - turn.waits_since).total_seconds()


def backoff(attempt: int) -> float:
    """Bounded exponential back-off with full jitter, in seconds."""
    return random.uniform(0.5, 1.0) * min(LONGEST_BACKOFF_SECONDS, 2.0**attempt)  # noqa: S311 - not a secret


def background_pause(attempt: int) -> float:
    """The same for a turn that has a stand-in's reply."""
    longest = min(LONGEST_BACKGROUND_SECONDS, BACKGROUND_SECONDS * 2.0**attempt)
    return random.uniform(0.5, 1.0) * longest  # noqa: S311 - not a secret
