"""Who may do what in sessions."""

from accounts.models import User
from consciousness.models import Session


def is_owner(actor: User, session: Session) -> bool:
    """A session belongs to the one who opened it, and to nobody else."""
    return session.user_id == actor.pk
