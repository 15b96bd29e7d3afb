"""When a person leaves: nothing more is sent for them, and what was sent is to be deleted where it went."""

from uuid import UUID

from consciousness.models import Session, Turn
from consciousness.services.log import lock_session
from consciousness.services.turns import cancel_unfinished, reference_of
from mentors.services.erasure import queue_task_deletion, queue_title_deletion


def take_back(user_id: int, deletion: UUID) -> None:
    """Cancel what is under way in each of the person's sessions, and queue the deletion of its provider tasks.

    Runs in the caller's transaction; locks the sessions in order. A create that is under way while we look may
    make a task whose id never reaches us: it is queued by its title.
    """
    for uid in Session.objects.filter(user_id=user_id).order_by("pk").values_list("uid", flat=True):
        session = lock_session(uid)
        _queue(session, deletion)
        cancel_unfinished(session)


def _queue(session: Session, deletion: UUID) -> None:
    for task in filter(None, [*session.former_tasks, session.provider_task]):
        queue_task_deletion(deletion, task)
    if session.provider_task:
        return
    for turn in session.turns.filter(state=Turn.State.SENT):
        queue_title_deletion(deletion, reference_of(turn))
