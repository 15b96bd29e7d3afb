"""Words from Manus: stored before they are acted on, believed only when proven."""

import re
import time
from datetime import timedelta
from uuid import UUID

import msgspec
import redis
import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from mentors.errors import WebhookRefused, WebhookUnverifiable
from mentors.events import ManusTaskCreated, ManusTaskStopped, WebhookStored
from mentors.manus import accounts
from mentors.manus.errors import ManusError
from mentors.manus.signature import (
    Proof,
    SignatureMismatch,
    SignatureMissing,
    SignatureRefused,
    UnusableKey,
    check_proof,
    read_proof,
)
from mentors.models import ManusAccount, WebhookDelivery
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

TASK_CREATED, TASK_STOPPED = "task_created", "task_stopped"
# What our creates are called; any other title may say something about a person, and is not kept.
OUR_TITLE = re.compile(r"TimeTravelers [0-9A-Za-z ._:-]{1,80}")
# Deliveries of one account that may wait for its key; more are a flood.
MOST_UNVERIFIED = 200
DOUBT_SECONDS = 60
OVERDUE = timedelta(seconds=15)
GIVEN_UP = timedelta(days=1)
KEPT = timedelta(days=30)


class _Detail(msgspec.Struct):
    task_id: str = ""
    task_title: str | None = None


class _Delivery(msgspec.Struct):
    event_type: str = ""
    task_detail: _Detail = msgspec.field(default_factory=_Detail)


def callback_url(account: UUID) -> str:
    """Where Manus is to deliver what concerns this account; also part of what it signs."""
    return f"{settings.PUBLIC_BASE_URL}/hooks/manus/{account}/"


def receive_webhook(*, account: UUID, body: bytes, signature: str | None, timestamp: str | None) -> bool:
    """Store a fresh delivery once and say so; True if it was new.

    Asks nobody: where the key of the account is not at hand, or may have been changed since, the delivery is
    stored unproven and proven behind. The same delivery again changes nothing; one of a shape we do not know is
    stored and starts nothing. While our address is being registered, the unsigned trial of it is let pass. Raises
    WebhookRefused when the signature does not hold, and WebhookUnverifiable when too many wait for the key.
    """
    row = ManusAccount.objects.filter(uid=account).first()
    if row is None:
        raise WebhookRefused
    try:
        proof = _read_proof(row, body, signature, timestamp)
        is_proven = _is_proven(row, proof)
    except SignatureMissing as refusal:
        if is_registering(row):
            return False
        raise WebhookRefused from refusal
    except SignatureRefused as refusal:
        raise WebhookRefused from refusal
    return _store(row, body, proof, is_proven=is_proven)


def handle_delivery(delivery: int) -> bool:
    """Tell what a stored delivery means, proving it first where that has yet to be done; True if it did.

    May tell twice when it is interrupted or runs twice at once: who listens looks at the task, and that can be
    done again. A delivery that turns out to be forged is deleted. Raises ManusError while the key cannot be had.
    """
    row = WebhookDelivery.objects.select_related("account").filter(pk=delivery, handled_at__isnull=True).first()
    if row is None or not _prove(row):
        return False
    _tell(row)
    return bool(WebhookDelivery.objects.filter(pk=delivery, handled_at__isnull=True).update(handled_at=now()))


def overdue_deliveries(limit: int = 200) -> list[int]:
    """Deliveries that were stored and whose work was lost: what the sweep sends on."""
    waiting = WebhookDelivery.objects.filter(handled_at__isnull=True, received_at__lt=now() - OVERDUE)
    return list(waiting.order_by("received_at").values_list("pk", flat=True)[:limit])


def forget_old_deliveries() -> int:
    """Delete deliveries of long ago, and those that could not be proven for a day; returns how many."""
    old = WebhookDelivery.objects.filter(received_at__lt=now() - KEPT)
    hopeless = WebhookDelivery.objects.filter(verified_at__isnull=True, received_at__lt=now() - GIVEN_UP)
    return old.delete()[0] + hopeless.delete()[0]


def is_registering(account: ManusAccount) -> bool:
    """Whether our address is being made known to Manus just now, which tries it first."""
    try:
        return cache.get(registering_key(account)) is not None
    except redis.RedisError:
        return False


