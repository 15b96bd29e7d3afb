"""Receipts of what leaves the house."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts.models import Consent
from mentors.models import EgressRecord
from timetravelers.kit.clock import now
from timetravelers.kit.tags import Category


def record_egress(
    *,
    consent: Consent,
    session: UUID,
    engine: str,
    recipient: str,
    account: int | None,
    endpoint: str,
    categories: Collection[Category],
    size: int,
) -> EgressRecord:
    """Write the receipt of a call that is about to be made, in the transaction that stores the intent.

    Raises RuntimeError outside of a transaction: a receipt and an intent stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A receipt is written in the transaction of the intent.")
    return EgressRecord.objects.create(
        user_id=consent.user_id,
        session_ref=session,
        engine=engine,
        recipient=recipient,
        account_id=account,
        endpoint=endpoint,
        categories=sorted(category.key for category in categories),
        consent_version=consent.version,
        size=size,
        at=now(),
    )
