"""What goes into the mentor and what comes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn behind us: what the person said, and what they were answered (by whichever engine)."""

    said: str
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the mentor says; `question` and `step` are parts of `text`, `topic` is what was heard."""

    text: str
    question: str
    step: str
    topic: str
    language: str
