"""The whole way out of the house, and a look into every corner of it afterwards."""

from typing import Any

from django.db import connection

from accounts.models import Deletion, ErasureDuty, User
from accounts.services.erasure import advance_deletion, request_deletion


def places_holding(word: str) -> list[str]:
    """Every table with a row that holds the word in any column, binary ones included."""
    hexed = word.encode().hex()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall()]
        return [table for table in tables if _holds(cursor, table, word, hexed)]


def _holds(cursor: Any, table: str, word: str, hexed: str) -> bool:
    row = f'"{table}".*::text'
    cursor.execute(
        f'SELECT EXISTS (SELECT FROM "{table}" WHERE {row} ILIKE %s OR {row} LIKE %s)',  # noqa: S608 - our tables
        [f"%{word}%", f"%{hexed}%"],
    )
    return bool(cursor.fetchone()[0])


def leave(user: User) -> Deletion:
    """The whole way out, but for what is owed elsewhere."""
    deletion = request_deletion(user=user).deletion
    advance_deletion(deletion.uid)
    deletion.refresh_from_db()
    return deletion


def duties() -> list[tuple[str, str, str]]:
    return list(ErasureDuty.objects.order_by("kind", "id").values_list("kind", "state", "note"))
