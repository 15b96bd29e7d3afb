"""The database backend: connections that are looked at, and statements that stay prepared."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import cast

import psycopg
import pytest
from django.db import DataError, OperationalError, close_old_connections, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper as Stock

from accounts.models import User
from timetravelers.kit.postgres.base import DatabaseWrapper
from timetravelers.kit.statements import ask, fetch_one, together

SUM = "SELECT %s::int + 1, now()"


def disconnect_from_afar() -> None:
    """The server ends the connection of this thread, as it does when it is restarted."""
    pid = cast("DatabaseWrapper", connection).connection.info.backend_pid
    facts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    mine = {name: connection.settings_dict[key] for name, key in facts.items()}
    with psycopg.connect(**mine, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.fixture
def own_connection(transactional_db: None) -> Iterator[None]:
    """What becomes of the connection in the test ends with it."""
    connection.ensure_connection()
    yield
    connection.close()


@pytest.mark.usefixtures("own_connection")
class TestHealth:
    def test_a_healthy_connection_is_trusted_without_asking_the_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Stock, "is_usable", lambda _self: pytest.fail("the server was asked"))
        assert connection.is_usable()

    def test_a_connection_that_the_server_ended_is_noticed(self) -> None:
        disconnect_from_afar()
        assert not connection.is_usable()

    def test_the_request_after_a_restart_of_the_server_finds_a_new_connection(self) -> None:
        fetch_one(SUM, [1])
        disconnect_from_afar()
        close_old_connections()  # as at the start of a request
        assert cast("tuple[int]", fetch_one(SUM, [1]))[0] == 2

    def test_what_is_asked_together_after_a_restart_finds_a_new_connection(self) -> None:
        fetch_one(SUM, [1])
        disconnect_from_afar()
        close_old_connections()
        with together():
            asked = ask(SUM, [1])
        assert asked()[0][0] == 2

    def test_after_an_error_the_server_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Stock, "is_usable", lambda _self: False)
        connection.errors_occurred = True
        assert not connection.is_usable()

    def test_a_connection_lost_in_the_middle_is_one_of_djangos_failures(self) -> None:
        fetch_one(SUM, [1])
        disconnect_from_afar()
        with pytest.raises(OperationalError):
            fetch_one(SUM, [1])


@pytest.mark.django_db
class TestPrepared:
    def test_a_statement_is_prepared_once_and_used_again(self) -> None:
        assert [cast("tuple[int]", fetch_one(SUM, [number]))[0] for number in (1, 2, 3)] == [2, 3, 4]
        with connection.cursor() as cursor:
            used = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"
            cursor.execute(used, ["%now()%"])
            assert cursor.fetchall() == [(3,)]

    def test_values_come_as_the_other_cursors_give_them(self, alice: User) -> None:
        usual = User.objects.values_list("uid", "email", "is_active", "created_at", "epoch").get(pk=alice.pk)
        read = "SELECT uid, email, is_active, created_at, epoch FROM accounts_user WHERE id = %s"
        assert fetch_one(read, [alice.pk]) == usual

    def test_no_row_is_none(self) -> None:
        assert fetch_one("SELECT id FROM accounts_user WHERE id = %s", [0]) is None

    def test_the_read_is_counted_among_the_queries(
        self, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
    ) -> None:
        with django_assert_num_queries(1):
            fetch_one(SUM, [1])

    def test_values_are_never_part_of_the_text(self) -> None:
        evil = "x'; DROP TABLE accounts_user; --"
        assert fetch_one("SELECT %s::text", [evil]) == (evil,)

    def test_a_failure_is_one_of_djangos(self) -> None:
        with pytest.raises(DataError), transaction.atomic():
            fetch_one("SELECT 1 / %s::int", [0])
