"""Strict reading of tab-separated text: line by line, and every complaint names file and line."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from timetravelers.kit.content import ContentError

T = TypeVar("T")
LONGEST_LINE = 100_000
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def refusal(file: str, line: int, problem: str) -> ContentError:
    """The error for a line of a file; lines count from 1, the header's."""
    return ContentError(file, f"line {line}", problem)


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the header, its cells by column; reading a cell as what it is not raises ContentError."""

    file: str
    number: int
    cells: Mapping[str, str]

    def error(self, problem: str) -> ContentError:
        return refusal(self.file, self.number, problem)

    def text(self, column: str, longest: int, *, blank: bool = False) -> str:
        text = self.cells[column].strip()
        if not text and not blank:
            raise self.error(f"{column} is empty")
        if len(text) > longest:
            raise self.error(f"{column} is longer than {longest} characters")
        return text

    def matching(self, column: str, pattern: re.Pattern[str]) -> str:
        if not pattern.fullmatch(text := self.cells[column]):
            raise self.error(f"{column} is not of the form it should have: {text[:40]!r}")
        return text

    def figure(self, column: str, low: float, high: float) -> float:
        text = self.cells[column]
        if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
            raise self.error(f"{column} is not a number from {low:g} to {high:g}: {text[:40]!r}")
        return float(text)

    def whole(self, column: str, low: int, high: int) -> int:
        figure = self.figure(column, low, high)
        if not figure.is_integer():
            raise self.error(f"{column} is not a whole number: {self.cells[column]}")
        return int(figure)

    def choice(self, column: str, choices: Mapping[str, T]) -> T:
        if (text := self.cells[column]) not in choices:
            raise self.error(f"{column} is none of {', '.join(sorted(choices))}: {text[:40]!r}")
        return choices[text]


def read_lines(folder: Path, file: str, columns: Sequence[str]) -> Iterator[Line]:
    """Stream the lines of a file that has at least these columns.

    Raises ContentError for a file that cannot be read, is not UTF-8, lacks a column, has a line with other than
    the header's number of cells, or ends in the middle of a line.
    """
    try:
        with (folder / file).open("rb") as stream:
            yield from _lines(file, stream, columns)
    except OSError as exc:
        raise refusal(file, 1, f"it cannot be read ({type(exc).__name__})") from exc


def _lines(file: str, stream: BinaryIO, columns: Sequence[str]) -> Iterator[Line]:
    header = _cells(file, 1, stream.readline(LONGEST_LINE))
    _check_header(file, header, columns)
    for number, raw in enumerate(_endless(stream.readline), start=2):
        cells = _cells(file, number, raw)
        if len(cells) != len(header):
            raise refusal(file, number, f"it has {len(cells)} cells, and the header has {len(header)}")
        yield Line(file, number, dict(zip(header, cells, strict=True)))


def _endless(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    while raw := readline(LONGEST_LINE):
        yield raw


def _check_header(file: str, header: Sequence[str], columns: Sequence[str]) -> None:
    if len(set(header)) != len(header):
        raise refusal(file, 1, "a column is named twice")
    if missing := [column for column in columns if column not in header]:
        raise refusal(file, 1, f"there is no column {missing[0]!r}")


def _cells(file: str, number: int, raw: bytes) -> list[str]:
    if not raw.endswith(b"\n"):
        raise refusal(file, number, "it ends in the middle of a line" if raw else "the file is empty")
    try:
        text = raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as exc:
        raise refusal(file, number, "it is not UTF-8") from exc
    if _UNSEEN.search(text):
        raise refusal(file, number, "it has control characters")
    return text.split("\t")
