"""Listening to what is asked of the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

_TABLE = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z]+_[a-z0-9_]+)"?', re.IGNORECASE)
_SAVEPOINT = re.compile(r"\s*(?:RELEASE |ROLLBACK TO )?SAVEPOINT\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was sent to the server."""

    text: str
    parameters: Any

    @property
    def is_savepoint(self) -> bool:
        return _SAVEPOINT.match(self.text) is not None

    @property
    def verb(self) -> str:
        return self.text.split(None, 1)[0].upper()

    @property
    def tables(self) -> list[str]:
        """The tables it names, each once; names of subqueries are among them."""
        return sorted(set(_TABLE.findall(self.text)))


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """The statements of this thread's connection while it lasts, savepoints left out."""
    heard: list[Statement] = []

    def hear(execute: Any, text: Any, parameters: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        statement = Statement(str(text), parameters)
        if not statement.is_savepoint:
            heard.append(statement)
        return execute(text, parameters, many, context)

    with connection.execute_wrapper(hear):
        yield heard
