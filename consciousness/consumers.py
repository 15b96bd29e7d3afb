"""The socket of a session: checks who comes, passes commands to services, and forwards the log."""

import asyncio
import time
from collections.abc import Iterable
from functools import partial, singledispatchmethod
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings

from accounts.authentication import SCHEME
from accounts.tokens import InvalidToken
from consciousness.admission import admit_visit_async
from consciousness.announcements import (
    Answer,
    BranchAccepted,
    MessageAccepted,
    Pong,
    ReplyAccepted,
    SessionReady,
    TurnAccepted,
    TypingTold,
)
from consciousness.delivery import read_for
from consciousness.errors import SessionNotFound
from consciousness.eventlog import LoggedEvent, state_of
from consciousness.frames import (
    DECODER,
    AnyCommand,
    BranchSwitch,
    MessageEdit,
    MessageRead,
    MessageSend,
    Ping,
    ReplyChoose,
    SessionResume,
    TurnCancel,
    TurnRegenerate,
    TurnRetry,
    Typing,
)
from consciousness.groups import person_group, session_group
from consciousness.services.branches import edit_message, switch_branch
from consciousness.services.reading import mark_read
from consciousness.services.replies import choose_reply, regenerate_turn
from consciousness.services.saying import Said, Saying
from consciousness.services.turns import cancel_turn, retry_turn
from consciousness.visits import visits
from consciousness.words import checked_words
from consciousness.writer import Utterance, writer
from timetravelers.kit.ids import uuid7
from timetravelers.kit.live.doorbell import tell_elsewhere
from timetravelers.kit.live.frames import decode, encode
from timetravelers.kit.live.hub import hub
from timetravelers.kit.live.socket import LiveSocket, Refused

NOT_RESUMED = -1
# So many messages of one phone may be on their way to the log.
MOST_UNANSWERED = 8
# Somebody who types is told of so often, at most.
TYPING_SECONDS = 3.0


