"""What people are shown and asked, out of reviewed content files: consents, learning preferences, sources."""

from dataclasses import dataclass
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
    """Where data comes from, with the line its licence asks for."""

    name: str
    licence: str
    licence_url: str
    url: str
    attribution: str


SOURCES = (
    Source(
        name="O*NET 29.3 Database",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        url="https://www.onetcenter.org/database.html",
        attribution=(
            "This product includes information from the O*NET 29.3 Database by the U.S. Department of Labor, "
            "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
            "O*NET® is a trademark of USDOL/ETA. We chose and reworded parts of it; USDOL/ETA has not "
            "approved, endorsed, or tested these changes."
        ),
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
