"""What people are shown and asked, out of reviewed content files: consents, learning preferences, sources."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings

from timetravelers.kit.content import read_document


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """The current wording of one purpose; a new wording has a new version, and old consents do not cover it."""

    purpose: str
    version: int
    provider: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where data comes from, with the line its licence asks for.

    `imported_at` and `counts` say when a release went over the starting content, and how much it brought; the
    starting content itself was not imported, and has neither.
    """

    name: str
    version: str
    licence: str
    licence_url: str
    url: str
    attribution: str
    imported_at: datetime | None = None
    counts: Mapping[str, int] | None = None


STARTER_RELEASE = "29.3"  # what the starting content draws on
_CHOSEN = "We chose and reworded parts of it"
_MERGED = "We merged it with titles, skills and estimates of our own"


def starter_source() -> Source:
    """What the starting content owes to O*NET."""
    return _onet(STARTER_RELEASE, _CHOSEN)


def imported_source(version: str, imported_at: datetime, counts: Mapping[str, int]) -> Source:
    """What a release that was imported as a whole is owed; without a version where it did not say its own."""
    return replace(_onet(version, _MERGED), imported_at=imported_at, counts=counts)


def _onet(version: str, change: str) -> Source:
    name = f"O*NET {version} Database" if version else "O*NET Database"
    return Source(
        name=name,
        version=version,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        url="https://www.onetcenter.org/database.html",
        attribution=(
            f"This product includes information from the {name} by the U.S. Department of Labor, Employment and "
            "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of "
            f"USDOL/ETA. {change}; USDOL/ETA has not approved, endorsed, or tested these changes."
        ),
    )


@cache
def current_consents() -> dict[str, ConsentWording]:
    """The wording of every purpose we ask for, by purpose. Raises ContentError for a bad file."""
    data = read_document(settings.CONTENT_DIR, "consents.yaml", "consents").data
    return {entry["purpose"]: ConsentWording(**entry) for entry in data["consents"]}


@cache
def learning_preferences() -> dict[str, Any]:
    """The wording of the learning preferences: an introduction, and axes with two poles each."""
    return read_document(settings.CONTENT_DIR, "learning/preferences.yaml", "preferences").data
