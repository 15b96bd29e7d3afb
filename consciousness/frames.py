"""The commands a phone may send over a session's socket."""

from typing import Annotated
from uuid import UUID

import msgspec

from timetravelers.kit.live.frames import Command, Data

CLIENT_ID_PATTERN = r"^[A-Za-z0-9._:-]{1,64}$(?!\n)"  # in Python, $ alone would let a last line end pass
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
ClientId = Annotated[str, msgspec.Meta(pattern=CLIENT_ID_PATTERN)]


class ResumeData(Data, frozen=True):
    after_seq: Seq = 0


class SendData(Data, frozen=True):
    client_id: ClientId
    text: str


class TurnData(Data, frozen=True):
    turn: UUID


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


class Ping(Command, frozen=True, tag="ping"):
    """Are you there?"""

    data: NoData = NoData()


AnyCommand = SessionResume | MessageSend | TurnCancel | TurnRetry | Ping
DECODER: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
