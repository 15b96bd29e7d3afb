"""What each committed fault script does, by the script's name."""

from __future__ import annotations

from collections.abc import Callable

from tests.mentors.manus.inbox import Inbox
from tests.mentors.manus.simulator.wire import Wire

Check = Callable[[Wire, Inbox], None]
CHECKS: dict[str, Check] = {}


def shows(*names: str) -> Callable[[Check], Check]:
    """The check is what these scripts do."""

    def remember(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return remember
