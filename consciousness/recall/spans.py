"""Spans of time as people name them: last spring, the end of May last year, two winters ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# By the month in which each begins north of the equator.
SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
UNITS = {"day": 1, "night": 1, "weekend": 7, "week": 7, "fortnight": 14, "month": 30, "year": 365}
# How sure one may be that an older year is not meant when none was named.
ELDER_YEAR = 0.35

# Where it is summer in January. Zones do not say so themselves.
_SOUTH = (
    "Africa/Blantyre", "Africa/Gaborone", "Africa/Harare", "Africa/Johannesburg", "Africa/Lusaka", "Africa/Maputo",
    "Africa/Maseru", "Africa/Mbabane", "Africa/Windhoek", "America/Araguaina", "America/Argentina",
    "America/Asuncion", "America/Bahia", "America/Buenos_Aires", "America/Campo_Grande", "America/Cuiaba",
    "America/La_Paz", "America/Lima", "America/Montevideo", "America/Punta_Arenas", "America/Santiago",
    "America/Sao_Paulo", "Antarctica/", "Australia/", "Indian/Antananarivo", "Indian/Mauritius", "Indian/Reunion",
    "Pacific/Auckland", "Pacific/Fiji", "Pacific/Noumea", "Pacific/Tongatapu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins` until before `ends`; `weight` in 0..1 says how surely it is what was meant."""

    begins: datetime
    ends: datetime
    weight: float = 1.0

    @property
    def days(self) -> float:
        return (self.ends - self.begins) / DAY

    def part(self, first: float, last: float) -> "Span":
        """What lies between two fractions of it."""
        length = self.ends - self.begins
        return Span(self.begins + first * length, self.begins + last * length, self.weight)


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which a question is asked, where it is asked; raises nothing at the ends of the calendar."""

    day: date
    zone: tzinfo
    south: bool = False

    @classmethod
    def at(cls, asked_at: datetime, zone: tzinfo | None = None) -> "Today":
        where = zone or asked_at.tzinfo or UTC
        return cls(asked_at.astimezone(where).date(), where, str(where).startswith(_SOUTH))

    def span(self, first: date, days: float, weight: float = 1.0) -> Span:
        begins = datetime.combine(first, time(), self.zone)
        return Span(begins, begins + days * DAY, weight)

    def between(self, first: date, until: date, weight: float = 1.0) -> Span:
        return self.span(first, (until - first).days, weight)

    def year(self, year: int) -> Span:
        return self.between(_day(year, 1, 1), _day(year + 1, 1, 1))

    def month(self, month: int, year: int, weight: float = 1.0) -> Span:
        return self.between(_day(year, month, 1), _day(year, month + 1, 1), weight)

    def season(self, name: str, year: int, weight: float = 1.0) -> Span:
        """The season that begins in that year."""
        month = (SEASONS[name] + (6 if self.south else 0) - 1) % 12 + 1
        return self.between(_day(year, month, 1), _day(year, month + 3, 1), weight)

    def latest(self, spans: Iterator[Span], *, over: bool = False) -> Span | None:
        """Of spans from the newest back, the first that has begun; or, if asked for, the first that is `over`."""
        now = datetime.combine(self.day + DAY, time(), self.zone)
        return next((span for span in spans if (span.ends if over else span.begins) < now), None)

    def ago(self, number: float, unit: str, *, loosely: bool = False) -> Span:
        """So long before today; the longer the unit and the looser the number, the longer the span."""
        length = UNITS[unit]
        slack = length * (0.5 if length > 1 else 0.0) + (number * length * 0.35 if loosely else 0.0)
        middle = self.day - timedelta(days=min(number * length, 36_500))
        return self.between(middle - timedelta(days=int(slack)), middle + timedelta(days=int(slack) + 1))


def _day(year: int, month: int, day: int) -> date:
    """A date whose month may lie beyond December, and its year beyond the calendar."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(min(max(year, 1900), 2200), month, day)


def exact_day(today: Today, year: int, month: int, day: int) -> Span | None:
    """That day, or None if there is no such day."""
    try:
        return today.span(date(year, month, day), 1)
    except ValueError:
        return None
