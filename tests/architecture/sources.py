"""The sources of the house, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = tuple(
    room
    for room in ("accounts", "mentors", "matching", "missions", "protocols", "consciousness", "analytics")
    if (PROJECT / room).is_dir()
)
FIRST_PARTY = (*ROOMS, "timetravelers", "bench", "chaos", "demo", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One module; `path` is relative to the project."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def functions(self) -> list[Function]:
        """All functions and methods, also those inside others."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def __str__(self) -> str:
        return self.path


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """Every module of these packages but migrations."""
    return tuple(_read(*packages))


def _read(*packages: str) -> Iterator[Source]:
    for package in packages:
        for path in sorted((PROJECT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield Source(path.relative_to(PROJECT).as_posix(), text, ast.parse(text))


def production() -> tuple[Source, ...]:
    """What runs in production: the rooms and the composition root."""
    return sources(*ROOMS, "timetravelers")


def everything() -> tuple[Source, ...]:
    """The same with bench, demo and tests."""
    return sources(*(package for package in FIRST_PARTY if (PROJECT / package).is_dir()))
