"""Locking a person: what changes the rows of one person does so one after the other."""

from accounts.models import User
from timetravelers.kit.errors import NotFound


def lock_person(user_id: int, *, no_key: bool = True) -> User:
    """The person's row, locked until the transaction ends; raises NotFound if the account is gone.

    Rows that refer to the person can be added meanwhile; without `no_key` those wait too.
    """
    person = User.objects.select_for_update(no_key=no_key).filter(pk=user_id).first()
    if person is None:
        raise NotFound
    return person
