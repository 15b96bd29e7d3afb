"""Words from Manus: verified, stored, then acted on; and our address made known to it."""

import hashlib
import time
from urllib.parse import urlsplit

import msgspec
import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from mentors.errors import WebhookRefused, WebhookUnverifiable
from mentors.events import ManusTaskStopped
from mentors.manus.engine import client
from mentors.manus.errors import ManusError
from mentors.manus.quota import account_name
from mentors.manus.signature import SignatureMismatch, SignatureRefused, UnusableKey, verify
from mentors.models import WebhookDelivery
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

PATH = "/hooks/manus/"
KEY_SECONDS = 3600
TASK_STOPPED = "task_stopped"


class _Detail(msgspec.Struct):
    task_id: str = ""


class _Delivery(msgspec.Struct):
    event_type: str = ""
    task_detail: _Detail = msgspec.field(default_factory=_Detail)


def callback_url() -> str:
    """Where Manus is to deliver; also part of what it signs."""
    return settings.PUBLIC_BASE_URL + PATH


def receive_webhook(*, body: bytes, signature: str | None, timestamp: str | None) -> bool:
    """Store a genuine delivery once and announce what it says; True if it was new.

    The same bytes again change nothing. A delivery of a shape we do not know (the test request, say) is
    accepted and ignored. Raises WebhookRefused when the signature does not hold, and WebhookUnverifiable
    when Manus does not tell us its key.
    """
    _verify(body, signature, timestamp)
    delivery = _read(body)
    with transaction.atomic():
        _, is_new = WebhookDelivery.objects.get_or_create(
            digest=hashlib.sha256(body).digest(),
            defaults={"event_type": delivery.event_type[:60], "task_id": delivery.task_detail.task_id[:100]},
        )
        if is_new and delivery.event_type == TASK_STOPPED and delivery.task_detail.task_id:
            publish(ManusTaskStopped(delivery.task_detail.task_id))
    return is_new


def _read(body: bytes) -> _Delivery:
    try:
        return msgspec.json.decode(body, type=_Delivery)
    except msgspec.DecodeError:
        log.info("webhook_of_unknown_shape", bytes=len(body))
        return _Delivery()


def _verify(body: bytes, signature: str | None, timestamp: str | None) -> None:
    try:
        _verify_with_kept_key(body, signature, timestamp)
    except SignatureRefused as refusal:
        raise WebhookRefused from refusal
    except (ManusError, UnusableKey) as problem:
        # Not the sender's fault: it may deliver again, and polling finds the reply meanwhile.
        raise WebhookUnverifiable(retry_after=30) from problem


def _verify_with_kept_key(body: bytes, signature: str | None, timestamp: str | None) -> None:
    try:
        _verify_with(_public_key(), body, signature, timestamp)
    except SignatureMismatch:
        # The key may have been rotated since we fetched it, so ask again; but only once a minute, or a flood of
        # forged deliveries would become one of key look-ups.
        if not cache.add(f"manus-key-refetch:{account_name()}", 1, timeout=60):
            raise
        cache.delete(_key_name())
        _verify_with(_public_key(), body, signature, timestamp)


def _verify_with(key: str, body: bytes, signature: str | None, timestamp: str | None) -> None:
    verify(key, signature=signature, timestamp=timestamp, url=callback_url(), body=body, now=time.time())


def _key_name() -> str:
    return f"manus-public-key:{account_name()}"


def _public_key() -> str:
    kept: str | None = cache.get(_key_name())
    if kept is None:
        kept = client().webhook_public_key().public_key
        cache.set(_key_name(), kept, timeout=KEY_SECONDS)
    return kept


def register_webhook() -> bool:
    """Make sure that Manus knows our address; True if it had to be told. Idempotent.

    Does nothing where Manus could not reach us anyway: a loopback address, unless Manus itself is on loopback.
    """
    if not _reachable():
        return False
    if any(hook.url == callback_url() for hook in client().list_webhooks().data):
        return False
    client().create_webhook(callback_url())
    log.info("webhook_registered")
    return True


def _reachable() -> bool:
    ours, theirs = urlsplit(settings.PUBLIC_BASE_URL), urlsplit(settings.MANUS_BASE_URL)
    return not _is_loopback(ours.hostname) or _is_loopback(theirs.hostname)


def _is_loopback(host: str | None) -> bool:
    return host in {"localhost", "::1"} or (host or "").startswith("127.")
