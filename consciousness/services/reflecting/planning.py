"""That a session will be looked back on, or not any more."""

from uuid import UUID

from django.db import transaction

from accounts.models import Consent, User
from accounts.services import require_consent
from consciousness.errors import ReflectionUnderWay, SessionNotEnded
from consciousness.events import ReflectionDue
from consciousness.models import Message, Reflection, Session
from consciousness.services.log import lock_session
from mentors.engines import Conversation
from mentors.services import scheduling
from mentors.services.erasure import queue_task_deletion, queue_title_deletion
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

State = Reflection.State
IN_HAND = (State.ASKED, State.RUNNING)


def mark_of(reflection: Reflection) -> str:
    """What every reference of a reflection begins with."""
    return f"TimeTravelers reflection {reflection.uid.hex}"


def references_of(reflection: Reflection) -> list[str]:
    """The titles under which its calls can be found again at the provider, one an attempt."""
    return [f"{mark_of(reflection)} {number}" for number in range(1, reflection.sends + 1)]


def plan_reflection(session: Session) -> None:
    """Look back at a locked session that has just ended, if the person has said anything; once a session."""
    if not session.turns.filter(withheld=False, messages__author=Message.Author.USER).exists():
        return
    reflection, is_new = Reflection.objects.get_or_create(session=session, defaults={"due_at": now()})
    if is_new:
        publish(ReflectionDue(reflection.uid))


@transaction.atomic
def reflect_again(*, session: UUID, actor: User) -> Reflection:
    """Look back once more at a session that has ended; what was found before stays as it is. Locks the session.

    Raises SessionNotFound, SessionNotEnded, ConsentRequired, and ReflectionUnderWay while the last one is not over.
    """
    locked = lock_session(session, actor)
    if locked.state != Session.State.ENDED:
        raise SessionNotEnded
    require_consent(actor, Consent.Purpose.AI_PROVIDER)
    reflection, _ = Reflection.objects.select_for_update().get_or_create(session=locked, defaults={"due_at": now()})
    if reflection.ended_at is None and reflection.attempts:
        raise ReflectionUnderWay
    reflection.state, reflection.engine, reflection.reason = State.WAITING, "", ""
    reflection.attempts, reflection.due_at, reflection.ended_at = 0, now(), None
    reflection.save()
    publish(ReflectionDue(reflection.uid))
    return reflection


def start_anew(user_id: int) -> None:
    """What is asked at this moment was told something that is to be forgotten: ask again without it.

    In the caller's transaction, which holds the person's sessions locked. Whoever holds a lease loses it.
    """
    asked = Reflection.objects.select_for_update().filter(session__user=user_id, state__in=IN_HAND).order_by("pk")
    for reflection in asked.select_related("session"):
        scheduling.cancel(reflection.uid)
        leave_task(reflection.session, reflection)
        reflection.state, reflection.due_at = State.WAITING, now()
        reflection.lease_holder = reflection.lease_until = None
        reflection.save()
        publish(ReflectionDue(reflection.uid))


def leave_task(session: Session, reflection: Reflection) -> None:
    """The task is of no use any more; the session remembers it, to be deleted some day."""
    if reflection.task:
        session.former_tasks.append(str(Conversation(reflection.account_id, reflection.task)))
        session.save(update_fields=["former_tasks", "updated_at"])
    reflection.task, reflection.account = "", None


def drop_reflection(session: Session, deletion: UUID) -> None:
    """The session goes, or its person does: nothing more is asked, and what was made at the provider is deleted."""
    reflection = Reflection.objects.select_for_update(of=("self",)).filter(session=session).first()
    if reflection is None:
        return
    scheduling.cancel(reflection.uid)
    if reflection.task:
        queue_task_deletion(deletion, str(Conversation(reflection.account_id, reflection.task)))
    elif reflection.state in IN_HAND or reflection.sends > 1:
        for title in references_of(reflection):
            queue_title_deletion(deletion, title)
    if reflection.ended_at is None:
        reflection.state, reflection.reason, reflection.ended_at = State.SKIPPED, "session_gone", now()
        reflection.lease_holder = reflection.lease_until = None
        reflection.save()
