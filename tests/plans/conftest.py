"""One large database for all tests of plans."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from accounts.models import User
from consciousness.models import Message, Session, SessionEvent, Turn
from consciousness.services.indexing import index_new_messages
from consciousness.services.passages import read_ended_turns
from mentors.models import ManusAccount
from tests.asking.person import Person, make_person
from tests.factories.accounts import make_user
from tests.factories.content import capture_content, restore_content
from tests.plans.database import own_database
from tests.plans.explaining import Judge, count_rows
from tests.plans.filling import fill
from tests.plans.remembered import remembered
from tests.plans.rows import Sizes, fillings
from timetravelers.kit.personal import stored_files

# `make plans` asks for more than the suite does.
ROWS = int(os.environ.get("PLAN_ROWS", "0"))
SIZES = Sizes(ROWS, ROWS) if ROWS else Sizes()
# How much was said in the longest of the person's sessions.
LONG_TALK = 2_000


@dataclass(frozen=True)
class House:
    """The large database, and two people in it."""

    person: Person
    staff: User
    judge: Judge


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A database of many rows, in which tests leave no trace.

    While it lasts, every query of this process goes there: so for one module, whose tests run one after another.
    """
    with django_db_blocker.unblock(), own_database():
        with transaction.atomic():
            restore_content(capture_content())
        account = ManusAccount.objects.create(name="busy", sealed_key="sealed")
        for batch in chain(fillings(SIZES, account), remembered(SIZES, account)):
            for filling in batch:
                fill(filling)
        person = make_person("asker@example.org", 9)
        _talk_long(person)
        index_new_messages()
        read_ended_turns()
        staff = make_user("chief@example.org", is_staff=True, is_superuser=True, role="admin")
        with connection.cursor() as cursor:
            # All tables at once may take longer than a request ever does.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM (ANALYZE, PARALLEL 0)")
            cursor.execute("RESET statement_timeout")
        yield House(person, staff, Judge(count_rows()))


def _talk_long(person: Person) -> None:
    """The first session goes on and on."""
    session = Session.objects.get(uid=person.things["sessions"])
    first = session.last_seq + 1
    turn = Turn.objects.filter(session=session, state="completed")[0]
    SessionEvent.objects.bulk_create(
        [SessionEvent(session=session, seq=first + n, type="turn.progress", data={}) for n in range(LONG_TALK)]
    )
    Message.objects.bulk_create(
        [
            Message(session=session, turn=turn, author="user", text="And?", client_id=f"more {n}")
            for n in range(LONG_TALK)
        ]
    )
    Session.objects.filter(pk=session.pk).update(last_seq=first + LONG_TALK - 1)


@pytest.fixture(autouse=True)
def _files_in_place(house: House) -> None:
    """What a test does to rows is undone; a file that it deletes is put back here."""
    for file in stored_files(house.person.user.pk):
        if not storages[file.storage].exists(file.name):
            storages[file.storage].save(file.name, ContentFile(b"copy"))


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    no_limit = {"per_minute": 1_000_000, "local": True}
    monkeypatch.setattr(settings, "THROTTLE_SCOPES", dict.fromkeys(settings.THROTTLE_SCOPES, no_limit))
