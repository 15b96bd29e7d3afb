"""The first member of staff."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from timetravelers.kit.upserts import lock_table


@transaction.atomic
def ensure_first_admin(*, email: str, password: str, keep: Callable[[], None]) -> bool:
    """Make a superuser if there is none, and say whether one was made.

    Locks the table of people against writers, so that two first starts make one. `keep` is called before
    the commit: if the login cannot be kept, nobody is made.
    """
    lock_table(User)
    if User.objects.filter(is_superuser=True).exists():
        return False
    User.objects.create_superuser(email, password)
    keep()
    return True
