"""What engines that answer at once have in common: nothing is kept, so nothing can be found, watched or deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import IO, BinaryIO

from mentors.engines.port import Answer, AnswerState, Attached, Conversation, EngineError, Trouble


class AtOnce:
    """The part of an engine that is about conversations, where there are none; `begin` is all that is left to say."""

    answers_at_once = True
    takes_files = False

    def is_usable(self, account: int | None = None) -> bool:
        return True

    def boundary(self, conversation: Conversation) -> Conversation:
        return conversation

    def find(self, references: Collection[str], conversation: Conversation) -> list[Conversation]:
        return []

    def look(self, conversation: Conversation) -> Answer:
        return Answer(AnswerState.WORKING)

    def credits(self, conversation: Conversation) -> int | None:
        return None

    def stop(self, conversation: Conversation) -> None:
        return None

    def delete(self, conversation: Conversation) -> None:
        return None

    def attach(self, account: int, name: str, body: BinaryIO, size: int) -> Attached:
        raise EngineError(Trouble.BAD_WORDS)

    def detach(self, account: int, reference: str) -> None:
        raise EngineError(Trouble.LOST)

    def fetch(self, address: str, into: IO[bytes], most: int) -> None:
        raise EngineError(Trouble.BAD_WORDS)
