"""The port behind which whoever answers for a Traveler stands: what a turn asks of an engine, and what it hears."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, Any, BinaryIO, Protocol

from mentors.engines.counting import Budget

Hear = Callable[[int, str], None]
"""Called with an offset and the text that begins there, as a reply comes in; whatever it raises ends the call."""


class Trouble(StrEnum):
    """Why an engine did not do as asked, as far as a turn needs to know."""

    BUSY = "busy"  # too many calls just now; this one was not carried out
    DOWN = "down"  # unreachable, too slow or faulty
    LOST = "lost"  # it does not know this conversation
    BAD_WORDS = "bad_words"  # these words it will never take
    SHUT = "shut"  # it refuses us: key, permission, no account
    SPENT = "spent"  # there is no more credit


class EngineError(Exception):
    """A call to an engine failed. `ambiguous`: it may have been carried out all the same.

    Guarantees: neither keys nor text of the engine's are in `str()`.
    """

    def __init__(self, trouble: Trouble, *, ambiguous: bool = False, retry_after: float | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.ambiguous = ambiguous
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier turn: what the person said, and what they were answered, by whichever engine."""

    said: str
    answered: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a conversation is held: the account, the engine's name for it, and the newest thing heard there.

    An empty `task` is a conversation that has yet to begin.
    """

    account: int | None = None
    task: str = ""
    cursor: str = ""

    def __str__(self) -> str:
        """`account/task`, which `read_conversation` reads."""
        return f"{self.account or ''}/{self.task}"


def read_conversation(text: str) -> Conversation:
    """The conversation that was written as `account/task`; a bare task is one whose account nobody remembers."""
    account, slash, task = text.partition("/")
    if not slash:
        return Conversation(task=text)
    return Conversation(account=int(account) if account.isdecimal() else None, task=task)


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn, as an engine gets to see it.

    `reference` marks this attempt; all attempts of one turn begin with `mark`. `told` is what an engine has to know
    beside the words: all that a conversation begins with, or what one that goes on has not heard. For an engine that
    keeps no conversations what was said before is not in it, but in `transcript`. `files` are references that
    `attach` gave. With a `schema` (JSON Schema: objects with all properties required and no others) the answer is to
    be a value that fits it.
    """

    mark: str
    reference: str
    words: str
    told: str
    transcript: Sequence[Exchange] = ()
    project: str | None = None
    files: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None


class AnswerState(StrEnum):
    """What has become of a turn."""

    WORKING = "working"
    REPLIED = "replied"
    ASKED = "asked"  # the Traveler wants to know something first
    WANTS_TO_ACT = "wants_to_act"  # the engine wants leave to do something outside the conversation
    MUTE = "mute"  # it stopped without a word
    FAILED = "failed"  # it broke, and the conversation with it


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that comes with an answer, to be had at an address for a while."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that an engine has taken, under a reference that is good until then."""

    reference: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said. `simulated`: no real mentor stood behind it.

    `value` is what a schema was filled with, as it came, which need not fit; None while, or if, there is none.
    """

    state: AnswerState
    text: str = ""
    simulated: bool = False
    files: Sequence[Offered] = ()
    value: Any = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The engine has the words; `answer` is there already if it answers at once."""

    conversation: Conversation
    answer: Answer | None = None


class Engine(Protocol):
    """Somebody who answers. Every method may raise EngineError; none is called inside a transaction.

    Two kinds: one that answers at once gives the answer out of `begin`, telling `hear` of it as it comes, and
    keeps nothing. One that does not gives a conversation out of `begin`, and is looked at until there is an
    answer; its calls are let in by the scheduler, on an account that the scheduler names.
    """

    @property
    def name(self) -> str:
        """What replies are labelled with."""

    @property
    def recipient(self) -> str | None:
        """Whom the consent has to name, since words go to them; None if they stay in this house."""

    @property
    def is_stand_in(self) -> bool:
        """Whether it only fills in until somebody better has time."""

    @property
    def answers_at_once(self) -> bool:
        """Which of the two kinds it is."""

    @property
    def takes_files(self) -> bool:
        """Whether there is any sense in `attach`; to others, what can be read in a file is told."""

    @property
    def longest_silence(self) -> float:
        """Seconds that `begin` may go without a word to `hear`."""

    @property
    def budget(self) -> Budget:
        """How much one call may hold, words and all."""

    def is_usable(self, account: int | None = None) -> bool:
        """Whether it is worth asking now (through that account, if one is given); cheap, asks nobody outside."""

    def boundary(self, conversation: Conversation) -> Conversation:
        """The conversation with its cursor at the newest event: what comes later belongs to the next turn."""

    def begin(self, ask: Ask, conversation: Conversation, hear: Hear) -> Begun:
        """Hand over a turn; the conversation has no task if it has yet to begin. Sent once, never repeated."""

    def find(self, references: Collection[str], conversation: Conversation) -> list[Conversation]:
        """What came of calls to `begin` under these references that nobody heard the end of, oldest first."""

    def look(self, conversation: Conversation) -> Answer:
        """The answer to the turn that began after the cursor."""

    def credits(self, conversation: Conversation) -> int | None:
        """What the conversation has cost so far, all turns together; None if it costs nothing or nobody says."""

    def stop(self, conversation: Conversation) -> None:
        """Spare it the rest of its answer."""

    def delete(self, conversation: Conversation) -> None:
        """Have it forget the conversation for good."""

    def attach(self, account: int, name: str, body: BinaryIO, size: int) -> Attached:
        """Hand over a file, before the turn that it came with."""

    def detach(self, account: int, reference: str) -> None:
        """Have it forget a file."""

    def fetch(self, address: str, into: IO[bytes], most: int) -> None:
        """Write a file that came with an answer, of at most so many bytes."""
