"""Ctrl-C, SIGTERM and a closed terminal as one exception, raised once."""

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody asked us to stop. Not an Exception, so that nothing on the way swallows it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class Interrupts:
    """While entered, the first signal raises Interrupted in the main thread; later ones are only counted.

    Whoever cleans up is thus never interrupted, and can see in `impatient` that it should hurry.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, object] = {}

    @property
    def impatient(self) -> bool:
        return self.count > 1

    def __enter__(self) -> "Interrupts":
        for signum in _SIGNALS:
            self._before[signum] = signal.signal(signum, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)  # type: ignore[arg-type]  # what signal() itself returned

    def settle(self) -> None:
        """From now on a signal only counts: cleaning up has begun."""
        self.count = max(self.count, 1)

    def _handle(self, signum: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            raise Interrupted(signum)
