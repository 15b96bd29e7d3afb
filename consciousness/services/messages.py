"""One person says one thing: a batch of one, which waits for its session and closes a stand-in's reply first."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.services.endings import close_provisional
from consciousness.services.log import lock_session
from consciousness.services.saying import Left, Said, Saying, store
from mentors.services.scheduling import free_slots

MAX_MESSAGE_CHARACTERS = 4_000


def say(*, session: UUID, actor: User, text: str, client_id: str, files: Sequence[UUID] = ()) -> Said:
    """Store a message once per client id and see that a turn will carry it.

    Locks the session. Messages said while a reply is on its way join one queued turn, as long as they fit into
    one call to the provider; what does not fit makes the next turn. Raises SessionNotFound,
    SessionEnded, ConsentRequired, QueueFull, and ClientIdReused when the id came with another text before. Of `files`
    each goes with one message: raises TooManyFiles, FileNotFound, FileNotReady, FileRefused and FileTaken.
    """
    saying, slots = Saying(session, actor.pk, text, client_id, tuple(files)), free_slots()
    with transaction.atomic():
        (outcome,) = store([saying], slots, wait=True).outcomes
        if outcome is Left.ALONE:
            close_provisional(lock_session(session, actor))
            (outcome,) = store([saying], slots, wait=True).outcomes
        if not isinstance(outcome, Said):
            raise outcome if isinstance(outcome, Exception) else TypeError(outcome)
    return outcome
