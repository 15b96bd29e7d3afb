"""Having Manus delete what a person who left had told it."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from accounts.services import NothingToDo, NotYet, add_duties, add_duty
from mentors.engines import Conversation, Engine, EngineError, Trouble, engine_named, read_conversation
from mentors.engines.manus import MANUS
from mentors.models import ManusAccount

TASK, TITLE, FILE = "manus_task", "manus_title", "manus_file"
# A create whose answer was lost shows in the list of tasks by then, if it happened.
VISIBLE_AFTER = timedelta(minutes=2)


def queue_task_deletion(deletion: UUID, task: str) -> None:
    """Have a task (`account/task`) deleted, in the caller's transaction; asked for twice it is queued once."""
    add_duty(deletion, TASK, task)


def queue_title_deletion(deletion: UUID, title: str) -> None:
    """The same for a task that may have been created under this title, and whose id never reached us."""
    add_duty(deletion, TITLE, title, after=VISIBLE_AFTER)


def queue_file_deletions(deletion: UUID, copies: Iterable[str]) -> None:
    """The same for copies of files (`account/file`)."""
    add_duties(deletion, FILE, copies)


def delete_file_copy(copy: str) -> None:
    """Delete a copy of a file at Manus; raises NotYet, and NothingToDo if Manus does not have it any more."""
    place = read_conversation(copy)
    if place.account is None:
        raise NothingToDo("nobody knows the account")
    try:
        _manus().detach(place.account, place.task)
    except EngineError as problem:
        if problem.trouble is Trouble.LOST:
            raise NothingToDo("Manus does not have the file") from None
        raise NotYet(f"Manus: {problem.trouble.value}") from None


def delete_task(task: str) -> None:
    """Delete a task at Manus; raises NotYet, and NothingToDo if Manus does not know it."""
    conversation = read_conversation(task)
    places = [conversation.account] if conversation.account is not None else _accounts()
    found = [_delete(Conversation(place, conversation.task)) for place in places]
    if not any(found):
        raise NothingToDo("Manus does not know the task")


def delete_task_by_title(title: str) -> None:
    """Delete the task of this title in whichever account it is, if there is one; raises NotYet and NothingToDo."""
    found = [_delete(task) for account in _accounts() for task in _find(title, account)]
    if not any(found):
        raise NothingToDo("no such task came to be")


def _find(title: str, account: int) -> list[Conversation]:
    try:
        return _manus().find([title], Conversation(account))
    except EngineError as problem:
        raise NotYet(f"Manus: {problem.trouble.value}") from None


def _delete(conversation: Conversation) -> bool:
    """Whether there was something to delete; raises NotYet."""
    try:
        _manus().delete(conversation)
    except EngineError as problem:
        if problem.trouble is Trouble.LOST:
            return False
        raise NotYet(f"Manus: {problem.trouble.value}") from None
    return True


def _accounts() -> list[int]:
    """Every account there is, in use or not: what was told to one stays there."""
    return list(ManusAccount.objects.order_by("pk").values_list("pk", flat=True))


def _manus() -> Engine:
    engine = engine_named(MANUS)
    if engine is None:
        raise NotYet("Manus is not configured")
    return engine
