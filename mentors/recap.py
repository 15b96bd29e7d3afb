"""What was said before, for a mentor that was not there: quoted, newest last, as much as fits."""

from __future__ import annotations

from collections.abc import Sequence

from mentors.briefing import SAID_BEFORE
from mentors.engines.port import Exchange
from mentors.manus.tokens import clip_to_tokens, estimated_tokens
from mentors.quoting import quoted

LONGEST_ONE = 600
"""Tokens that each thing said may take, so that one long message does not push all others out."""


def compose_recap(exchanges: Sequence[Exchange], tokens: int) -> str:
    """A section of its own within `tokens`; empty if nothing was said, or nothing fits.

    Guarantees: a line begins with '#' only in the heading; what does not fit is the oldest.
    """
    heading = f"\n# {SAID_BEFORE}\n"
    left = tokens - estimated_tokens(heading)
    kept: list[str] = []
    for exchange in reversed(exchanges):
        told = _told(exchange)
        left -= estimated_tokens(told)
        if left < 0:
            break
        kept.append(told)
    return heading + "".join(reversed(kept)) if kept else ""


def _told(exchange: Exchange) -> str:
    said = _one("They said:", exchange.said)
    return said + _one("They were answered:", exchange.answered)


def _one(who: str, text: str) -> str:
    lines = quoted(clip_to_tokens(text, LONGEST_ONE), None)
    return "\n".join((who, *lines)) + "\n" if lines else ""
