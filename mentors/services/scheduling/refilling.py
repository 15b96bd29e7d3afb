"""What the windows forgot when Valkey lost its memory, from the rows of the calls."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from mentors.manus import windows
from mentors.models import ProviderCall
from mentors.services.scheduling.calling import ENDPOINTS
from timetravelers.kit.clock import now


def calls_to_remember() -> Iterator[tuple[int, str, str, float]]:
    """Account, endpoint, token, and the seconds since the latest moment at which each recent call can have arrived.

    A call that was admitted and not begun counts as its reservation does.
    """
    moment = now()
    flight = timedelta(seconds=10.0 + 2 * settings.MANUS_READ_TIMEOUT)
    oldest = moment - flight - timedelta(seconds=windows.WINDOW_SECONDS + windows.MARGIN_SECONDS)
    begun = Q(started_at__gte=oldest)
    reserved = Q(state=ProviderCall.State.ADMITTED, started_at__isnull=True, admitted_at__gte=oldest)
    calls = ProviderCall.objects.filter(begun | reserved, account__isnull=False).exclude(slot="")
    for call in calls.iterator():
        yield (
            call.account_id or 0,
            ENDPOINTS[ProviderCall.Kind(call.kind)],
            call.slot,
            (moment - _bound(call, flight, moment)).total_seconds(),
        )


def _bound(call: ProviderCall, flight: timedelta, moment: datetime) -> datetime:
    if call.started_at is None:
        lapse = windows.RESERVED_SECONDS - windows.WINDOW_SECONDS - windows.MARGIN_SECONDS
        return (call.admitted_at or moment) + timedelta(seconds=lapse)
    latest = call.started_at + flight
    return latest if call.ended_at is None else min(latest, call.ended_at)
