"""Whether somebody may be in danger by their own hand, heard here and by rules alone, and what they are shown then.

What is listened for is self-harm and suicide, one's own or somebody's who is spoken of as in danger now. The rules
are files, a language each, that are read together: people do not change their language first.
"""

from mentors.crisis.cards import Place, card_for, card_languages, country_of, place_of
from mentors.crisis.hearing import crisis_language, hears_crisis

__all__ = ["Place", "card_for", "card_languages", "country_of", "crisis_language", "hears_crisis", "place_of"]
