"""What sockets of this process lack is read for all of them at once, and handed to each in order and without a gap."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from consciousness.eventlog import LoggedEvent, Page, newest_of, pages_after
from consciousness.groups import session_group
from timetravelers.kit.live.hub import hub

log = structlog.get_logger(__name__)

# A ring that comes with the news themselves is answered by those; and rings come in flocks.
MOMENT = 0.002
AT_ONCE = 500


class Reader(Protocol):
    """A socket that follows a log."""

    @property
    def session_id(self) -> int:
        """Whose log."""

    @property
    def position(self) -> int:
        """What was sent last."""

    @property
    def lacks(self) -> bool:
        """Whether there is more that can be sent now."""

    def rung(self, seq: int) -> None:
        """There are events up to this number."""

    def take(self, events: Iterable[LoggedEvent]) -> None:
        """Send what comes next."""


R = TypeVar("R", bound=Reader)


class Delivery:
    """Belongs to the event loop. One reading at a time, however many sockets lack something."""

    def __init__(self) -> None:
        self._behind: dict[Reader, None] = {}
        self._task: asyncio.Task[None] | None = None

    def read_for(self, reader: Reader) -> None:
        """See that `reader` gets what it lacks; does not wait."""
        self._behind[reader] = None
        if self._task is None:
            self._task = asyncio.create_task(self._read_all())

    async def _read_all(self) -> None:
        try:
            while self._behind:
                await asyncio.sleep(MOMENT)
                await self._read(self._next())
        except Exception:
            # The pulse will find out what they lack.
            self._behind.clear()
            log.warning("log_not_read", exc_info=True)
        finally:
            self._task = None

    def _next(self) -> dict[tuple[int, int], list[Reader]]:
        wanted: dict[tuple[int, int], list[Reader]] = defaultdict(list)
        for reader in list(self._behind)[:AT_ONCE]:
            del self._behind[reader]
            if reader.lacks:
                wanted[reader.session_id, reader.position].append(reader)
        return wanted

    async def _read(self, wanted: dict[tuple[int, int], list[Reader]]) -> None:
        pages = await pages_after(list(wanted)) if wanted else []
        for readers, page in zip(wanted.values(), pages, strict=True):
            for reader in readers:
                self._give(reader, page)

    def _give(self, reader: Reader, page: Page) -> None:
        reader.take(page.events)
        if not page.is_last and reader.lacks:
            self._behind[reader] = None


_delivery = Delivery()


def read_for(reader: Reader) -> None:
    """Have this process's delivery read what `reader` lacks."""
    _delivery.read_for(reader)


def is_watched(session: UUID) -> bool:
    """Whether anybody in this process is at the session."""
    return bool(hub().watchers(session_group(session)))


def hand_over(session: UUID, events: Sequence[LoggedEvent]) -> None:
    """Give what this process has just committed to its own sockets; whoever lacks more than that reads the log."""
    for watcher in tuple(hub().watchers(session_group(session))):
        take = getattr(watcher, "take", None)
        if take is not None:
            take(events)
        else:
            watcher.rung(events[-1].seq)


async def make_good(readers: Iterable[R]) -> list[R]:
    """Ring for everybody whose log has grown without their hearing of it; returns those whose session is gone."""
    by_session: dict[int, list[R]] = defaultdict(list)
    for reader in readers:
        by_session[reader.session_id].append(reader)
    newest = await newest_of(list(by_session)) if by_session else {}
    for session, seq in newest.items():
        for reader in by_session[session]:
            reader.rung(seq)
    return [reader for session in by_session.keys() - newest.keys() for reader in by_session[session]]
