"""What happened is told to all who asked, inside the transaction or after it, and never for nothing."""

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Skill
from tests.kit.logs import LogLines
from timetravelers.kit import events
from timetravelers.kit.events import DomainEvent, publish, subscribe


@dataclass(frozen=True, slots=True)
class OtterSeen(DomainEvent):
    """For these tests only."""

    name: str


@dataclass(frozen=True, slots=True)
class BigOtterSeen(OtterSeen):
    """A kind of the above."""


class Refused(Exception):
    """A subscriber does not agree."""


@pytest.fixture(autouse=True)
def _forget_subscribers() -> Iterator[None]:
    yield
    for kind in (OtterSeen, BigOtterSeen):
        events._in_transaction.pop(kind, None)
        events._on_commit.pop(kind, None)


def see(name: str = "Olga", *, fails: bool = False) -> None:
    """What a service does: write, then say so."""
    with transaction.atomic():
        Skill.objects.create(key=name, name=name, kind=Skill.Kind.SKILL)
        publish(OtterSeen(name))
        if fails:
            raise Refused


def refuse(_event: DomainEvent) -> None:
    raise Refused


def note(event: DomainEvent) -> None:
    """Writes a row of its own."""
    Skill.objects.create(key="noted", name=str(event), kind=Skill.Kind.SKILL)


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_in_the_transaction_can_undo_it() -> None:
    heard: list[Any] = []
    subscribe(OtterSeen, heard.append)
    subscribe(OtterSeen, note, in_transaction=True)
    subscribe(OtterSeen, refuse, in_transaction=True)
    with pytest.raises(Refused):
        see()
    assert (Skill.objects.count(), heard) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_what_a_subscriber_in_the_transaction_writes_stands_with_it() -> None:
    subscribe(OtterSeen, note, in_transaction=True)
    see()
    assert set(Skill.objects.values_list("key", flat=True)) == {"Olga", "noted"}


@pytest.mark.django_db(transaction=True)
def test_others_hear_of_it_after_the_commit_and_in_order() -> None:
    heard: list[Any] = []
    subscribe(OtterSeen, lambda event: heard.append((event.name, transaction.get_connection().in_atomic_block)))
    with transaction.atomic():
        see("Olga")
        see("Oskar")
        assert heard == []
    assert heard == [("Olga", False), ("Oskar", False)]


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_of_what_was_rolled_back() -> None:
    heard: list[Any] = []
    subscribe(OtterSeen, heard.append)
    with transaction.atomic():
        with pytest.raises(Refused):
            see("Olga", fails=True)
        see("Oskar")
    assert [event.name for event in heard] == ["Oskar"]


@pytest.mark.django_db(transaction=True)
def test_one_subscriber_that_fails_stops_no_other_and_is_in_the_log(log_lines: LogLines) -> None:
    heard: list[OtterSeen] = []
    for handler in (refuse, heard.append):
        subscribe(OtterSeen, handler)
    see("Olga")
    assert [event.name for event in heard] == ["Olga"]
    (line,) = [line for line in log_lines() if line["event"] == "subscriber_failed"]
    assert (line["subscriber"], line["subject"]) == ("refuse", "OtterSeen")


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_breaks_its_own_transaction_hurts_nobody() -> None:
    heard: list[Any] = []
    see("noted")
    subscribe(OtterSeen, note)  # runs into the unique key
    subscribe(OtterSeen, lambda _event: heard.append(Skill.objects.count()))
    see("Olga")
    assert heard == [2]


@pytest.mark.parametrize("in_transaction", [True, False])
def test_subscribing_twice_is_subscribing_once(
    django_capture_on_commit_callbacks: Any, db: None, *, in_transaction: bool
) -> None:
    heard: list[Any] = []
    for _ in range(2):
        subscribe(OtterSeen, heard.append, in_transaction=in_transaction)
    with django_capture_on_commit_callbacks(execute=True):
        see()
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_is_told_to_those_who_asked_for_just_that() -> None:
    heard: list[Any] = []
    subscribe(OtterSeen, heard.append)
    publish(BigOtterSeen("Olga"))
    publish(DomainEvent())
    assert heard == []


def test_an_event_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        OtterSeen("Olga").name = "Oskar"  # type: ignore[misc]  # that it is forbidden is the point
