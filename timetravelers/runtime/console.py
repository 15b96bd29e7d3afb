"""What the person at the terminal reads: lines of several processes, each with its name in front."""

import contextlib
import io
import os
from typing import TextIO

_COLOURS = (36, 33, 35, 32, 34, 96)  # cyan, yellow, magenta, green, blue, bright cyan
_WIDTH = 10


class Console:
    """Writes whole lines, in colour on a terminal; a reader that has gone away is no reason to fail."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._names: list[str] = []

    def say(self, text: str = "") -> None:
        """One line of our own."""
        self._write(f"{text}\n")

    def relay(self, name: str, text: str) -> None:
        """One line that a child wrote."""
        self._write(f"{self._label(name)} {text}\n")

    def _label(self, name: str) -> str:
        label = f"{name:<{_WIDTH}}|"
        if not self._coloured:
            return label
        if name not in self._names:
            self._names.append(name)
        colour = _COLOURS[self._names.index(name) % len(_COLOURS)]
        return f"\x1b[{colour}m{label}\x1b[0m"

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._redirect_to_nowhere()

    def _redirect_to_nowhere(self) -> None:
        """Without this the interpreter would complain about the broken pipe once more when it ends."""
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
