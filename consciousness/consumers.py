"""The socket of a session: checks who comes, passes commands to services, and forwards the log."""

import asyncio
from functools import singledispatchmethod
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings

from accounts.authentication import SCHEME
from accounts.tokens import InvalidToken
from consciousness.admission import admit_async, recheck_async, still_valid_async
from consciousness.errors import SessionNotFound
from consciousness.eventlog import PAGE, events_after
from consciousness.frames import DECODER, AnyCommand, MessageSend, Ping, SessionResume, TurnCancel, TurnRetry
from consciousness.groups import person_group, session_group
from consciousness.services.messages import say
from consciousness.services.turns import cancel_turn, retry_turn
from consciousness.words import checked_words
from timetravelers.kit.live.codes import Close
from timetravelers.kit.live.consumer import Closing, LiveConsumer, Refused
from timetravelers.kit.live.doorbell import frame_of
from timetravelers.kit.live.frames import decode, encode

NOT_RESUMED = -1


class SessionConsumer(LiveConsumer):
    """Durable events flow once the phone has said, by `session.resume`, what it holds already."""

    idle_seconds = settings.LIVE_IDLE_SECONDS

    async def admit(self) -> None:
        self.uid: UUID = self.scope["url_route"]["kwargs"]["uid"]
        try:
            self.admission = await admit_async(self.uid, access_token=self._bearer(), ticket=self._ticket())
        except (InvalidToken, SessionNotFound) as exc:
            raise Refused from exc
        self.sent_seq = NOT_RESUMED
        self.forwarding = asyncio.Lock()
        for group in self._groups():
            await self.channel_layer.group_add(group, self.channel_name)

    async def leave(self) -> None:
        for group in self._groups():
            await self.channel_layer.group_discard(group, self.channel_name)

    def _groups(self) -> tuple[str, str]:
        return session_group(self.uid), person_group(self.admission.user.pk)

    async def pulse(self) -> None:
        try:
            await still_valid_async(self.admission.claims)
        except InvalidToken as exc:
            raise Closing(Close.UNAUTHORIZED) from exc
        await self._forward()

    async def check_papers(self) -> None:
        try:
            await recheck_async(self.admission.claims)
        except InvalidToken as exc:
            raise Closing(Close.UNAUTHORIZED) from exc

    async def doorbell(self, message: dict[str, Any]) -> None:
        """There are events up to this seq; we may have sent them already."""
        if self.open and message["seq"] > self.sent_seq:
            await self._forward()

    async def aside(self, message: dict[str, Any]) -> None:
        """Something that is in no log: for a phone that is up to date, and lost on any other."""
        frame = frame_of(message)
        if frame is not None and self.open and self.sent_seq != NOT_RESUMED:
            await self.send_text(frame)

    async def receive_text(self, text: str) -> None:
        await self._obey(decode(text, DECODER))

    # Commands -----------------------------------------------------------------------------------------

    @singledispatchmethod
    async def _obey(self, command: AnyCommand) -> None:
        raise TypeError(command)

    @_obey.register
    async def _resume(self, command: SessionResume) -> None:
        session = self.admission.session
        await database_sync_to_async(session.refresh_from_db, thread_sensitive=False)(fields=["last_seq", "state"])
        ready = {"seq": session.last_seq, "session": str(self.uid), "state": session.state}
        async with self.forwarding:
            # A seq from the future would hide events for ever: believe no more than there is.
            self.sent_seq = min(command.data.after_seq, session.last_seq)
            await self.send_text(encode("session.ready", ready, reply_to=command.id))
        await self._forward()

    @_obey.register
    async def _send(self, command: MessageSend) -> None:
        words = checked_words(command.data.text)
        said = await self._call(say, text=words, client_id=command.data.client_id)
        accepted = {"seq": said.seq, "message": str(said.message), "turn": str(said.turn), "is_new": said.is_new}
        await self.send_text(encode("ack", accepted, reply_to=command.id))

    @_obey.register
    async def _cancel(self, command: TurnCancel) -> None:
        await self._call(cancel_turn, turn=command.data.turn)
        await self.send_text(encode("ack", {"turn": str(command.data.turn)}, reply_to=command.id))

    @_obey.register
    async def _retry(self, command: TurnRetry) -> None:
        await self._call(retry_turn, turn=command.data.turn)
        await self.send_text(encode("ack", {"turn": str(command.data.turn)}, reply_to=command.id))

    @_obey.register
    async def _pong(self, command: Ping) -> None:
        await self.send_text(encode("pong", {}, reply_to=command.id))

    async def _call(self, service: Any, **arguments: Any) -> Any:
        """A service runs in a thread of its own; nothing of this socket waits but this socket."""
        call = database_sync_to_async(service, thread_sensitive=False)
        return await call(session=self.uid, actor=self.admission.user, **arguments)

    # The log ------------------------------------------------------------------------------------------

    async def _forward(self) -> None:
        """Send what the phone lacks, each event once and in order."""
        async with self.forwarding:
            more = self.sent_seq != NOT_RESUMED
            while more and self.open:
                events = await events_after(self.admission.session.pk, self.sent_seq)
                for event in events:
                    await self.send_text(event.frame)
                    self.sent_seq = event.seq
                more = len(events) == PAGE

    # The handshake ------------------------------------------------------------------------------------

    def _bearer(self) -> str | None:
        header = self.header("authorization") or ""
        return header[len(SCHEME) :] if header.startswith(SCHEME) else None

    def _ticket(self) -> str | None:
        query = parse_qs(self.scope["query_string"].decode("latin1"))
        tickets = query.get("ticket")
        return tickets[0] if tickets else None
