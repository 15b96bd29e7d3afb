"""An estimate of how many tokens a text costs, on the safe side of the provider's undisclosed tokeniser."""

from __future__ import annotations

MESSAGE_TOKEN_LIMIT = 5_000
"""Tokens that one message may hold, all its text parts together."""


def estimated_tokens(text: str) -> int:
    """Tokens of `text`: four ASCII characters, or a single character of any other script, count as one."""
    ascii_characters = len(text.encode("ascii", "ignore"))
    return tokens_of(ascii_characters, len(text) - ascii_characters)


def tokens_of(ascii_characters: int, others: int) -> int:
    """The same for a text that was only counted."""
    return (ascii_characters + 3) // 4 + others


def clip_to_tokens(text: str, limit: int) -> str:
    """The longest prefix of `text` within `limit` tokens, marked by an ellipsis when anything was cut."""
    if estimated_tokens(text) <= limit:
        return text
    budget = 4 * (limit - 1)
    for index, character in enumerate(text):
        budget -= 1 if character.isascii() else 4
        if budget < 0:
            return text[:index].rstrip() + "…"
    return text
