"""What repeats words that are to be gone: later replies, and what the logs and titles tell of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from consciousness.announcements import MessageRedacted, TurnWaiting
from consciousness.models import Message, Session, SessionEvent, SummaryLine
from consciousness.runs import Runs
from consciousness.services.log import append
from consciousness.services.passages import forget_turns
from consciousness.services.titles import take_title_away

CHUNK = 500
# Events of these kinds hold ids and numbers, or what the message holds too.
WORDLESS = (
    "message.created", "message.superseded", "message.deleted", "branch.opened", "branch.switched", "reply.chosen",
    "reply.rated", "session.rated", "turn.queued", "turn.started", "turn.completed", "turn.cancelled", "turn.failed",
)  # fmt: skip


def redact(sessions: Sequence[Session], runs: Runs, since: datetime) -> None:
    """Take runs of words out of all that was replied in a person's sessions since then, and of what tells of it.

    What was read in those replies goes with them or is read anew. Reads all those replies, which takes as long as
    there are many. The caller has locked all the person's sessions.
    """
    if not runs.known:
        return
    replies = _redact_replies(sessions, runs, since)
    forget_turns({reply.turn_id for reply in replies})
    _redact_tellings(sessions, runs, since)
    held = {session.pk: session for session in sessions}
    for reply in replies:
        append(held[reply.session_id], MessageRedacted(message=reply.uid, text=reply.text))


def _redact_replies(sessions: Sequence[Session], runs: Runs, since: datetime) -> list[Message]:
    later = Message.objects.filter(session__in=sessions, author=Message.Author.TRAVELER, created_at__gte=since)
    found = [reply for reply in later.order_by("pk").iterator(CHUNK) if runs.are_in(reply.text)]
    for reply in found:
        reply.text, reply.words = runs.taken_from(reply.text), None
        reply.save(update_fields=["text", "words"])
        empty_event(reply, reply.text)
    lines = SummaryLine.objects.filter(message__in=found)
    lines.filter(pk__in=[line.pk for line in lines if runs.are_in(line.text)]).delete()
    return found


def empty_event(message: Message, text: str = "") -> None:
    """The events that told of a message tell this in place of its words; what they say beside that stays true."""
    events = SessionEvent.objects.filter(session=message.session_id)
    for event in events.filter(seq=message.seq or 0):
        event.data = {**event.data, "message": {**event.data["message"], "text": text}}
        event.save(update_fields=["data"])
    for event in events.filter(type=TurnWaiting.kind, data__message=str(message.uid)):
        event.data = {**event.data, "question": text}
        event.save(update_fields=["data"])
    events.filter(type=MessageRedacted.kind, data__message=str(message.uid)).update(
        data={"message": str(message.uid), "text": text}
    )


def _redact_tellings(sessions: Sequence[Session], runs: Runs, since: datetime) -> None:
    """The same in what logs tell beside messages, and in titles that nobody chose."""
    events = SessionEvent.objects.filter(session__in=sessions, created_at__gte=since).exclude(type__in=WORDLESS)
    for event in events.iterator(CHUNK):
        if any(runs.are_in(text) for text in _texts(event.data)):
            event.data = _redacted(event.data, runs)
            event.save(update_fields=["data"])
    for session in sessions:
        if session.title_source != Session.TitleSource.PERSON and runs.are_in(session.title):
            take_title_away(session)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _redacted(value: Any, runs: Runs) -> Any:
    if isinstance(value, str):
        return runs.taken_from(value)
    if isinstance(value, dict):
        return {name: _redacted(one, runs) for name, one in value.items()}
    return [_redacted(one, runs) for one in value] if isinstance(value, list) else value
