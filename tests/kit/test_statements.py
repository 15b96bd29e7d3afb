"""Several statements in one journey."""

import pytest
from django.db import DatabaseError, transaction

from timetravelers.kit.statements import ask, fetch_all, together

pytestmark = pytest.mark.django_db

NUMBERS = "SELECT number FROM unnest(%s::int[]) AS number ORDER BY number"


def test_each_answer_is_its_own_in_whatever_order_they_are_read() -> None:
    with together():
        first, second = ask(NUMBERS, [[1, 2]]), ask(NUMBERS, [[3]])
        assert second() == [(3,)]
        assert first() == [(1,), (2,)]


def test_a_statement_sees_what_those_before_it_did() -> None:
    with transaction.atomic(), together():
        made = ask("CREATE TEMPORARY TABLE said_here (word text) ON COMMIT DROP", [])
        said = ask("INSERT INTO said_here VALUES (%s) RETURNING word", ["yes"])
        found = ask("SELECT word FROM said_here", [])
        assert (said(), found()) == ([("yes",)], [("yes",)])
        assert made is not None


def test_what_is_fetched_at_once_in_between_is_right_too() -> None:
    with together():
        late = ask(NUMBERS, [[7]])
        assert fetch_all(NUMBERS, [[8]]) == [(8,)]
        assert late() == [(7,)]


def test_an_answer_may_be_read_afterwards() -> None:
    with together():
        late = ask(NUMBERS, [[5]])
    assert late() == [(5,)]


def test_what_fails_is_told_where_it_is_read_and_the_connection_goes_on() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), together():
        ask("SELECT 1 / %s::int", [0])()
    assert fetch_all(NUMBERS, [[1]]) == [(1,)]


def test_what_fails_unread_is_told_at_the_end() -> None:
    with pytest.raises(Exception, match="division by zero"), transaction.atomic(), together():
        ask("SELECT 1 / %s::int", [0])
    assert fetch_all(NUMBERS, [[1]]) == [(1,)]