def registering_key(account: ManusAccount) -> str:
    """Where it is noted that our address is being registered."""
    return f"manus-registering:{account.uid}"


def _read_proof(row: ManusAccount, body: bytes, signature: str | None, timestamp: str | None) -> Proof:
    url = callback_url(row.uid)
    return read_proof(signature=signature, timestamp=timestamp, url=url, body=body, now=time.time())


def _is_proven(row: ManusAccount, proof: Proof) -> bool:
    """Whether the key at hand proves it; raises SignatureMismatch when it says no and there is no other key."""
    key = _key_at_hand(row)
    try:
        if key is None:
            return False
        check_proof(key, proof)
    except UnusableKey:
        return False
    except SignatureMismatch:
        if not _is_first_doubt(row, "hook"):
            raise
        return False
    return True


def _key_at_hand(row: ManusAccount) -> str | None:
    try:
        kept = accounts.client_of(row.pk).kept_public_key()
    except ManusError:
        return None
    return kept.public_key if kept else None


def _store(row: ManusAccount, body: bytes, proof: Proof, *, is_proven: bool) -> bool:
    said = _read(body)
    title = said.task_detail.task_title or ""
    if not is_proven and _unproven(row) >= MOST_UNVERIFIED:
        raise WebhookUnverifiable(retry_after=30)
    with transaction.atomic():
        delivery, is_new = WebhookDelivery.objects.get_or_create(
            digest=proof.digest,
            defaults={
                "account": row,
                "signature": b"" if is_proven else proof.signature,
                "verified_at": now() if is_proven else None,
                "event_type": said.event_type[:60],
                "task_id": said.task_detail.task_id[:100],
                "reference": title if OUR_TITLE.fullmatch(title) else "",
            },
        )
        if is_new:
            publish(WebhookStored(delivery.pk))
    return is_new


def _unproven(row: ManusAccount) -> int:
    waiting = WebhookDelivery.objects.filter(account=row, verified_at__isnull=True, handled_at__isnull=True)
    return waiting[:MOST_UNVERIFIED].count()


def _read(body: bytes) -> _Delivery:
    try:
        return msgspec.json.decode(body, type=_Delivery)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        log.info("webhook_of_unknown_shape", bytes=len(body))
        return _Delivery()


def _prove(delivery: WebhookDelivery) -> bool:
    """Whether the delivery is genuine; a forged one is deleted. Asks Manus for its key. Raises ManusError."""
    if delivery.verified_at is not None:
        return True
    if delivery.account is None:
        return False
    try:
        _check_with_new_key(delivery.account, Proof(bytes(delivery.signature), bytes(delivery.digest)))
    except (SignatureMismatch, UnusableKey) as problem:
        log.warning("webhook_forged", account=delivery.account.name, kind=type(problem).__name__)
        if isinstance(problem, SignatureMismatch):
            delivery.delete()
        return False
    WebhookDelivery.objects.filter(pk=delivery.pk).update(verified_at=now(), signature=b"")
    return True


def _check_with_new_key(account: ManusAccount, proof: Proof) -> None:
    client = accounts.client_of(account.pk)
    try:
        check_proof(client.webhook_public_key().public_key, proof)
    except (SignatureMismatch, UnusableKey):
        if not _is_first_doubt(account, "key"):
            raise
        check_proof(client.webhook_public_key(fresh=True).public_key, proof)


def _is_first_doubt(account: ManusAccount, what: str) -> bool:
    """Whether nobody doubted the key we have within the last minute.

    It may have been changed since we fetched it; but a flood of forged deliveries must not become one of questions.
    """
    try:
        return bool(cache.add(f"manus-doubt:{what}:{account.uid}", 1, timeout=DOUBT_SECONDS))
    except redis.RedisError:
        return False


def _tell(delivery: WebhookDelivery) -> None:
    if not delivery.task_id:
        return
    if delivery.event_type == TASK_STOPPED:
        publish(ManusTaskStopped(delivery.task_id))
    elif delivery.event_type == TASK_CREATED and delivery.account_id is not None:
        publish(ManusTaskCreated(delivery.account_id, delivery.task_id, delivery.reference))
