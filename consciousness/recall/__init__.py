"""Finding what was said in conversations of years: by words, by meaning, by time, and over several hops."""

from consciousness.recall.passages import Passage
from consciousness.recall.scoring import Mix
from consciousness.recall.search import Found, Recall, asked_of, best_of, codes_of
from consciousness.recall.words import terms_of

__all__ = ["Found", "Mix", "Passage", "Recall", "asked_of", "best_of", "codes_of", "terms_of"]
