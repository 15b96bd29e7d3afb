"""PostgreSQL for the asynchronous side: psycopg's pool, so that a waiting phone holds no connection."""

from typing import Any

from django.db import connections
from psycopg_pool import AsyncConnectionPool

POOL_MIN = 1
POOL_MAX = 8
WAIT_SECONDS = 5.0

_pool: AsyncConnectionPool[Any] | None = None


def _connect_arguments() -> dict[str, Any]:
    """Django's own connection parameters, less what only its wrapper understands."""
    wanted = {"dbname", "user", "password", "host", "port", "options", "application_name", "sslmode", "sslrootcert"}
    parameters = connections["default"].get_connection_params()
    return {key: value for key, value in parameters.items() if key in wanted} | {"autocommit": True}


async def open_pool() -> None:
    """Start the pool of this process; called when the server starts."""
    global _pool  # noqa: PLW0603 - one pool a process, as long as the process
    _pool = AsyncConnectionPool(
        kwargs=_connect_arguments(), min_size=POOL_MIN, max_size=POOL_MAX, timeout=WAIT_SECONDS, open=False
    )
    await _pool.open()


async def close_pool() -> None:
    """Give the connections back; called when the server stops."""
    global _pool  # noqa: PLW0603 - see open_pool
    if _pool is not None:
        await _pool.close()
        _pool = None


async def fetch(query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """All rows of a read; each query stands alone (autocommit)."""
    if _pool is None:
        raise RuntimeError("The pool is open only while the server runs.")
    async with _pool.connection() as connection:
        cursor = await connection.execute(query.encode(), parameters, prepare=True)
        rows: list[tuple[Any, ...]] = await cursor.fetchall()
        return rows
