"""Engines: who answers for a Traveler. One port, several behind it, and the order in which they are asked."""

from mentors.engines.chain import configured_chain, engine_named, following
from mentors.engines.port import (
    Answer,
    AnswerState,
    Ask,
    Begun,
    Conversation,
    Engine,
    EngineError,
    Exchange,
    Trouble,
    read_conversation,
)

__all__ = [
    "Answer",
    "AnswerState",
    "Ask",
    "Begun",
    "Conversation",
    "Engine",
    "EngineError",
    "Exchange",
    "Trouble",
    "configured_chain",
    "engine_named",
    "following",
    "read_conversation",
]
