"""A Valkey that does not answer, for a while."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from timetravelers.kit.limits import valkey


@contextmanager
def valkey_gone() -> Iterator[None]:
    """Within, this process's client finds nobody: its connections are cut and lead to a closed port."""
    pool = valkey().connection_pool
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(pool.connection_kwargs, "host", "127.0.0.1")
        patch.setitem(pool.connection_kwargs, "port", port)
        pool.reset()
        yield
    pool.reset()
