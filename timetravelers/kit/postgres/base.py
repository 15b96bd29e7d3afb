"""The backend that DATABASES names as its ENGINE."""

from typing import Any, Self, cast

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor, OperationalError
from psycopg.pq.abc import PGconn


class PreparedCursor(Cursor[Any]):
    """Sends statement and parameters apart, so that the server parses and plans once a connection."""

    def execute(self, query: Any, params: Any = None, *, prepare: Any = True, binary: Any = True) -> Self:
        return super().execute(query, params, prepare=prepare, binary=binary)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at before it is trusted again, and that can prepare."""

    def is_usable(self) -> bool:
        """Whether the connection of an earlier request still serves.

        The usual answer, a `SELECT 1`, is a round trip a request. A server that went away has closed the
        socket, which can be seen from here; the server is asked only after something went wrong.
        """
        if self.errors_occurred or self.connection is None:
            return super().is_usable()
        return not _is_closed(self.connection.pgconn)

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements stay prepared on this connection; for hot reads with a constant text."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(cast("Any", self.connection))
            return cast("CursorWrapper", self._prepare_cursor(cursor))  # type: ignore[attr-defined]  # not in the stubs


def _is_closed(connection: PGconn) -> bool:
    """Whether the server has closed the connection, as far as the socket tells; waits for nothing."""
    try:
        connection.consume_input()  # the server's last words, if it had any
        connection.consume_input()  # the end after them
    except OperationalError:
        return True
    return False
