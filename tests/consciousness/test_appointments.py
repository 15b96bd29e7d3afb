"""Times of sessions and reminders, in every zone and across every change of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consciousness.appointments import (
    EARLY,
    FARTHEST,
    NEAREST,
    at_wall,
    day_before,
    reminder_times,
    require_openable,
    require_schedulable,
    zone_of,
)
from consciousness.errors import SessionTooEarly
from consciousness.models import Reminder
from timetravelers.kit.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati",
         "America/St_Johns", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Chatham"]  # fmt: skip
moments = st.integers(0, 11 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


@given(moments, zones)
@example(datetime(2026, 3, 30, 0, 30, tzinfo=UTC), BERLIN)
@example(datetime(2026, 10, 26, 1, 30, tzinfo=UTC), BERLIN)
def test_the_day_before_is_the_same_time_by_the_clock(moment: datetime, zone: ZoneInfo) -> None:
    before = day_before(moment, zone)
    assert timedelta(hours=20) <= moment - before <= timedelta(hours=28)
    wanted = wall(moment, zone) - timedelta(days=1)
    shown = wall(before, zone)
    # A time that the clock jumped over is as far after the jump.
    assert shown == wanted or timedelta(0) < shown - wanted <= timedelta(hours=2)


@given(moments, zones)
def test_what_the_clock_shows_leads_back_to_a_moment_at_which_it_shows_that(moment: datetime, zone: ZoneInfo) -> None:
    back = at_wall(wall(moment, zone), zone)
    assert wall(back, zone) == wall(moment, zone)
    assert timedelta(0) <= moment - back <= timedelta(hours=2)  # the first of two


def test_across_the_changes_of_the_clock() -> None:
    # Clocks go forward in the night to 29 March: the day before is 23 hours away; and back in that to 25 October.
    assert day_before(datetime(2026, 3, 29, 10, tzinfo=UTC), BERLIN) == datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert day_before(datetime(2026, 10, 25, 11, tzinfo=UTC), BERLIN) == datetime(2026, 10, 24, 10, tzinfo=UTC)
    # 02:30 of 29 March does not exist there: half an hour after the jump.
    assert day_before(datetime(2026, 3, 30, 0, 30, tzinfo=UTC), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(moments, zones, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_reminders_are_ahead_and_before_the_session(starts_at: datetime, zone: ZoneInfo, ahead: timedelta) -> None:
    moment = starts_at - ahead
    times = reminder_times(starts_at, zone, moment)
    assert all(moment < due < starts_at for due in times.values())
    assert (Reminder.Kind.SOON in times) == (ahead > timedelta(minutes=15))
    if len(times) == 2:
        assert times[Reminder.Kind.DAY_BEFORE] < times[Reminder.Kind.SOON]


@pytest.mark.parametrize("name", ["", "Nowhere/Nothing", "../../etc/passwd", "/etc/passwd", "\x00", "x" * 5_000])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_of(name).key == "UTC"


@pytest.mark.parametrize("ahead", [NEAREST, FARTHEST, timedelta(days=3)])
def test_times_that_can_be_scheduled(ahead: timedelta) -> None:
    require_schedulable(NOON + ahead, NOON)


@pytest.mark.parametrize("ahead", [NEAREST - timedelta(seconds=1), FARTHEST + timedelta(seconds=1), -timedelta(days=1)])
def test_times_that_cannot(ahead: timedelta) -> None:
    with pytest.raises(Invalid):
        require_schedulable(NOON + ahead, NOON)


def test_a_session_opens_only_a_little_early() -> None:
    require_openable(NOON, NOON - EARLY)
    with pytest.raises(SessionTooEarly):
        require_openable(NOON, NOON - EARLY - timedelta(seconds=1))
