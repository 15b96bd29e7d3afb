"""How the journey is told on a terminal: steps with their times, facts, problems, and who said what."""

import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

WIDTH = 92
BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"


class Teller:
    """Prints as it goes; with colours on a terminal only. `step_name` is the step under way."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._colours = out.isatty()
        self._begun: float | None = None
        self.step_name = "getting there"
        self.steps = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Tell what is being done, and afterwards how long it took."""
        self.step_name = title
        self.steps += 1
        self._print(f"\n{self._styled(BOLD, f'{self.steps}. {title}')}")
        begun = time.monotonic()
        self._begun = self._begun or begun
        yield
        self._print(self._styled(DIM, f"   ({time.monotonic() - begun:.2f} s)"))

    def fact(self, name: str, value: object) -> None:
        """One thing worth knowing."""
        first, rest = f"   {name:<18} ", " " * 22
        self._print(textwrap.fill(str(value), WIDTH, initial_indent=first, subsequent_indent=rest))

    def quote(self, who: str, text: str) -> None:
        """What somebody said, paragraph by paragraph."""
        self._print(f"   {self._styled(BOLD, who)}")
        for paragraph in filter(None, text.split("\n")):
            self._print(textwrap.fill(paragraph, WIDTH, initial_indent="   | ", subsequent_indent="   | "))

    def problem(self, problem: dict[str, Any]) -> None:
        """A refusal as the phone got it."""
        self.fact("refused", f"{problem['status']} {problem['code']}: {problem['title']}. {problem['detail']}")

    def ending(self) -> None:
        """All steps went well."""
        seconds = time.monotonic() - (self._begun or time.monotonic())
        self._print(f"\n{self._styled(BOLD, f'All {self.steps} steps passed in {seconds:.1f} s.')}")

    def failure(self, reason: str) -> None:
        """One line that says which step failed, and why."""
        self._print(f"\nFAILED at “{self.step_name}”: {reason}")

    def say(self, line: str) -> None:
        """A line of its own."""
        self._print(line)

    def _styled(self, style: str, text: str) -> str:
        return f"{style}{text}{PLAIN}" if self._colours else text

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)
