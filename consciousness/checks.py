"""What must be well for sessions to work, for `/healthz/ready`."""

from datetime import timedelta

from consciousness.models import Turn
from timetravelers.kit.clock import now
from timetravelers.kit.health import register_check

# Far longer than any step takes: turns overdue by this much mean that no worker is at work.
OVERDUE = timedelta(minutes=2)


def turns_are_moving() -> bool:
    """No turn has been due for long."""
    return not Turn.objects.due(now() - OVERDUE).exists()


def connect() -> None:
    """Register the above; called when the app is ready."""
    register_check("turns", turns_are_moving)
