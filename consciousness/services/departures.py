"""When a person leaves: nothing more is sent for them, and what was sent is to be deleted where it went."""

from uuid import UUID

from consciousness.asking import references_of
from consciousness.models import File, Session
from consciousness.services.files.remnants import owe_copies
from consciousness.services.log import lock_session
from consciousness.services.reflecting import drop_reflection
from consciousness.services.turns import cancel_unfinished
from mentors.engines import Conversation
from mentors.services.erasure import queue_task_deletion, queue_title_deletion


def take_back(user_id: int, deletion: UUID) -> None:
    """Cancel what is under way in each of the person's sessions, and queue the deletion of its provider tasks
    and of the provider's copies of files.

    Runs in the caller's transaction; locks the sessions in order. A create whose answer never reached us may have
    made a task all the same: it is queued by its title, one for each attempt.
    """
    for uid in Session.objects.filter(user_id=user_id).order_by("pk").values_list("uid", flat=True):
        session = lock_session(uid)
        queue_task_deletions(session, deletion)
        cancel_unfinished(session)
    owe_copies(File.objects.filter(user_id=user_id), deletion)


def queue_task_deletions(session: Session, deletion: UUID) -> None:
    """Queue the deletion of all that a locked session had the provider make; it is not looked back on any more."""
    drop_reflection(session, deletion)
    owe_copies(File.objects.filter(user_id=session.user_id, message__session=session), deletion)
    held = str(Conversation(session.provider_account_id, session.provider_task)) if session.provider_task else ""
    for task in filter(None, [*session.former_tasks, held]):
        queue_task_deletion(deletion, task)
    for turn in session.turns.filter(sends__gt=0):
        # What the one attempt made is known by its task; of several, all but one may have been lost.
        if turn.sends > 1 or not turn.heard_in:
            for title in references_of(turn):
                queue_title_deletion(deletion, title)
