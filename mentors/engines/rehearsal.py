"""The rehearsal mentor as an engine: in this process, pure, and labelled as the stand-in that it is."""

from __future__ import annotations

import hashlib

from mentors import rehearsal
from mentors.engines.port import Answer, AnswerState, Ask, Begun, Conversation, Hear

REHEARSAL = "rehearsal"


class RehearsalEngine:
    """Answers at once, leaves nothing anywhere, and never fails."""

    name = REHEARSAL
    recipient = None
    is_stand_in = True
    answers_at_once = True
    longest_silence = 0.0

    def is_usable(self, account: int | None = None) -> bool:
        return True

    def boundary(self, conversation: Conversation) -> Conversation:
        return conversation

    def begin(self, ask: Ask, conversation: Conversation, hear: Hear) -> Begun:
        earlier = [rehearsal.Exchange(one.said, one.answered) for one in ask.transcript]
        said = rehearsal.reply(_seed(ask.mark), ask.briefing, earlier, ask.words)
        return Begun(conversation, Answer(AnswerState.REPLIED, said.text, simulated=True))

    def find(self, mark: str, conversation: Conversation) -> list[Conversation]:
        return []

    def look(self, conversation: Conversation) -> Answer:
        return Answer(AnswerState.WORKING)

    def credits(self, conversation: Conversation) -> int | None:
        return None

    def stop(self, conversation: Conversation) -> None:
        return None

    def delete(self, conversation: Conversation) -> None:
        return None


def _seed(mark: str) -> int:
    """The same turn is always answered the same."""
    return int.from_bytes(hashlib.sha256(mark.encode()).digest()[:4])
