"""Environment variables with types: a value of the wrong type is an error that names its variable, not a guess."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True)
class Variables:
    """Reads values by name. What is not set takes the default; the wrong type raises ImproperlyConfigured."""

    values: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.values.get(name, default)

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Parts between commas."""
        return self._read(name, default, _split, "a list with commas")

    def flag(self, name: str, *, default: bool) -> bool:
        return self._read(name, default, lambda value: FLAGS[value.strip().lower()], "true or false")

    def whole(self, name: str, default: int) -> int:
        return self._read(name, default, int, "a whole number")

    def number(self, name: str, default: float) -> float:
        return self._read(name, default, _finite, "a number")

    def _read(self, name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
        if name not in self.values:
            return default
        try:
            return parse(self.values[name])
        except (ValueError, KeyError):
            # The value may be a secret that was put in the wrong place.
            raise ImproperlyConfigured(f"{name} must be {wanted}.") from None


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _finite(value: str) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number


def read_file(path: Path) -> dict[str, str]:
    """The variables of a `.env` file, none if there is no such file; the process's own are not touched."""
    if not path.is_file():
        return {}
    # The reader writes into its class's mapping, which is the process's environment unless it has its own.
    reader: Any = type("FileReader", (environ.Env,), {"ENVIRON": {}})
    reader.read_env(path)
    return dict(reader.ENVIRON)
