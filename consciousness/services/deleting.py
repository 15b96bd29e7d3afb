"""Deleting a session for good."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.services.erasure import Receipt, close_receipt, open_receipt
from accounts.services.exports import discard_exports
from consciousness.events import SessionDeleted
from consciousness.models import Extract, File, Message, Session
from consciousness.runs import Runs, runs_of
from consciousness.services.answers import forget_answers
from consciousness.services.calls import settle_unasked
from consciousness.services.departures import queue_task_deletions
from consciousness.services.files.remnants import leave_remnants
from consciousness.services.learned import forget_lessons, lessons_from
from consciousness.services.log import lock_session, lock_sessions_of
from consciousness.services.redacting import redact
from consciousness.services.reflecting import start_anew
from consciousness.services.stale import make_tasks_stale
from consciousness.services.turns import cancel_unfinished
from missions.services.proposals import withdraw_proposals
from timetravelers.kit.events import publish


@transaction.atomic
def delete_session(*, session: UUID, actor: User) -> Receipt:
    """Erase a session, in whatever state, with all that was said in it; returns a receipt with the number of rows.

    What the AI provider made for it is queued to be deleted there, and the receipt tells how that goes. What is under
    way is stopped, and what it may have cost is settled at its estimate. Records of what was sent out stay: they say
    when, and nothing of what. What was learned from it alone is forgotten. Of what the person said in it no five words
    in a row are left, neither in later replies of other sessions, which may have recalled it, nor in copies of one's
    data; mentors that may know of it begin anew. A reply that is on its way elsewhere comes in as it was asked for.
    Locks all sessions of the person, in order. Raises SessionNotFound.
    """
    sessions = lock_sessions_of(actor.pk)
    locked = lock_session(session, actor)
    runs = _runs_of(locked)
    lessons = lessons_from(Message.objects.filter(session=locked))
    receipt = open_receipt()
    queue_task_deletions(locked, receipt.deletion.uid)
    cancel_unfinished(locked)
    settle_unasked(locked)
    forget_answers(actor.pk, session)
    withdraw_proposals(list(locked.insights.values_list("uid", flat=True)))
    leave_remnants(File.objects.filter(user_id=actor.pk, message__session=locked))
    _, counts = Session.objects.filter(pk=locked.pk).delete()
    make_tasks_stale(actor.pk)
    start_anew(actor.pk)
    redact([one for one in sessions if one.uid != session], runs, locked.created_at)
    forget_lessons(actor.pk, lessons, runs)
    discard_exports(actor.pk)
    close_receipt(receipt, {label.lower(): number for label, number in counts.items() if number})
    publish(SessionDeleted(session, actor.pk))
    return receipt


def _runs_of(session: Session) -> Runs:
    """Of the person's words, and of what can be read in their files; a mentor's stock phrases are nobody's."""
    said = session.messages.filter(author=Message.Author.USER).values_list("text", flat=True)
    files = Extract.objects.filter(file__user=session.user_id, file__message__session=session)
    read = files.values_list("text", flat=True)
    return runs_of(*said, *read)
