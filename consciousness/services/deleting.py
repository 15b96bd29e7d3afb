"""Deleting a session for good."""

from uuid import UUID

from django.db import transaction
from django.db.models import BinaryField, F, Func, IntegerField, Value

from accounts.models import User
from accounts.services.erasure import Receipt, close_receipt, open_receipt
from consciousness.events import SessionDeleted
from consciousness.models import Session
from consciousness.services.calls import settle_unasked
from consciousness.services.departures import queue_task_deletions
from consciousness.services.log import lock_session
from consciousness.services.turns import cancel_unfinished
from timetravelers.kit.events import publish
from timetravelers.kit.models import IdempotentAnswer


@transaction.atomic
def delete_session(*, session: UUID, actor: User) -> Receipt:
    """Erase a session, in whatever state, with all that was said in it; returns a receipt with the number of rows.

    What the AI provider made for it is queued to be deleted there, and the receipt tells how that goes. What is under
    way is stopped, and what it may have cost is settled at its estimate. Records of what was sent out stay: they say
    when, and nothing of what. Locks the session. Raises SessionNotFound.
    """
    locked = lock_session(session, actor)
    receipt = open_receipt()
    queue_task_deletions(locked, receipt.deletion.uid)
    cancel_unfinished(locked)
    settle_unasked(locked)
    _forget_answers(actor, session)
    _, counts = Session.objects.filter(pk=locked.pk).delete()
    close_receipt(receipt, {label.lower(): number for label, number in counts.items() if number})
    publish(SessionDeleted(session))
    return receipt


def _forget_answers(actor: User, session: UUID) -> None:
    """Answers kept for repeated requests may quote the session's goal."""
    place = Func(
        Value(str(session).encode(), output_field=BinaryField()),
        F("body"),
        template="position(%(expressions)s)",
        arg_joiner=" in ",
        output_field=IntegerField(),
    )
    IdempotentAnswer.objects.filter(user_id=actor.pk).annotate(place=place).filter(place__gt=0).delete()
