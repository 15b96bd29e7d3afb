"""A process of its own whose threads all want the same answer at once: `python -m tests.mentors.manus.stampede`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from mentors.manus.caching import SharedCache
from mentors.manus.client import ManusClient


def stampede(url: str, key: str, account: str, threads: int) -> list[str]:
    """What each of so many threads is told, all asking together; says when they are about to."""
    client = ManusClient(
        url, key, connect_timeout=60, read_timeout=100, cache=SharedCache(account, patience=100), account=account
    )
    together = Barrier(threads, action=lambda: print("ready", flush=True))  # noqa: T201 (its voice)

    def ask(_: int) -> str:
        together.wait(100)
        return client.list_projects().data[0].id

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(ask, range(threads)))


if __name__ == "__main__":
    told = stampede(sys.argv[1], sys.argv[2], sys.argv[3], threads=int(sys.argv[4]))
    print(",".join(told), flush=True)  # noqa: T201 (its voice)
