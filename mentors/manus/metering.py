"""What each account does, in rows: calls, outcomes and time a day, over all processes."""

from __future__ import annotations

from datetime import UTC, timedelta

import structlog
from django.db import Error, connection, transaction

from mentors.manus.calls import Meter
from mentors.manus.errors import QuotaExceeded
from mentors.manus.figures import CallRecord
from mentors.models import ManusAccount, ManusUse
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

KEPT = timedelta(days=400)

_COUNT = """
INSERT INTO mentors_manususe AS held (account_id, day, endpoint, outcome, calls, milliseconds)
VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT ON CONSTRAINT manus_use_once
DO UPDATE SET calls = held.calls + 1, milliseconds = held.milliseconds + excluded.milliseconds
"""


def meter(account: int) -> Meter:
    """Counts an account's calls; one that cannot be counted is logged, and its call is not disturbed."""

    def count(record: CallRecord) -> None:
        try:
            with transaction.atomic():
                _count(account, record)
                if _shows_that_credits_are_gone(record):
                    ManusAccount.objects.filter(pk=account).update(credits=0, credits_at=now())
        except Error as problem:
            log.warning("manus_use_not_counted", account=record.account, reason=type(problem).__name__)

    return count


def forget_old_uses() -> int:
    """Drop the figures of days long gone; returns how many."""
    return ManusUse.objects.filter(day__lt=(now() - KEPT).date()).delete()[0]


def _count(account: int, record: CallRecord) -> None:
    milliseconds = round(record.seconds * 1000) if record.sent else 0
    day = now().astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [account, day, record.endpoint, record.outcome, milliseconds])


def _shows_that_credits_are_gone(record: CallRecord) -> bool:
    # Of files the same error speaks of storage.
    return record.outcome == QuotaExceeded.__name__ and record.endpoint.startswith("task.")
