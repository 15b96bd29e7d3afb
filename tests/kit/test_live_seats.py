"""Seats: as many sockets as one person may have, over all processes; the oldest goes."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from timetravelers.kit.ids import uuid7
from timetravelers.kit.limits import valkey
from timetravelers.kit.live.seats import Seat, keep_seats, leave_seats, take_seat


@pytest.fixture
def person() -> int:
    return uuid4().int % 2**40


def seated(person: int, number: int) -> list[Seat]:
    seats = [Seat(person, uuid7().hex) for _ in range(number)]
    for seat in seats:
        take_seat(seat)
    return seats


def test_the_oldest_goes_when_there_are_too_many(person: int, settings: Settings) -> None:
    settings.LIVE_SOCKETS_PER_PERSON = 3
    seats = seated(person, 3)
    assert keep_seats(seats) == set()
    newest = Seat(person, uuid7().hex)
    assert take_seat(newest) == 1
    assert keep_seats([*seats, newest]) == {seats[0]}
    assert keep_seats(seats) == {seats[0]}, "it is not let in again by asking again"


def test_whoever_leaves_makes_room(person: int, settings: Settings) -> None:
    settings.LIVE_SOCKETS_PER_PERSON = 2
    first, second = seated(person, 2)
    leave_seats([second])
    assert take_seat(Seat(person, uuid7().hex)) == 0
    assert keep_seats([first]) == set()


def test_others_are_not_counted(person: int, settings: Settings) -> None:
    settings.LIVE_SOCKETS_PER_PERSON = 1
    (mine,) = seated(person, 1)
    (theirs,) = seated(person + 1, 1)
    assert keep_seats([mine, theirs]) == set()


def test_a_valkey_that_lost_its_memory_is_told_anew(person: int, settings: Settings) -> None:
    settings.LIVE_SOCKETS_PER_PERSON = 2
    seats = seated(person, 2)
    valkey().delete(*seats[0].keys)
    assert keep_seats(seats) == set()
    assert take_seat(Seat(person, uuid7().hex)) == 1
    assert keep_seats(seats) == {seats[0]}


def test_seats_of_a_process_that_died_lapse(person: int, settings: Settings) -> None:
    settings.LIVE_SOCKETS_PER_PERSON = 1
    dead = Seat(person, uuid7().hex)
    take_seat(dead)
    valkey().zadd(dead.keys[0], {dead.name: 1})
    assert take_seat(Seat(person, uuid7().hex)) == 0


@given(limit=st.integers(1, 4), number=st.integers(1, 9))
def test_the_newest_stay(limit: int, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.LIVE_SOCKETS_PER_PERSON", limit)
        seats = seated(uuid4().int % 2**40, number)
    assert keep_seats(seats) == set(seats[:-limit] if number > limit else [])
