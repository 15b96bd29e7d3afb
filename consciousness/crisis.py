"""When somebody may be in danger: what must not go out, and which card they are shown instead."""

from accounts.models import Profile
from mentors.crisis import card_for, country_of, crisis_language, hears_crisis

# Who "answers" with a card: nobody.
HOUSE = "house"


class InDanger(Exception):
    """These words are for people, and for no engine."""


def require_calm(words: str) -> None:
    """Raise InDanger if whoever wrote this may be in danger, or fears for somebody who is."""
    if hears_crisis(words):
        raise InDanger


def card_answering(words: str, profile: Profile | None) -> str:
    """The card for these words: in their language, else in one of the person's, with help from where they live."""
    languages = profile.languages if profile is not None else []
    country = country_of(profile.time_zone, languages) if profile is not None else None
    return card_for(crisis_language(words), *languages, country=country)
