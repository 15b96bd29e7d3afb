"""What a text says, as far as its words tell: whether another one says the same, and whether it says no. Pure."""

import re
from dataclasses import dataclass

from consciousness.recall.words import stems

# Of two texts that share so many of their words, one says nothing new.
ALIKE = 0.8
_NO = re.compile(
    r"(?<!\w)(?:not|no|never|none|nothing|nobody|without|neither|nor|cannot|\w+n['\u2019]t"
    r"|nicht|kein\w*|nie|niemals|nichts|ohne|nunca|jam\u00e1s|sin|ni|ning\u00fan\w*"
    r"|ne|n['\u2019]\w+|pas|jamais|rien|aucun\w*|sans)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gist:
    """The stems of what a text says, and whether it says no: that one little word makes it the opposite."""

    stems: frozenset[str]
    says_no: bool

    def is_like(self, other: "Gist") -> bool:
        """Whether both say the same."""
        if not self.stems or not other.stems or self.says_no != other.says_no:
            return False
        return len(self.stems & other.stems) / len(self.stems | other.stems) >= ALIKE


def gist_of(text: str) -> Gist:
    """What a text says."""
    return Gist(frozenset(stems(text)), says_no(text))


def says_no(text: str) -> bool:
    """Whether there is a no in it, in the languages of the app."""
    return _NO.search(text) is not None
