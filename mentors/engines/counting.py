"""How much an engine takes in one call, and how that is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mentors.manus.tokens import estimated_tokens

# Tokenisers may put a blank before a text, and a sign of their own.
BEFORE = 2
WORDS = Path(__file__).with_name("words.txt")
# What may stand beside a word without changing into what it is cut; of other signs nobody knows.
_BESIDE = r"\s!-/:-@\[-`{-~\u2018-\u201e\u2026\u2013\u2014"
_WORD = re.compile(rf"(?: |(?<![^{_BESIDE}]))[^\W\d_]+(?![^{_BESIDE}])")


@dataclass(frozen=True, slots=True)
class Budget:
    """At most so many tokens, counted the engine's way.

    `count` of texts put together, each ending with a line break, is never more than the sum of their counts.
    """

    tokens: int
    count: Callable[[str], int]


def most_tokens(text: str) -> int:
    """Tokens that a text costs at most, whatever it holds, and never less than Manus's own estimate.

    A bound, not a measurement. Tokenisers that fall back to bytes, as all in use do, make at most one token of each
    byte of UTF-8. From the bytes of a text is taken off what well-known words save: `words.txt` holds words and the
    most that each costs, with the blank before it, in any of eight tokenisers (cl100k, o200k, Llama 3, Mistral,
    DeepSeek, Qwen 3, Gemma 3, GLM 4). English prose comes out at a third above the dearest of these, code at twice
    and other languages at two to three times it.
    """
    if not text:
        return 0
    size = len(text.encode(errors="replace"))
    return max(estimated_tokens(text), BEFORE + size - sum(map(_saved, _WORD.findall(text))))


def _saved(found: str) -> int:
    """How many tokens less than bytes a word costs, with the blank before it; of words nobody listed, none."""
    word = found.lstrip()
    lowered = word[0].lower() + word[1:]
    cost = _words().get(lowered)
    # With a capital it may cost one more.
    return 0 if cost is None else max(0, len(found.encode()) - cost - (word != lowered))


@cache
def _words() -> dict[str, int]:
    """Words and what they cost at most."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return {word: int(line[0]) for line in lines for word in line[2:].split()}
