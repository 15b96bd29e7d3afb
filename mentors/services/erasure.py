"""Having Manus delete what a person who left had told it."""

from datetime import timedelta
from uuid import UUID

from accounts.services import NothingToDo, NotYet, add_duty
from mentors.manus import engine
from mentors.manus.errors import ManusError, NotFound

TASK, TITLE = "manus_task", "manus_title"
# A create whose answer was lost shows in the list of tasks by then, if it happened.
VISIBLE_AFTER = timedelta(minutes=2)


def queue_task_deletion(deletion: UUID, task: str) -> None:
    """Have a task deleted at Manus, in the caller's transaction; asked for twice it is queued once."""
    add_duty(deletion, TASK, task)


def queue_title_deletion(deletion: UUID, title: str) -> None:
    """The same for a task that may have been created under this title, and whose id never reached us."""
    add_duty(deletion, TITLE, title, after=VISIBLE_AFTER)


def delete_task(task: str) -> None:
    """Delete a task at Manus; raises NotYet, and NothingToDo if Manus does not know it."""
    try:
        engine.delete(task)
    except NotFound:
        raise NothingToDo("Manus does not know the task") from None
    except ManusError as problem:
        raise NotYet(f"Manus: {type(problem).__name__}") from None


def delete_task_by_title(title: str) -> None:
    """Delete the task of this title, if there is one; raises NotYet and NothingToDo."""
    try:
        task = engine.find(title)
    except ManusError as problem:
        raise NotYet(f"Manus: {type(problem).__name__}") from None
    if task is None:
        raise NothingToDo("no such task came to be")
    delete_task(task)
