"""Real threads for races, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from timetravelers.kit.errors import DomainError

T = TypeVar("T")


def at_once(count: int, work: Callable[[int], T]) -> list[T | DomainError]:
    """Run `work(number)` in that many threads, started together; what each returned, or how it was refused."""
    barrier = Barrier(count)

    def run(number: int) -> T | DomainError:
        try:
            barrier.wait(timeout=60)
            return work(number)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
