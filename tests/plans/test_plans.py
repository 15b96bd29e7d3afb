"""No request, sweep, claim or list of the admin reads a large table whole.

`make plans` runs this with a million rows in every table, and writes docs/plans.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests.asking.forgetting import forget_everything
from tests.asking.requests import DOORS, ask
from tests.plans.conftest import House
from tests.plans.explaining import Judge, Plan, explaining, undone
from tests.plans.lists import lists_of
from tests.plans.page import Evidence, write_page
from tests.plans.work import works_of

pytestmark = pytest.mark.timeout(1800)

RECORDING = bool(os.environ.get("RECORD_PLANS"))
HOURLY = "once an hour, behind the scenes: an index would cost every write more than this read"
NO_COLUMN = "another's table without a column for the person; once for each account that leaves"
OPEN = "twice a minute: as many entries of an index of the open ones as are open, which is what is counted"
STAFF = "staff look for this seldom, in rows that go after a while; see docs/plans.md"
# What reads much all the same, by work and fault, each with its reason.
ALLOWED = {
    "SWEEP unverified accounts: ": HOURLY,
    "SWEEP old deliveries: ": HOURLY,
    "RETAIN accounts.": HOURLY,
    "RETAIN admin.logentry: ": HOURLY,
    "RETAIN sessions.session: reads all of django_session": "on PostgreSQL 16 only; hourly, a piece at a time",
    "COUNT open sessions: walks ": OPEN,
    "LEAVE erased: reads all of django_admin_log": NO_COLUMN,
    "LEAVE erased: reads all of django_session": NO_COLUMN,
    "LEAVE erased: reads all of accounts_user": "once for each account that leaves",
    "ADMIN account.EmailAddress": "allauth's list; ours is that of the users",
    "ADMIN mentors.CreditBudget, searched by an id: reads all of mentors_creditbudget": STAFF,
    "ADMIN mentors.CreditEntry, searched by an id: ": STAFF,
    "ADMIN mentors.EgressRecord, searched by an id: reads all of mentors_egressrecord": STAFF,
    "ADMIN mentors.ProviderCall, searched by an id: reads all of mentors_providercall": STAFF,
    "ADMIN mentors.WebhookDelivery, searched by ": STAFF,
}


def plans_of(work: Callable[[], Any]) -> list[Plan]:
    forget_everything()
    with undone(), explaining() as plans:
        work()
    return plans


def evidence_of(works: dict[str, Callable[[], Any]]) -> Evidence:
    return {name: plans_of(work) for name, work in works.items()}


def faults(judge: Judge, evidence: Evidence) -> list[str]:
    found = [
        f"{name}: {fault}: {' '.join(plan.statement.text.split())[:600]}"
        for name, plans in evidence.items()
        for plan in plans
        for fault in judge.faults(plan)
    ]
    return [line for line in found if not line.startswith(tuple(ALLOWED))]


def look(house: House, part: str, works: dict[str, Callable[[], Any]]) -> None:
    evidence = evidence_of(works)
    found = faults(house.judge, evidence)
    assert not found, "\n".join(found)
    if RECORDING:
        write_page(part, evidence, house.judge)


def test_requests(house: House) -> None:
    look(house, "Requests", {door: partial(ask, door, house.person) for door in DOORS})


def test_work(house: House) -> None:
    look(house, "Workers", works_of(house.person))


def test_lists_of_the_admin(house: House) -> None:
    look(house, "Admin", lists_of(house.staff))


def test_a_whole_table_is_noticed(house: House) -> None:
    statements = [
        "SELECT * FROM consciousness_message WHERE text = 'x'",
        "SELECT * FROM consciousness_message ORDER BY client_id DESC LIMIT 5",
        "SELECT count(*) FROM consciousness_sessionevent",
        "SELECT * FROM consciousness_message WHERE client_id || '' = 'x' ORDER BY id LIMIT 5",
    ]
    for statement in statements:
        with undone(), explaining() as plans, connection.cursor() as cursor:
            cursor.execute(statement)
        assert faults(house.judge, {"": plans}), statement


def test_tables_that_grow_are_large(house: House) -> None:
    """A filling that was forgotten would make every plan look well."""
    assert len(house.judge.large) >= 30
    assert house.judge.rows["consciousness_message"] >= 1_000_000
