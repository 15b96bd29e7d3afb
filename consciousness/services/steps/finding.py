"""A turn in `sent`: somebody meant to call the engine, and did not say how it went."""

from datetime import timedelta

from django.conf import settings

from consciousness.asking import conversation_of, references_of
from consciousness.chains import engine_of
from consciousness.services import outcomes
from consciousness.services.leases import Lease
from consciousness.services.steps.moving import fill_in_if_late, move_on
from consciousness.services.steps.pace import RECHECK_SECONDS, age, postpone
from consciousness.services.steps.waiting import send_again
from timetravelers.kit.clock import now


def find_out(lease: Lease) -> None:
    """Look for the words at the engine; send them again only once they have had time to show and did not.

    Where several attempts turn out to have arrived, the first is used and the others are stopped.
    """
    engine = engine_of(lease.turn)
    if engine is None:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=False)
        return
    turn, session = lease.turn, lease.turn.session
    # Sends of a former reply to the same words did arrive, and are not what is looked for.
    titles = references_of(turn, after=turn.sends_before)
    found = engine.find(titles, conversation_of(session, session.provider_account_id))
    if found:
        due_at = now() + timedelta(seconds=settings.TURN_POLL_SECONDS)
        outcomes.mark_running(lease, found[0], engine=engine.name, due_at=due_at, superfluous=found[1:])
    elif age(turn) < settings.TURN_SETTLE_SECONDS:  # what was sent may take this long to show
        fill_in_if_late(lease)
        postpone(lease, RECHECK_SECONDS)
    else:
        send_again(lease)
