"""What every door asks of the database is what the committed figures say, and no more for who has more.

Each door is knocked at with success by a person with a few rows in every list, and by one with three times as many.
"cold" is the first request of a process, "warm" a later one. Savepoints are not counted, nor is what happens after
the commit. After a change that is meant: `RECORD_BASELINES=1 pytest tests/architecture/test_queries.py`, then read
the diff.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from mentors.manus import accounts as manus_accounts
from tests.architecture.routes import all_routes
from tests.asking.forgetting import forget_everything
from tests.asking.person import Person, make_person
from tests.asking.requests import DOORS, RECIPES, ask
from tests.asking.statements import Statement, listening

BASELINE = Path(__file__).parent.parent / "baselines" / "queries.json"
RECORDING = bool(os.environ.get("RECORD_BASELINES"))
FEW, MANY = 3, 9
# Routes that are not ours to count, or ask nothing, each with its reason.
LEFT_OUT = {
    "_allauth/": "allauth's; the way in, /auth/login, is looked at",
    "admin/": "the lists of the admin are looked at in tests/plans",
    "api/schema/": "asks nothing of the database",
    "api/docs/": "asks nothing of the database",
    ".well-known/jwks.json": "asks nothing of the database, and is not there while tokens share a secret",
    "dev/mail/": "asks nothing of the database, and is not there in production",
    "healthz/live": "asks nothing of the database",
}
# Doors that ask more for who has more, each with its reason.
GROWS = {
    "POST /api/v1/me/deletion/": "each session is locked and what is under way in it is taken back, by its own rules",
}
Figures = dict[str, dict[str, Any]]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    no_limit = {"per_minute": 1_000_000, "local": True}
    monkeypatch.setattr(settings, "THROTTLE_SCOPES", dict.fromkeys(settings.THROTTLE_SCOPES, no_limit))


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or on a busy machine a warm request would be a cold one."""
    monkeypatch.setattr(manus_accounts, "monotonic", lambda: 1000.0)


def doors() -> set[str]:
    """Every method of every route that has to be looked at."""
    ours = [route for route in all_routes() if route.pattern and not route.pattern.startswith(tuple(LEFT_OUT))]
    known = {f"{method} {route}" for route in ours for method in route.methods}
    # Plain functions do not say what they take.
    plain = {str(route) for route in ours if route.view is None}
    return known | {door for door in RECIPES if door.partition(" ")[2] in plain or "_allauth" in door}


def figures(person: Person) -> Figures:
    """By door, how often the database is asked, and which tables."""
    return {door: _figures_of(door, person) for door in DOORS}


def _figures_of(door: str, person: Person) -> dict[str, Any]:
    forget_everything()
    cold, warm = _asked(door, person), _asked(door, person)
    return {"cold": len(cold), "warm": len(warm), "tables": dict(sorted(_tables(warm).items()))}


def _asked(door: str, person: Person) -> list[Statement]:
    with transaction.atomic(), listening() as heard:
        ask(door, person)
        transaction.set_rollback(True)
    return heard


def _tables(heard: list[Statement]) -> Counter[str]:
    return Counter(table for statement in heard for table in statement.tables)


def differences(before: Figures, after: Figures) -> list[str]:
    """What has changed, a line a door."""
    doors_of_both = sorted(before.keys() | after.keys())
    return [
        f"{door}: {_line(before.get(door))} -> {_line(after.get(door))}"
        for door in doors_of_both
        if before.get(door) != after.get(door)
    ]


def _line(row: dict[str, Any] | None) -> str:
    return json.dumps(row) if row else "not there"


def record(found: Figures) -> None:
    lines = ",\n".join(f"  {json.dumps(door)}: {json.dumps(found[door])}" for door in sorted(found))
    BASELINE.write_text("{\n" + lines + "\n}\n")


def test_every_door_is_looked_at() -> None:
    assert doors() == set(RECIPES)


@pytest.mark.usefixtures("content")
def test_doors_ask_what_the_baseline_says_however_much_a_person_has() -> None:
    few = figures(make_person("few@example.org", FEW))
    many = figures(make_person("many@example.org", MANY))
    growing = [line for line in differences(few, many) if not line.startswith(tuple(GROWS))]
    assert not growing, "asks more for who has more:\n" + "\n".join(growing)
    if RECORDING:
        record(few)
    changed = differences(json.loads(BASELINE.read_text()), few)
    assert not changed, "other than committed:\n" + "\n".join(changed)
