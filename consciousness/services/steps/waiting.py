"""Waiting for a reply, and sending again what surely did not arrive: neither for ever."""

from datetime import timedelta

from django.conf import settings

from consciousness.services import outcomes
from consciousness.services.leases import Lease
from consciousness.services.steps.moving import fill_in_if_late, move_on
from consciousness.services.steps.pace import LONGEST_LOOK_SECONDS, MAX_ATTEMPTS, age, backoff, postpone
from timetravelers.kit.clock import now


def keep_waiting(lease: Lease) -> None:
    """No reply yet: look again later, unless patience is at its end."""
    silent = age(lease.turn)
    if silent > settings.TURN_PATIENCE_SECONDS:
        move_on(lease, outcomes.PROVIDER_SILENT, hopeful=False, abandon_task=True)
        return
    fill_in_if_late(lease)
    # Reads are limited too: the longer a turn takes, the less often it is looked at.
    postpone(lease, min(max(settings.TURN_POLL_SECONDS, silent / 6), LONGEST_LOOK_SECONDS))


def send_again(lease: Lease) -> None:
    """The engine surely does not have the words: once more, a limited number of times."""
    if lease.turn.attempts >= MAX_ATTEMPTS:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=True)
    else:
        put_back(lease, backoff(lease.turn.attempts))


def put_back(lease: Lease, seconds: float) -> None:
    """Back in line, for a step in so many seconds; who has waited for long already hears a stand-in meanwhile."""
    outcomes.requeue(lease, due_at=now() + timedelta(seconds=seconds))
    fill_in_if_late(lease)
