"""The rehearsal mentor as an engine: in this process, pure, and labelled as the stand-in that it is."""

from __future__ import annotations

import hashlib

from mentors import rehearsal
from mentors.engines.at_once import AtOnce
from mentors.engines.counting import Budget, most_tokens
from mentors.engines.port import Answer, AnswerState, Ask, Begun, Conversation, Hear

REHEARSAL = "rehearsal"


class RehearsalEngine(AtOnce):
    """Answers at once, leaves nothing anywhere, and never fails."""

    name = REHEARSAL
    recipient = None
    is_stand_in = True
    longest_silence = 0.0
    # More than it listens to.
    budget = Budget(20_000, most_tokens)

    def begin(self, ask: Ask, conversation: Conversation, hear: Hear) -> Begun:
        earlier = [rehearsal.Exchange(one.said, one.answered) for one in ask.transcript]
        if ask.schema is not None:
            value = rehearsal.fill(dict(ask.schema), ask.told, [*earlier, rehearsal.Exchange(ask.words)])
            return Begun(conversation, Answer(AnswerState.REPLIED, simulated=True, value=value))
        said = rehearsal.reply(_seed(ask.mark), ask.told, earlier, ask.words)
        return Begun(conversation, Answer(AnswerState.REPLIED, said.text, simulated=True))


def _seed(mark: str) -> int:
    """The same turn is always answered the same."""
    return int.from_bytes(hashlib.sha256(mark.encode()).digest()[:4])
