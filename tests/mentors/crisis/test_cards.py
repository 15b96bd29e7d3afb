"""The card says that it is automatic, and how to reach people, whatever is known of the place."""

import re
from zoneinfo import available_timezones

import pytest

from mentors.crisis import card_for, card_languages, country_of, hears_crisis, place_of
from mentors.crisis.cards import DIRECTORY, cards, places


@pytest.mark.parametrize("language", sorted(card_languages()))
def test_each_card_names_an_emergency_number_and_somebody_to_talk_to(language: str) -> None:
    card = cards()[language]
    for country in (None, *places()):
        told = card_for(language, country=country)
        place = place_of(country)
        assert told.startswith(card.automatic)
        assert (place.emergency if place else "112") in told
        assert DIRECTORY in told
        assert all(line.number in told for line in (place.lines if place else ()))
        assert "{" not in told


def test_a_card_is_the_same_every_time_and_differs_by_place() -> None:
    assert card_for("de", country="DE") == card_for("de", country="DE")
    assert "0800 111 0 111" in card_for("de", country="DE")
    assert "988" in card_for("de", country="US")
    assert "116 123" in card_for("en", country="GB")
    assert "3114" in card_for("fr", country="FR")
    assert "024" in card_for("es", country="ES")


def test_without_a_card_in_the_language_the_next_one_is_taken_and_english_at_last() -> None:
    assert card_for("sw", "de-AT") == card_for("de")
    assert card_for(None, "sw") == card_for("en")


def test_where_somebody_is_goes_by_their_clock_before_their_language() -> None:
    assert country_of("Europe/Berlin", ["en-US"]) == "DE"
    assert country_of("", ["en", "en-GB"]) == "GB"
    assert country_of("Etc/UTC", ["en"]) is None


def test_zones_are_zones_and_belong_to_one_country() -> None:
    zones = [zone for place in places().values() for zone in place.zones]
    assert set(zones) <= available_timezones()
    assert len(zones) == len(set(zones))


def test_numbers_can_be_dialled() -> None:
    numbers = [line.number for place in places().values() for line in place.lines]
    assert all(re.fullmatch(r"[*0-9 -]+|text [A-Z]+ to \d+", number) for number in numbers)


def test_a_card_is_no_cry_for_help_itself() -> None:
    assert not any(hears_crisis(card_for(language)) for language in card_languages())
