"""Engines: who answers for a Traveler. One port, several behind it, and the order in which they are asked."""

from mentors.engines.chain import configured_chain, engine_named, following
from mentors.engines.counting import Budget, most_tokens
from mentors.engines.port import (
    Answer,
    AnswerState,
    Ask,
    Attached,
    Begun,
    Conversation,
    Engine,
    EngineError,
    Exchange,
    Offered,
    Trouble,
    read_conversation,
)

__all__ = [
    "Answer",
    "AnswerState",
    "Ask",
    "Attached",
    "Begun",
    "Budget",
    "Conversation",
    "Engine",
    "EngineError",
    "Exchange",
    "Offered",
    "Trouble",
    "configured_chain",
    "engine_named",
    "following",
    "most_tokens",
    "read_conversation",
]
