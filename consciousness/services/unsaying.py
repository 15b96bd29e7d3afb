"""Taking back for good something that was said, with all that was made of it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.services.exports import discard_exports
from consciousness.announcements import MessageDeleted
from consciousness.errors import MessageNotFound, SessionBusy, SessionNotFound, TurnWrongState
from consciousness.models import Extract, File, Message, Session, Turn
from consciousness.runs import Runs, runs_of
from consciousness.services.answers import forget_answers
from consciousness.services.endings import close_provisional
from consciousness.services.files.remnants import leave_remnants
from consciousness.services.files.telling import empty_file_log
from consciousness.services.learned import forget_lessons, lessons_from
from consciousness.services.log import append, lock_sessions_of
from consciousness.services.passages import forget_turns
from consciousness.services.redacting import empty_event, redact
from consciousness.services.reflecting import start_anew
from consciousness.services.stale import make_tasks_stale
from consciousness.services.titles import drop_title_of


@transaction.atomic
def delete_message(*, session: UUID, message: UUID, actor: User) -> None:
    """Delete a message, by whichever side, with all that was computed from it.

    No row derived from it is left, and no five words of it in a row: neither in later replies, which may have repeated
    it, nor in titles, memories, insights, logs, or copies of one's data that were made before. The log keeps its
    numbers; the event that reported the message keeps everything but its words. Other wordings of it, which were
    edited away or stand on another branch, go with it if they repeat it; what the person said again elsewhere is a
    message of its own. Mentors that may know of it begin anew without it. Locks all sessions of the person, in order.
    Raises SessionNotFound, MessageNotFound, TurnWrongState while its turn has not ended, and SessionBusy while a
    reply, into which it may go, is on its way.
    """
    sessions = lock_sessions_of(actor.pk)
    held = {one.uid: one for one in sessions}
    if session not in held:
        raise SessionNotFound
    found = held[session].messages.select_related("turn").filter(uid=message).first()
    if found is None:
        raise MessageNotFound
    _close_provisional(sessions)
    _require_quiet(actor, found)
    _delete(held[session], [found, *_other_wordings(found)], sessions)


def _close_provisional(sessions: Sequence[Session]) -> None:
    """What stand-ins have answered is final: nobody waits for a better reply to what may be gone."""
    provisional = Turn.objects.unfinished().filter(session__in=sessions, answered_at__isnull=False)
    waiting = set(provisional.values_list("session", flat=True))
    for session in sessions:
        if session.pk in waiting:
            close_provisional(session)


def _require_quiet(actor: User, message: Message) -> None:
    if Turn.objects.unfinished().filter(pk=message.turn_id).exists():
        raise TurnWrongState
    if Turn.objects.filter(session__user=actor.pk, state__in=Turn.IN_FLIGHT).exists():
        raise SessionBusy


def _other_wordings(message: Message) -> list[Message]:
    """What the person said in place of this, or this in place of what, as far as it repeats it."""
    beside = Message.objects.filter(session=message.session_id, author=Message.Author.USER)
    beside = beside.filter(turn__parent=message.turn.parent_id).exclude(turn=message.turn_id)
    if message.author != Message.Author.USER:
        return []
    runs = runs_of(message.text)
    return [one for one in beside.select_related("turn").order_by("pk") if runs.are_in(one.text)]


def _delete(session: Session, messages: Sequence[Message], sessions: Sequence[Session]) -> None:
    """All of them with all that was made of them; one message, or a few wordings of it."""
    user, since = session.user_id, min(message.created_at for message in messages)
    going = Message.objects.filter(pk__in=[message.pk for message in messages])
    runs, lessons = _runs_of(messages), lessons_from(going)
    make_tasks_stale(user)
    start_anew(user)
    for message in messages:
        _delete_files(message)
        empty_event(message)
    going.delete()
    forget_turns([message.turn_id for message in messages])
    redact(sessions, runs, since)
    drop_title_of(session, "\n".join(message.text for message in messages))
    forget_lessons(user, lessons, runs)
    for message in messages:
        forget_answers(user, message.uid)
        append(session, MessageDeleted(message=message.uid, turn=message.turn.uid))
    discard_exports(user)
    session.counted = None
    session.save(update_fields=["counted", "updated_at"])


def _delete_files(message: Message) -> None:
    empty_file_log(list(message.files.all()), message)
    leave_remnants(message.files.all())


def _runs_of(messages: Sequence[Message]) -> Runs:
    """Of their words, and of what can be read in the files that came with them."""
    files = File.objects.filter(message__in=messages)
    texts = Extract.objects.filter(file__in=files).values_list("text", flat=True)
    return runs_of(*(message.text for message in messages), *files.values_list("name", flat=True), *texts)
