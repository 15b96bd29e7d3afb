"""Expressions of time in a question, read against the day on which it is asked. English, and dates in digits."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count
from math import ceil

from consciousness.recall.numerals import NUMBER, number_in
from consciousness.recall.spans import ELDER_YEAR, MONTHS, SEASONS, UNITS, WEEKDAYS, Span, Today, exact_day

_LOOSE = {"couple", "few", "several", "some", "about", "around"}
_PARTS = {
    "first day": (0.0, 0.2), "first weekend": (0.0, 0.3), "first week": (0.0, 0.25), "first half": (0.0, 0.5),
    "second weekend": (0.2, 0.5), "second week": (0.22, 0.5), "second half": (0.5, 1.0),
    "third weekend": (0.45, 0.75), "third week": (0.45, 0.75),
    "last day": (0.8, 1.0), "last weekend": (0.7, 1.0), "last week": (0.75, 1.0),
    "beginning": (0.0, 0.35), "start": (0.0, 0.35), "early": (0.0, 0.35),
    "middle": (0.3, 0.7), "mid": (0.3, 0.7), "end": (0.65, 1.0), "late": (0.65, 1.0),
}  # fmt: skip
# Days with names, as the month and the day they begin on, and how long people speak of them.
_FEASTS = {
    "christmas": (12, 18, 10), "xmas": (12, 18, 10), "new year": (12, 29, 6), "halloween": (10, 29, 4),
    "valentine": (2, 12, 4), "easter": (3, 25, 32), "thanksgiving": (11, 21, 8),
}  # fmt: skip

_MONTH = "|".join([*MONTHS, *(f"{month[:3]}\\b" for month in MONTHS if month != "may"), "sept"])
_SEASON = "|".join(SEASONS)
_UNIT = "|".join(UNITS)
_WEEKDAY = "|".join(WEEKDAYS)
_PART = rf"(?:(?P<part>{'|'.join(_PARTS)})s?(?: of)?[ -](?:the |in )?)?"
_WHICH = r"(?:(?P<which>last|this|past|previous|next) )?"
_OF_YEAR = (
    r"(?:,? (?:of |in |the )?(?:(?P<year>(?:19|20)\d\d)\b|(?P<of>last year|this year|(?:the )?year before(?: last)?)))?"
)
# May, march and fall are words of other meanings too, unless something before them says that they are times.
_CUE = r"\b(?P<cue>(?:in|of|since|until|till|by|before|after|from|to|during|and|between|around|early|late|mid|on) )"

_LAST = r"(?:the |these )?(?:last|past) "
# Somebody's last day was the last one of something, not yesterday.
_NOBODYS = r"(?<!my )(?<!our )(?<!your )(?<!his )(?<!her )(?<!their )(?<!'s )"

_Found = re.Match[str]
_Reader = Callable[[_Found, Today], Span | None]


def spans_in(question: str, asked_at: datetime, zone: tzinfo | None = None) -> list[Span]:
    """The spans that a question names, in no order; none for a question without any. Never fails."""
    today = Today.at(asked_at, zone)
    found, _ = _read(question, today)
    return _directed(sorted(found, key=lambda each: each[0]), today)


def without_times(text: str) -> str:
    """What is left of a text when the times are taken out that it names."""
    return _read(text, Today.at(datetime(2000, 1, 1, tzinfo=UTC)))[1]


def _read(text: str, today: Today) -> tuple[list[tuple[int, str, Span]], str]:
    """Where each time stands, what stands before it, and which it is; and the rest, each time blotted out."""
    rest = " ".join(text.replace("\u2019", "'").lower().split())[:2_000]
    found: list[tuple[int, str, Span]] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(rest):
            span = reader(match, today)
            if span is not None:
                start = match.end("cue") if match.groupdict().get("cue") else match.start()
                found.append((start, rest[:start], span))
        rest = pattern.sub(lambda match: "\x00" * len(match[0]), rest)
    return found, rest


def _directed(found: list[tuple[int, str, Span]], today: Today) -> list[Span]:
    """Spans as what stands before each of them would have it: until, since, from one to the other."""
    match found:
        case [(_, before, first), (_, _, second)] if _BETWEEN.search(before):
            return [_from_to(first, second)]
    return [_turned(before, span, today) for _, before, span in found]


def _from_to(first: Span, second: Span) -> Span:
    """From one to the other; of "between May and August 2023", both are of that year."""
    years = max(0, ceil((first.begins - second.begins).days / 365.25))
    if not years:
        return Span(first.begins, max(first.ends, second.ends))
    return Span(first.begins.replace(year=first.begins.year - years, day=min(first.begins.day, 28)), second.ends)


_BETWEEN = re.compile(r"\b(?:between|from) (?:the )?$")
_UNTIL = re.compile(r"\b(?:before|until|till|up to|prior to|by) (?:the )?$")
_SINCE = re.compile(r"\b(?:since|after|following|ever since) (?:the )?$")
_AWAY = re.compile(
    rf"(?:(?P<number>{NUMBER}) )?\b(?P<unit>{_UNIT}|{_WEEKDAY})s? (?P<side>before|prior to|after|following) (?:the )?$"
)
_WEEK_OF = re.compile(r"\b(?:week|weekend) of (?:the )?$")


def _turned(before: str, span: Span, today: Today) -> Span:
    if away := _AWAY.search(before):
        return _away(away, span)
    if _WEEK_OF.search(before):
        return Span(span.begins - timedelta(days=3), span.ends + timedelta(days=3), span.weight)
    if _UNTIL.search(before):
        return Span(span.begins - timedelta(days=max(60, 2 * span.days)), span.begins, span.weight)
    if _SINCE.search(before):
        now = today.span(today.day, 1).ends
        return Span(span.begins, max(span.ends, now), span.weight)
    return span


def _away(match: _Found, span: Span) -> Span:
    """So long before or after a span; one unit may be any time within it."""
    unit, number = UNITS.get(match["unit"], 7), number_in(match["number"] or "")
    far, near = (timedelta(days=int(min(max(0.0, each) * unit, 36_500))) for each in (number + 0.5, number - 1.5))
    if match["side"] in {"before", "prior to"}:
        return Span(span.begins - far, span.begins - near, span.weight)
    return Span(span.ends + near, span.ends + far, span.weight)


def _iso(match: _Found, today: Today) -> Span | None:
    return exact_day(today, int(match[1]), int(match[2]), int(match[3]))


def _dated(match: _Found, today: Today) -> Span | None:
    month, day = _month_number(match["month"]), int(match["day"])
    year = _named_year(match, today)
    if year is not None:
        return exact_day(today, year, month, day)
    days = (exact_day(today, year, month, day) for year in _years_back(today))
    return today.latest(span for span in days if span is not None)


def _month(match: _Found, today: Today) -> Span | None:
    number = _month_number(match["month"])
    return _recurring(match, today, lambda year: today.month(number, year))


def _season(match: _Found, today: Today) -> Span | None:
    name = match["season"]
    year = _named_year(match, today)
    if year is not None and name == "winter" and not today.south:
        # The winter of a year may be the one in which it began, or the one in which it ended.
        return Span(today.month(1, year).begins, today.month(12, year).ends, 0.6)
    return _recurring(match, today, lambda year: today.season(name, year))


def _feast(match: _Found, today: Today) -> Span | None:
    month, day, days = _FEASTS[match["feast"]]
    return _recurring(match, today, lambda year: today.span(date(year, month, day), days))


def _recurring(match: _Found, today: Today, of: Callable[[int], Span]) -> Span | None:
    """What comes once a year: of the year that is named, or the last that has begun."""
    year = _named_year(match, today)
    if year is None and match["which"] == "this":
        year = today.day.year
    if year is not None:
        return _parted(match, of(year))
    over = match["which"] in {"last", "past", "previous"}
    return _parted(match, today.latest((of(each) for each in _years_back(today)), over=over))


def _parted(match: _Found, span: Span | None) -> Span | None:
    part = match["part"]
    return span.part(*_PARTS[part]) if span is not None and part else span


def _seasons_ago(match: _Found, today: Today) -> Span | None:
    number = 2.0 if match["number"] is None else number_in(match["number"])
    past = (today.season(match["season"], year) for year in _years_back(today))
    over = [span for span in past if span.begins.date() < today.day][: int(number) + 1]
    return over[min(len(over), max(1, int(number))) - 1] if over else None


def _ago(match: _Found, today: Today) -> Span | None:
    words = match["number"].split()
    return today.ago(number_in(match["number"]), match["unit"], loosely=not _LOOSE.isdisjoint(words))


def _lately(match: _Found, today: Today) -> Span | None:
    number = number_in(match["number"]) if match["number"] else 1.0
    days = int(min(number * UNITS[match["unit"]], 36_500))
    return today.span(today.day - timedelta(days=days), days + 1)


def _unit(match: _Found, today: Today) -> Span | None:
    return _parted(match, _whole_unit(match["which"], match["unit"], today))


def _before_last(match: _Found, today: Today) -> Span | None:
    return _whole_unit("before last", match["unit"], today)


_BACK = {"this": 0, "before last": 2}


def _whole_unit(which: str, unit: str, today: Today) -> Span:
    back, day = _BACK.get(which, 1), today.day
    if unit == "year":
        return today.year(day.year - back)
    if unit == "month":
        return today.month((day.month - back - 1) % 12 + 1, day.year - (1 if day.month - back < 1 else 0))
    if unit in {"week", "weekend", "fortnight"}:
        monday = day - timedelta(days=day.weekday() + 7 * back)
        return today.span(monday + timedelta(days=5), 2) if unit == "weekend" else today.span(monday, 7)
    return today.span(day - timedelta(days=back), 1)


def _year(match: _Found, today: Today) -> Span | None:
    return _parted(match, today.year(int(match["year"])))


def _weekday(match: _Found, today: Today) -> Span | None:
    back = (today.day.weekday() - WEEKDAYS.index(match["weekday"]) - 1) % 7 + 1
    return today.span(today.day - timedelta(days=back), 1, 1.0 if match["which"] else ELDER_YEAR)


def _near(match: _Found, today: Today) -> Span | None:
    days = {"yesterday": (1, 1), "before yesterday": (2, 1), "today": (0, 1)}
    back, length = days.get(match[1], (21, 22))
    return today.span(today.day - timedelta(days=back), length, 1.0 if match[1] in days else 0.5)


def _named_year(match: _Found, today: Today) -> int | None:
    named = match.groupdict()
    if named.get("year"):
        return int(named["year"])
    said = named.get("of") or ""
    if said:
        return today.day.year - (0 if said == "this year" else 2 if "before last" in said else 1)
    return None


def _years_back(today: Today) -> Iterator[int]:
    return (today.day.year - back for back in range(4))


def _month_number(name: str) -> int:
    return next(number for number, month in zip(count(1), MONTHS, strict=False) if month.startswith(name[:3]))


_PATTERNS: tuple[tuple[str, _Reader], ...] = (
    (r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", _iso),
    (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH}){_OF_YEAR}", _dated),
    (rf"\b(?P<month>{_MONTH}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_OF_YEAR}", _dated),
    (rf"\b(?P<number>{NUMBER}) (?P<season>{_SEASON})s ago\b", _seasons_ago),
    (rf"\b(?P<season>{_SEASON}) before last\b(?P<number>\x00)?", _seasons_ago),
    (rf"\b{_PART}{_WHICH}(?P<month>(?!may|march)(?:{_MONTH})){_OF_YEAR}", _month),
    (rf"{_CUE}{_PART}{_WHICH}(?P<month>may|march)\b{_OF_YEAR}", _month),
    (rf"\b{_PART}(?P<which>last|this|past|previous) (?P<month>may|march)\b{_OF_YEAR}", _month),
    (rf"\b{_PART}{_WHICH}(?P<season>winter|spring|summer|autumn)\b{_OF_YEAR}", _season),
    (rf"\b(?:in|during|of) (?:the )?{_PART}{_WHICH}(?P<season>fall)\b{_OF_YEAR}", _season),
    (rf"\b{_PART}(?P<which>last|this|past) (?P<season>fall)\b{_OF_YEAR}", _season),
    (rf"\b{_PART}{_WHICH}(?P<feast>{'|'.join(_FEASTS)})(?:'?s)?(?: (?:day|eve))?\b{_OF_YEAR}", _feast),
    (rf"\b(?P<number>{NUMBER}) (?P<unit>{_UNIT})s? (?:ago|back)\b", _ago),
    (rf"\b(?:in|over|during|within) {_LAST}(?:(?P<number>{NUMBER}) )?(?P<unit>{_UNIT})s?\b", _lately),
    (rf"\b(?P<unit>{_UNIT}) before last\b", _before_last),
    (rf"{_NOBODYS}\b{_PART}(?P<which>last|this|past|previous) (?P<unit>{_UNIT})\b", _unit),
    (rf"\b(?:(?P<which>last|this|past) |on )(?P<weekday>{_WEEKDAY})\b(?! the)", _weekday),
    (rf"\b(?P<part>{'|'.join(_PARTS)})s?(?: of)?[ -](?P<year>(?:19|20)\d\d)\b", _year),
    (rf"{_CUE}(?P<part>\x00)?(?P<year>(?:19|20)\d\d)\b", _year),
    (r"\b(?:the day )?(before yesterday|yesterday|today|recently|lately|the other day)\b", _near),
)  # fmt: skip
_READERS = tuple((re.compile(pattern), reader) for pattern, reader in _PATTERNS)
