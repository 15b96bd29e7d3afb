"""Whether what is to be remembered was said by the person: the quarantine that no text from elsewhere passes."""

import re
from collections.abc import Iterable

from consciousness.gist import says_no
from consciousness.recall.words import stems

# What may be said of words that are nobody's own: "the user wants", "they prefer".
OF_ANYBODY = frozenset(stems("user person mentee want prefer likes works plans goal"))
MOST_FOREIGN = 0.2
_EXACT = re.compile(r"\S*(?:@|://|www\.|\d)\S*")
_CLAUSE = re.compile(r"[.!?;,\n\u2026]+\s*|\s+(?:but|aber|sondern|pero|sino|mais)\s+", re.IGNORECASE)
_EDGES = ".,;:!?()[]\"'\u201c\u201d\u2018\u2019"


def are_grounds(text: str, said: Iterable[str]) -> bool:
    """Whether the person's own messages `said` carry this text.

    Of the words that say something at most one in five may be others than theirs, and no number, address or link may.
    Nor may it say yes where they said no, or no where they did not.
    """
    whole = "\n".join(said)
    if not whole.strip() or any(one not in _exactly(whole) for one in _exactly(text)):
        return False
    telling = [stem for stem in stems(text) if stem not in OF_ANYBODY]
    known = set(stems(whole))
    foreign = sum(stem not in known for stem in telling)
    return bool(telling) and foreign <= MOST_FOREIGN * len(telling) and _is_meant_so(text, whole)


def _is_meant_so(text: str, said: str) -> bool:
    """Whether what comes nearest to it was said with a no, if it has one, and else without."""
    if says_no(text):
        return says_no(said)
    telling = set(stems(text))
    shared = [(len(telling & set(stems(clause))), says_no(clause)) for clause in _CLAUSE.split(said)]
    most = max(number for number, _ in shared)
    return any(not denied for number, denied in shared if number == most)


def _exactly(text: str) -> set[str]:
    """What has to be word for word: whatever holds a digit, or leads somewhere."""
    return {found.strip(_EDGES).casefold() for found in _EXACT.findall(text)}
