"""The backend that DATABASES names as its ENGINE."""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper


class PreparedCursor(base.ServerBindingCursor):
    """Sends statement and parameters apart, so that the server parses and plans once a connection."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at before it is trusted again, and that can prepare."""

    def is_usable(self) -> bool:
        """Whether the connection of an earlier request still serves.

        The usual answer, a `SELECT 1`, is a round trip a request. A server that went away has closed the
        socket, which can be seen from here; only when there is something to be seen, or something went
        wrong before, is the server asked.
        """
        if self.errors_occurred or self.connection is None or _has_news(self.connection.pgconn.socket):
            return super().is_usable()
        return True

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements stay prepared on this connection; for hot reads with a constant text."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))


def _has_news(socket: int) -> bool:
    """Whether an idle connection's socket has something to read: its end, or a word from the server."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
