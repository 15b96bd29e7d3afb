"""Who may come in at all."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from timetravelers.kit.errors import NotFound


@transaction.atomic
def set_active(*, user: UUID, active: bool) -> User:
    """Shut a person out, or let them in again; whom it may be done to is for `policies.can_bar` to say.

    Locks the person's row. Shutting out revokes every token for good: being let in again revives none.
    Raises NotFound.
    """
    person = User.objects.select_for_update().filter(uid=user).first()
    if person is None:
        raise NotFound
    if person.is_active and not active:
        person.epoch += 1
    person.is_active = active
    person.save(update_fields=["is_active", "epoch", "updated_at"])
    return person
