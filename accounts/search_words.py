"""Text as search compares it, typed or to be found: words without case, accents, punctuation and plural."""

import re
import unicodedata
from collections.abc import Iterator

MOST_WORDS = 10
LITTLE_WORDS = frozenset(("a", "an", "and", "at", "for", "in", "of", "on", "or", "the", "to", "with"))
SHORTEST_PLURAL = 4
SHORTEST_SET_RIGHT = 3  # letters of a word in which slips are forgiven

_WORD = re.compile(r"[^\W_]+[+#]*")  # the signs of C++ and C# belong to the word
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w)")  # R.N.
_EXCEPTION = re.compile(r",?\s+except\s.*", re.IGNORECASE | re.DOTALL)
_BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)\s*")
_SHORT_FORM = re.compile(r"[A-Z]{2}")


def words_of(text: str) -> list[str]:
    """The words of a text in order, as singular, MOST_WORDS at most; safe to compare and to put into a pattern."""
    return [singular(word) for word in plain_words(text)]


def plain_words(text: str) -> list[str]:
    """The same with their plurals left alone."""
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), _without_marks(text))
    return _WORD.findall(plain)[:MOST_WORDS]


def _without_marks(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign) and sign not in "'\u2019").replace(
        "&", " and "
    )


def singular(word: str) -> str:
    """An English plural cut to singular by its ending alone: not always a word, but the same on both sides."""
    if len(word) < SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is", "sales")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def telling(words: list[str]) -> list[str]:
    """The words that have to be there, once each: all but the little ones, and the last, which may be half a word."""
    kept = [word for word in words[:-1] if word not in LITTLE_WORDS]
    return list(dict.fromkeys([*kept, *words[-1:]]))


def swapped(word: str) -> Iterator[str]:
    """What may have been meant if two neighbouring letters changed places."""
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def spellings(title: str) -> Iterator[str]:
    """A title without what it says it is not, and the two titles of one with a short form in brackets."""
    title = _EXCEPTION.sub("", title)
    yield title
    if (both := _BRACKETS.fullmatch(title)) and _SHORT_FORM.search(title):
        yield from both.groups()


def initials(words: list[str]) -> str:
    """The first letters of two words or more, little ones left out; empty for a single word."""
    kept = [word for word in words if word not in LITTLE_WORDS]
    return "".join(word[0] for word in kept) if len(kept) > 1 else ""
