"""What can be recalled: the turns of conversations, and what is remembered of them."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

# What speakers are called by where they have no names.
ROLES = frozenset({"user", "assistant", "human", "ai", "bot", "system", "mentor"})

_SENTENCE = re.compile(r"[^.!?]+[.!?]*[\"')]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A turn: what was said at `at`, by whom if the speakers have names, and what was answered.

    Passages of the same `group` (a session) are each other's context, in the order of `at` and of being given.
    `at` is aware of its time zone.
    """

    key: Hashable
    at: datetime
    said: str
    answered: str = ""
    speaker: str = ""
    group: Hashable = None

    @property
    def text(self) -> str:
        """All of it, as the embedding model reads it."""
        said = f"{self.name}: {self.said}" if self.name else self.said
        return f"{said}\n{self.answered}" if self.answered else said

    @property
    def name(self) -> str:
        """The speaker's, unless that is what every such speaker is called."""
        return "" if self.speaker.strip().lower() in ROLES else self.speaker.strip()

    @property
    def asking(self) -> float:
        """The share of its words that only ask, from 0 to 1; 0 of a turn that was answered."""
        if self.answered:
            return 0.0
        sentences = [(sentence, len(sentence.split())) for sentence in _SENTENCE.findall(self.said)]
        asked = sum(words for sentence, words in sentences if sentence.rstrip(" \"')").endswith("?"))
        return asked / max(sum(words for _, words in sentences), 1)
