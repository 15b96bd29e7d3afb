"""When scheduled sessions begin, and when people are reminded of them, by the clock on their wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from consciousness.errors import SessionTooEarly
from consciousness.models import Reminder
from timetravelers.kit.errors import FieldError, Invalid

NEAREST = timedelta(minutes=5)
FARTHEST = timedelta(days=366)
# So long before its time a session may be opened.
EARLY = timedelta(minutes=15)
SOON = timedelta(minutes=15)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for none, or for one that this machine has not heard of."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock in the zone shows a naive time.

    The first one where the clock is put back and shows it twice. Where it is put forward and never shows it, as
    long after the jump as the time lies in the gap.
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def day_before(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same time of the day before, which is 23 or 25 hours ago where the clock was changed in between."""
    wall = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    return at_wall(wall - timedelta(days=1), zone)


def reminder_times(starts_at: datetime, zone: ZoneInfo, moment: datetime) -> dict[Reminder.Kind, datetime]:
    """When to remind of a session: of all times those that are not over at `moment`."""
    times = {Reminder.Kind.DAY_BEFORE: day_before(starts_at, zone), Reminder.Kind.SOON: starts_at - SOON}
    return {kind: due for kind, due in times.items() if due > moment}


def require_schedulable(starts_at: datetime, moment: datetime) -> None:
    """Raise Invalid unless it is ahead, and not too far."""
    if not NEAREST <= starts_at - moment <= FARTHEST:
        detail = "Choose a time from five minutes to a year from now."
        raise Invalid(errors=(FieldError("/starts_at", "out_of_range", detail),))


def require_openable(starts_at: datetime | None, moment: datetime) -> None:
    """Raise SessionTooEarly until shortly before the time."""
    if starts_at is not None and moment < starts_at - EARLY:
        raise SessionTooEarly
