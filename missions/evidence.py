"""What counts as evidence, and when there is enough of it: pure rules, no tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from timetravelers.kit.errors import FieldError
from timetravelers.kit.text import has_control_characters

TEXT, LINK = "text", "link"
MAX_TEXT = 10_000
MAX_LINK = 2_000
MAX_ITEMS = 20

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Kinds that count; texts together need `min_words` words."""

    kinds: frozenset[str]
    min_words: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was shown."""

    kind: str
    content: str


def count_words(text: str) -> int:
    """How many words a text has; numbers are words, punctuation is not, don't is one."""
    return sum(1 for _ in _WORD.finditer(text))


def flaws(item: Item, kinds: Iterable[str]) -> tuple[FieldError, ...]:
    """What is wrong with one piece of evidence; empty when nothing is."""
    if item.kind not in kinds:
        return (FieldError("/kind", "kind_not_taken", "This mission does not take this kind of evidence."),)
    return _text_flaws(item.content) if item.kind == TEXT else _link_flaws(item.content)


def shortfall(rule: EvidenceRule, items: Sequence[Item]) -> tuple[FieldError, ...]:
    """What is still missing; empty when the evidence fulfils the rule.

    One piece of a kind that counts is always needed. Words are counted over all texts; a rule that takes no
    text asks for no words.
    """
    counted = [item for item in items if item.kind in rule.kinds]
    if not counted:
        return (FieldError("/evidence", "nothing_shown", "Show some evidence first."),)
    words = sum(count_words(item.content) for item in counted if item.kind == TEXT)
    if TEXT in rule.kinds and words < rule.min_words:
        detail = f"Write at least {rule.min_words} words; there are {words} so far."
        return (FieldError("/evidence", "too_few_words", detail),)
    return ()


def _text_flaws(text: str) -> tuple[FieldError, ...]:
    if not text.strip():
        return (FieldError("/content", "blank", "Write something first."),)
    if len(text) > MAX_TEXT:
        return (FieldError("/content", "too_long", f"Keep it to {MAX_TEXT} characters."),)
    if has_control_characters(text):
        return (FieldError("/content", "control_characters", "Control characters are not allowed."),)
    return ()


def _link_flaws(link: str) -> tuple[FieldError, ...]:
    if len(link) > MAX_LINK:
        return (FieldError("/content", "too_long", f"Keep the link to {MAX_LINK} characters."),)
    if not _is_web_address(link):
        return (FieldError("/content", "not_a_link", "Give a full http or https address."),)
    return ()


def _is_web_address(link: str) -> bool:
    """An http(s) address with a host and without credentials; whether anything answers there is not asked."""
    if any(character.isspace() or not character.isprintable() for character in link):
        return False
    try:
        parts = urlsplit(link)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
