"""Deleting a file for good, with what was read in it and what repeats that."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.services.erasure import Receipt, close_receipt, open_receipt
from accounts.services.exports import discard_exports
from consciousness.announcements import FileRemoved
from consciousness.errors import FileNotFound, SessionBusy
from consciousness.models import Extract, File, Message, Session, Turn
from consciousness.runs import Runs, runs_of
from consciousness.services.answers import forget_answers
from consciousness.services.files.remnants import leave_remnants, owe_copies
from consciousness.services.files.telling import empty_file_log
from consciousness.services.learned import forget_lessons, lessons_from
from consciousness.services.log import append, lock_sessions_of
from consciousness.services.redacting import redact
from consciousness.services.reflecting import start_anew
from consciousness.services.stale import make_tasks_stale
from timetravelers.kit.clock import now


@transaction.atomic
def delete_file(*, file: UUID, actor: User) -> Receipt:
    """Delete a file, with what was read in it; returns a receipt that tells how it goes at the AI provider.

    If it was sent, no five words in a row of it are left either, as with a message that is deleted: neither in
    replies, memories, insights and logs, nor in copies of one's data that were made before. Mentors that may know of
    it begin anew without it. Locks all sessions of the person, in order, then the file. Raises FileNotFound, and
    SessionBusy while a reply, into which it may go, is on its way.
    """
    sessions = lock_sessions_of(actor.pk)
    mine = File.objects.filter(user_id=actor.pk, uid=file)
    locked = mine.select_for_update(of=("self",)).select_related("message").first()
    if locked is None:
        raise FileNotFound
    receipt = open_receipt()
    owe_copies(mine, receipt.deletion.uid)
    runs = runs_of(locked.name, *Extract.objects.filter(file=locked).values_list("text", flat=True))
    leave_remnants(mine)
    _, counts = mine.delete()
    if locked.message is not None:
        _unsend(locked, locked.message, runs, sessions)
    forget_answers(actor.pk, file)
    close_receipt(receipt, {label.lower(): number for label, number in counts.items() if number})
    return receipt


@transaction.atomic
def drop_unsent_files(limit: int = 500) -> int:
    """Delete files that no message has claimed in time; returns how many. Those somebody else holds are left."""
    due = File.objects.filter(expires_at__lte=now()).select_for_update(skip_locked=True, of=("self",))
    going = File.objects.filter(pk__in=list(due.order_by("pk").values_list("pk", flat=True)[:limit]))
    leave_remnants(going)
    return going.delete()[1].get(File._meta.label, 0)


def _unsend(file: File, message: Message, runs: Runs, sessions: Sequence[Session]) -> None:
    if Turn.objects.filter(session__in=sessions, state__in=Turn.IN_FLIGHT).exists():
        raise SessionBusy
    session = next(one for one in sessions if one.pk == message.session_id)
    make_tasks_stale(session.user_id)
    start_anew(session.user_id)
    empty_file_log([file], message)
    redact(sessions, runs, message.created_at)
    forget_lessons(session.user_id, lessons_from(Message.objects.none()), runs)
    discard_exports(session.user_id)
    append(session, FileRemoved(message=message.uid, file=file.uid))
