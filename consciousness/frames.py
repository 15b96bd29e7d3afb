"""The commands a phone may send over a session's socket."""

from typing import Annotated
from uuid import UUID

import msgspec

from timetravelers.kit.live.frames import Command, Data

CLIENT_ID_PATTERN = r"^[A-Za-z0-9._:-]{1,64}$(?!\n)"  # in Python, $ alone would let a last line end pass
MAX_SEQ = 2**53
Seq = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
MOST_FILES = 10
FileIds = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=MOST_FILES)]
ClientId = Annotated[str, msgspec.Meta(pattern=CLIENT_ID_PATTERN)]


class ResumeData(Data, frozen=True):
    after_seq: Seq = 0


class ReadData(Data, frozen=True):
    seq: Seq


class SendData(Data, frozen=True):
    client_id: ClientId
    text: str
    file_ids: FileIds = ()


class TurnData(Data, frozen=True):
    turn: UUID


class RegenerateData(Data, frozen=True):
    turn: UUID
    client_id: ClientId


class EditData(Data, frozen=True):
    turn: UUID
    client_id: ClientId
    text: str


class SwitchData(Data, frozen=True):
    head: UUID


class ChooseData(Data, frozen=True):
    message: UUID


class NoData(Data, frozen=True):
    pass


class SessionResume(Command, frozen=True, tag="session.resume"):
    """Send me everything after this seq, and then what happens."""

    data: ResumeData


class MessageSend(Command, frozen=True, tag="message.send"):
    """I say this; the client id makes saying it again harmless."""

    data: SendData


class TurnCancel(Command, frozen=True, tag="turn.cancel"):
    """Never mind."""

    data: TurnData


class TurnRetry(Command, frozen=True, tag="turn.retry"):
    """Try the failed turn again."""

    data: TurnData


class TurnRegenerate(Command, frozen=True, tag="turn.regenerate"):
    """I want another reply to the same words; the client id makes asking again harmless."""

    data: RegenerateData


class MessageEdit(Command, frozen=True, tag="message.edit"):
    """I say this in place of what I said in that turn; the client id makes saying it again harmless."""

    data: EditData


class BranchSwitch(Command, frozen=True, tag="branch.switch"):
    """Let me look at the branch of this turn."""

    data: SwitchData


class ReplyChoose(Command, frozen=True, tag="reply.choose"):
    """Let this reply stand."""

    data: ChooseData


class MessageRead(Command, frozen=True, tag="message.read"):
    """I have read everything up to this seq; my other devices may know."""

    data: ReadData


class Typing(Command, frozen=True, tag="typing"):
    """I am writing something, here."""

    data: NoData = NoData()


class Ping(Command, frozen=True, tag="ping"):
    """Are you there?"""

    data: NoData = NoData()


AnyCommand = (
    SessionResume | MessageSend | MessageEdit | TurnCancel | TurnRetry | TurnRegenerate | BranchSwitch | ReplyChoose
    | MessageRead | Typing | Ping
)  # fmt: skip
DECODER: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
