"""What a sample of a table is, and what samples of several rooms share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db import models

from mentors.models import ManusAccount
from tests.factories.mentors import make_account
from timetravelers.kit.ids import uuid7

Table: TypeAlias = type[models.Model]
DAY = date(2026, 5, 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """How to make a row; `change` are columns that may be set so, empty where a row is never changed."""

    make: Callable[[], models.Model]
    change: dict[str, Any] = field(default_factory=dict)


def some_account() -> ManusAccount:
    """An account at the provider, each time another."""
    return make_account(f"account-{uuid7().hex[-12:]}")
