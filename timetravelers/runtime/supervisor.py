"""Keeps the children running, passes on what they print, and stops them in order."""

import contextlib
import itertools
import selectors
import time
from collections.abc import Callable, Sequence

from timetravelers.runtime.console import Console
from timetravelers.runtime.processes import Backoff, Child, Command, describe

_TICK = 0.2  # seconds between two looks when nobody prints anything


class Supervisor:
    """Runs in the caller's thread, which must be the main one: when that ends, the kernel ends the children.

    `changed` is called with the living children's ids by name after each start and end.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        console: Console,
        *,
        backoff: Backoff | None = None,
        changed: Callable[[dict[str, int]], None] = lambda _pids: None,
    ) -> None:
        self._console = console
        self._children = [Child(command, backoff or Backoff(), console.relay) for command in commands]
        self._changed = changed
        self._selector = selectors.DefaultSelector()

    @property
    def pids(self) -> dict[str, int]:
        return {child.command.name: pid for child in self._children if (pid := child.pid) is not None}

    def step(self, seconds: float = _TICK) -> None:
        """One round: start what is due, pass on output for at most `seconds`, see who has died.

        Raises StartError when a child is hopeless.
        """
        for child in self._children:
            if child.start_if_due():
                self._watch(child)
                self._changed(self.pids)
        self._relay(seconds)
        for child in self._children:
            if (code := self._reap(child)) is not None:
                delay = child.plan_restart(code)
                self._console.say(f"{child.command.name} ended ({describe(code)}); starting it again in {delay:.1f} s")

    def stop(self, impatient: Callable[[], bool] = lambda: False) -> None:
        """Stop all, rank by rank; past its grace, or once `impatient()`, a child is killed. Never raises."""
        ranked = sorted(self._children, key=lambda child: child.command.stop_rank)
        for _, group in itertools.groupby(ranked, key=lambda child: child.command.stop_rank):
            self._stop_together(list(group), impatient)
        self._selector.close()

    def _stop_together(self, group: list[Child], impatient: Callable[[], bool]) -> None:
        for child in group:
            child.ask_to_stop()
        begun = time.monotonic()
        while waiting := [child for child in group if child.pid is not None]:
            self._relay(0.05)
            for child in waiting:
                overdue = time.monotonic() - begun > child.command.grace
                if self._reap(child) is None and (overdue or impatient()):
                    self._console.say(f"{child.command.name} does not stop; killing it")
                    self._unwatch(child)
                    child.kill()
                    self._changed(self.pids)

    def _relay(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            child: Child = key.data
            if not child.relay_output():
                self._unwatch(child)  # or its end would wake us again and again until it is reaped

    def _reap(self, child: Child) -> int | None:
        if not child.has_ended:
            return None
        self._unwatch(child)
        code = child.reap()
        self._changed(self.pids)
        return code

    def _watch(self, child: Child) -> None:
        if child.output is not None:
            self._selector.register(child.output, selectors.EVENT_READ, child)

    def _unwatch(self, child: Child) -> None:
        if child.output is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.output)