class SessionConsumer(LiveSocket):
    """Durable events flow once the phone has said, by `session.resume`, what it holds already."""

    idle_seconds = settings.LIVE_IDLE_SECONDS

    async def admit(self) -> None:
        if visits().is_over:
            raise Refused
        self.uid: UUID = self.scope["url_route"]["kwargs"]["uid"]
        try:
            admission, self.seat = await admit_visit_async(
                self.uid, uuid7().hex, access_token=self._bearer(), ticket=self._ticket()
            )
        except (InvalidToken, SessionNotFound) as exc:
            raise Refused from exc
        self.actor, self.claims = admission.user, admission.claims
        self.session_id: int = admission.session.pk
        self.position = NOT_RESUMED
        self.newest = 0
        self.unanswered = 0
        self.answered: asyncio.Event | None = None
        self.typed_at = 0.0
        self.read_up_to = 0
        self.storing_read: asyncio.Task[None] | None = None

    def admitted(self) -> None:
        hub().join(session_group(self.uid), self)
        hub().join(person_group(self.actor.pk), self)
        visits().begin(self)

    def leave(self) -> None:
        hub().leave(session_group(self.uid), self)
        hub().leave(person_group(self.actor.pk), self)
        visits().end(self)

    # Commands -----------------------------------------------------------------------------------------

    async def receive_text(self, text: str) -> None:
        command = decode(text, DECODER)
        if isinstance(command, MessageSend):
            await self._send_message(command)
        elif isinstance(command, Typing):
            self._tell_typing()
        else:
            # What was said before is stored before anything else is done.
            await self._all_answered()
            await self._obey(command)

    async def _send_message(self, command: MessageSend) -> None:
        words = checked_words(command.data.text)
        if self.unanswered >= MOST_UNANSWERED:
            await self._all_answered()
        self.unanswered += 1
        saying = Saying(self.uid, self.actor.pk, words, command.data.client_id, command.data.file_ids)
        writer().submit(Utterance(saying, self.actor, partial(self._answer_message, command.id)))

    def _answer_message(self, reply_to: str, said: Said | Exception) -> None:
        self.unanswered -= 1
        if self.answered is not None and not self.unanswered:
            self.answered.set()
        if isinstance(said, Exception):
            self.send_error(said, reply_to=reply_to)
        else:
            self._answer_with(_accepted(said), reply_to)

    async def _all_answered(self) -> None:
        if self.unanswered:
            self.answered = asyncio.Event()
            await self.answered.wait()
            self.answered = None

    def _tell_typing(self) -> None:
        """For the person's other devices, now and then; who types is not told."""
        moment = time.monotonic()
        if moment - self.typed_at < TYPING_SECONDS:
            return
        self.typed_at = moment
        frame = encode(TypingTold.kind, TypingTold())
        group = session_group(self.uid)
        for watcher in tuple(hub().watchers(group)):
            if watcher is not self:
                watcher.told(frame)
        tell_elsewhere(group, frame)

    @singledispatchmethod
    async def _obey(self, command: AnyCommand) -> None:
        raise TypeError(command)

    @_obey.register
    async def _resume(self, command: SessionResume) -> None:
        newest, state = await state_of(self.session_id)
        self._answer_with(SessionReady(seq=newest, session=self.uid, state=state), command.id)
        # A seq from the future would hide events for ever: believe no more than there is.
        self.position = min(command.data.after_seq, newest)
        self.rung(newest)

    @_obey.register
    async def _cancel(self, command: TurnCancel) -> None:
        await self._call(cancel_turn, turn=command.data.turn)
        self._answer_with(TurnAccepted(turn=command.data.turn), command.id)

    @_obey.register
    async def _retry(self, command: TurnRetry) -> None:
        await self._call(retry_turn, turn=command.data.turn)
        self._answer_with(TurnAccepted(turn=command.data.turn), command.id)

    @_obey.register
    async def _read(self, command: MessageRead) -> None:
        """Not waited for: what is read while a number is being stored is stored with the next."""
        self.read_up_to = max(self.read_up_to, command.data.seq)
        if self.storing_read is None:
            self.storing_read = asyncio.create_task(self._store_read())

    async def _store_read(self) -> None:
        stored = 0
        try:
            while self.open and stored < self.read_up_to:
                stored = self.read_up_to
                await self._call(mark_read, seq=stored)
        except Exception as exc:  # noqa: BLE001 - as in any other answer: the phone gets a problem
            self.send_error(exc, reply_to=None)
        finally:
            self.storing_read = None

    @_obey.register
    async def _regenerate(self, command: TurnRegenerate) -> None:
        asked = command.data
        await self._call(regenerate_turn, turn=asked.turn, client_id=asked.client_id)
        self._answer_with(TurnAccepted(turn=asked.turn), command.id)

    @_obey.register
    async def _edit(self, command: MessageEdit) -> None:
        edit = command.data
        words = checked_words(edit.text)
        said = await self._call(edit_message, turn=edit.turn, text=words, client_id=edit.client_id)
        self._answer_with(_accepted(said), command.id)

    @_obey.register
    async def _switch(self, command: BranchSwitch) -> None:
        turned = await self._call(switch_branch, head=command.data.head)
        self._answer_with(BranchAccepted(head=turned), command.id)

    @_obey.register
    async def _choose(self, command: ReplyChoose) -> None:
        await self._call(choose_reply, message=command.data.message)
        self._answer_with(ReplyAccepted(message=command.data.message), command.id)

    @_obey.register
    async def _pong(self, command: Ping) -> None:
        self._answer_with(Pong(), command.id)

    def _answer_with(self, answer: Answer, reply_to: str) -> None:
        self.send_text(encode(answer.kind, answer, reply_to=reply_to))

    async def _call(self, service: Any, **arguments: Any) -> Any:
        """A service runs in a thread of its own; nothing of this socket waits but this socket."""
        call = database_sync_to_async(service, thread_sensitive=False)
        return await call(session=self.uid, actor=self.actor, **arguments)

    # The log ------------------------------------------------------------------------------------------

    @property
    def lacks(self) -> bool:
        """Whether there is more that can be sent now; a phone that does not read is told later."""
        return self.open and NOT_RESUMED < self.position < self.newest and not self.outbox.is_full

    def rung(self, seq: int) -> None:
        """There are events up to this seq; we may have sent them already."""
        self.newest = max(self.newest, seq)
        if self.lacks:
            read_for(self)

    def take(self, events: Iterable[LoggedEvent]) -> None:
        """Send what comes next, each event once and in order; where something is missing the log is read."""
        for event in events:
            self.newest = max(self.newest, event.seq)
            if event.seq == self.position + 1 and self.lacks:
                self.send_text(event.frame)
                self.position = event.seq
        if self.lacks:
            read_for(self)

    def drained(self) -> None:
        if self.lacks:
            read_for(self)

    def told(self, frame: str) -> None:
        """Something that is in no log: for a phone that is up to date, and lost on any other."""
        if self.position != NOT_RESUMED and self.outbox.is_idle:
            self.send_text(frame)

    def papers_called(self) -> None:
        """Somebody's rights were taken back: not for the next pulse to find out."""
        visits().call(self)

    # The handshake ------------------------------------------------------------------------------------

    def _bearer(self) -> str | None:
        header = self.header("authorization") or ""
        return header[len(SCHEME) :] if header.startswith(SCHEME) else None

    def _ticket(self) -> str | None:
        query = parse_qs(self.scope["query_string"].decode("latin1"))
        tickets = query.get("ticket")
        return tickets[0] if tickets else None


def _accepted(said: Said) -> MessageAccepted:
    return MessageAccepted(seq=said.seq, message=said.message, turn=said.turn, is_new=said.is_new)
