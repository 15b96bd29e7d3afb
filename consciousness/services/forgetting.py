"""Forgetting a memory for good, with all that was computed from it."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.services.exports import discard_exports
from consciousness.errors import MemoryNotFound
from consciousness.models import ContextMark, Memory, Message, SummaryLine
from consciousness.models.context import TARGETS
from consciousness.runs import Runs, runs_of
from consciousness.services.answers import forget_answers
from consciousness.services.learned import forget_lessons, lessons_from
from consciousness.services.log import lock_sessions_of
from consciousness.services.redacting import redact
from consciousness.services.reflecting import start_anew
from consciousness.services.remembering import forget
from consciousness.services.stale import make_tasks_stale


@transaction.atomic
def forget_memory(*, memory: UUID, actor: User) -> None:
    """Forget it, with its embedding and marks; no later call tells it, and no reply, insight or copy repeats it.

    What the person said stays theirs to read, search and take along until they delete that too, but it is told no
    more: the turns in which it was learned are excluded from all calls, where the person can see that and undo it, and
    their sentences leave the summary. Of other words no five in a row are left. Mentors that may have heard of it begin
    anew without it. Locks all sessions of the person, in order, then the memory. Raises MemoryNotFound.
    """
    sessions = lock_sessions_of(actor.pk)
    found = Memory.objects.select_for_update().filter(user_id=actor.pk, uid=memory).first()
    if found is None:
        raise MemoryNotFound
    runs = _own_runs(found)
    _keep_out(found)
    make_tasks_stale(actor.pk)
    start_anew(actor.pk)
    forget([found])
    redact(sessions, runs, found.created_at)
    forget_lessons(actor.pk, lessons_from(Message.objects.none()), runs)
    forget_answers(actor.pk, memory)
    discard_exports(actor.pk)


def _keep_out(memory: Memory) -> None:
    """Exclude the turns in which it was learned, each in its own session, whatever was pinned there."""
    learned = Message.objects.filter(pk__in=memory.sources.values("message"))
    ContextMark.objects.bulk_create(
        [
            ContextMark(session_id=session, turn_id=turn, mark=ContextMark.Mark.EXCLUDED)
            for session, turn in learned.values_list("session", "turn").distinct()
        ],
        update_conflicts=True,
        unique_fields=["session", *TARGETS],
        update_fields=["mark"],
    )
    SummaryLine.objects.filter(message__turn__in=learned.values("turn")).delete()


def _own_runs(memory: Memory) -> Runs:
    """The runs that the memory has and the messages behind it have not."""
    said = Message.objects.filter(pk__in=memory.sources.values("message")).values_list("text", flat=True)
    return Runs(runs_of(memory.text).known - runs_of(*said).known)
