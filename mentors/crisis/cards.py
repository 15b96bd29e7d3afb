"""The card that is shown to somebody who may be in danger: fixed words, and who helps where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from timetravelers.kit.content import own_yaml

CARDS = Path(__file__).with_name("cards")
PLACES = "places"
DEFAULT = "en"
DIRECTORY = "findahelpline.com"


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words in one language; `emergency` has a slot for the number, `anywhere` is for a place nobody knows."""

    language: str
    automatic: str
    heard: str
    emergency: str
    anywhere: str
    lines: str
    directory: str
    close: str


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People who can be called day and night, or nearly; `number` is as it is dialled there."""

    name: str
    number: str
    note: str = ""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country: what is dialled in an emergency, who listens, and which time zones are surely its own."""

    emergency: str
    lines: tuple[Line, ...] = ()
    zones: tuple[str, ...] = ()


@cache
def cards() -> Mapping[str, Card]:
    """The cards by language, checked; raises msgspec.ValidationError for a file that is not as it should be."""
    paths = [path for path in sorted(CARDS.glob("*.yaml")) if path.stem != PLACES]
    found = (msgspec.convert(own_yaml(path.read_bytes()), type=Card) for path in paths)
    return {card.language: card for card in found}


@cache
def places() -> Mapping[str, Place]:
    """The countries by their ISO 3166 code, checked."""
    return msgspec.convert(own_yaml((CARDS / f"{PLACES}.yaml").read_bytes()), type=dict[str, Place])


def card_languages() -> frozenset[str]:
    """The languages that there is a card in."""
    return frozenset(cards())


def place_of(country: str | None) -> Place | None:
    """Who helps in a country; None for one that nothing is known of."""
    return places().get(country or "")


def country_of(time_zone: str, tags: Iterable[str]) -> str | None:
    """Where somebody is, by where their clock is, else by the region of a language tag of theirs; None if untold."""
    by_zone = {zone: code for code, place in places().items() for zone in place.zones}
    regions = (part for tag in tags for part in tag.split("-")[1:] if part in places())
    return by_zone.get(time_zone) or next(regions, None)


def card_for(*languages: str | None, country: str | None = None) -> str:
    """The card as one text, in the first of these languages that there is one in, else in English.

    Guarantees: the same for the same; it says that a machine shows it, names the emergency number, and at least one way
    to reach people who listen, whatever is known of the place.
    """
    wanted = (language.split("-")[0] for language in languages if language)
    card = cards()[next((one for one in wanted if one in cards()), DEFAULT)]
    place = place_of(country)
    urgent = card.emergency.format(number=place.emergency) if place is not None else card.anywhere
    told = [card.lines, *(_told(line) for line in place.lines)] if place is not None and place.lines else []
    parts = [card.automatic, f"{card.heard} {urgent}", "\n".join(told), f"{card.directory} {DIRECTORY}", card.close]
    return "\n\n".join(part for part in parts if part)


def _told(line: Line) -> str:
    return f"- {line.name}: {line.number}{f' ({line.note})' if line.note else ''}"
