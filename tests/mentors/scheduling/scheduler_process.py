"""A scheduler in a process of its own, by a fake clock that all processes share.

It pumps and makes calls until the end of the fake time, and prints each call's subject and a moment between its
leaving and its answer. Time passes as work is done, by a little, and faster when there is none; while the other
process has a call in hand it stands still, so that a busy machine does not make that call a slow one. Django has
to be set up before this is imported.
"""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from mentors.manus import windows
from mentors.manus.errors import Throttled
from mentors.models import ProviderCall
from mentors.services import scheduling
from timetravelers.kit.limits import valkey

LIMIT = 10
EPOCH = 1_800_000_000.0
CALL_SECONDS, IDLE_SECONDS = 0.05, 2.0


class SharedClock:
    """A number in Valkey; nobody's time goes back."""

    @property
    def _key(self) -> str:
        return f"{settings.REDIS_PREFIX}:fake-clock"

    def seconds(self) -> float:
        return EPOCH + float(valkey().get(self._key) or 0)

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        valkey().incrbyfloat(self._key, seconds)


def run(length: float) -> None:
    """Say that all is ready, wait to be told to begin, and work for so many fake seconds."""
    print("ready", flush=True)  # noqa: T201 - this is how the test hears of it
    input()
    clock = SharedClock()
    shared = windows.Windows(clock=clock.seconds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", clock.moment)
        patch.setattr(windows, "shared", lambda: shared)
        while clock.seconds() < EPOCH + length:
            if not _work(clock) and not ProviderCall.objects.filter(state="admitted").exists():
                clock.advance(IDLE_SECONDS)


def _work(clock: SharedClock) -> bool:
    admitted = scheduling.pump().admitted
    waiting = ProviderCall.objects.filter(state="admitted", started_at__isnull=True)
    for subject in list(waiting.values_list("subject", flat=True)):
        try:
            _call(subject, clock)
        except scheduling.NotAdmitted:
            continue  # the other process was faster
        except Throttled:
            print("throttled", subject, flush=True)  # noqa: T201 - as above
    return admitted > 0


def _call(subject: UUID, clock: SharedClock) -> None:
    with scheduling.sending(subject) as leave, windows.gate(leave.account, {"task.create": LIMIT})("task.create"):
        print("call", subject, clock.seconds(), flush=True)  # noqa: T201 - as above
        clock.advance(CALL_SECONDS)
    scheduling.finish(subject, credits=1)
