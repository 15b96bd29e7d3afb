"""Accounts at Manus: added and changed by staff, checked and made reachable by the house."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from mentors.errors import ManusAccountNameTaken, ManusAccountNotFound, ManusKeyUnusable
from mentors.manus import accounts, errors, wire
from mentors.manus.client import ManusClient
from mentors.manus.keys import put_key
from mentors.manus.transport import is_loopback
from mentors.models import ManusAccount
from mentors.services.webhooks import callback_url, registering_key
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

REGISTERING_SECONDS = 60
HOOKS = "/hooks/manus/"


def add_account(*, name: str, key: str) -> ManusAccount:
    """Add an account, active; raises ManusAccountNameTaken and ManusKeyUnusable."""
    account = ManusAccount(name=name)
    _put_key(account, key)
    with transaction.atomic():
        if ManusAccount.objects.filter(name=name).exists():
            raise ManusAccountNameTaken
        account.save()
        transaction.on_commit(accounts.forget)
    log.info("manus_account_added", account=name, key=account.key_mark)
    return account


def rotate_key(*, account: UUID, key: str) -> ManusAccount:
    """Give an account another key; every process calls with it within seconds. Locks the row.

    What was known of the old key (health, credits, failures) is forgotten. Raises ManusAccountNotFound and
    ManusKeyUnusable.
    """
    with transaction.atomic():
        row = _locked(account)
        _put_key(row, key)
        row.save()
        transaction.on_commit(accounts.forget)
    accounts.breaker_of(row).reset()
    log.info("manus_key_rotated", account=row.name, key=row.key_mark)
    return row


def set_active(*, account: UUID, active: bool) -> ManusAccount:
    """Let an account be called, or not; what is under way there goes on. Locks the row; raises ManusAccountNotFound."""
    with transaction.atomic():
        row = _locked(account)
        row.is_active = active
        row.save(update_fields=["is_active", "updated_at"])
        transaction.on_commit(accounts.forget)
    log.info("manus_account_switched", account=row.name, active=active)
    return row


def set_limits(*, account: UUID, limits: dict[str, int]) -> ManusAccount:
    """Set how many calls a minute an account may make, by endpoint. Locks the row; raises ManusAccountNotFound."""
    with transaction.atomic():
        row = _locked(account)
        row.limits = limits
        row.save(update_fields=["limits", "updated_at"])
        transaction.on_commit(accounts.forget)
    return row


def close_breaker(*, account: UUID) -> None:
    """Let an account be called again at once after failures; raises ManusAccountNotFound."""
    row = ManusAccount.objects.filter(uid=account).first()
    if row is None:
        raise ManusAccountNotFound
    accounts.breaker_of(row).reset()
    accounts.forget()


def active_accounts() -> list[int]:
    """The accounts in use, after those of the environment have been taken over."""
    accounts.ensure_configured()
    return list(ManusAccount.objects.filter(is_active=True).values_list("pk", flat=True))


def check_account(account: int) -> str:
    """See whether Manus takes the account's key and what credits it has, by one read; returns the health found."""
    found: dict[str, Any] = {"last_error": ""}
    try:
        answer = accounts.client_of(account).available_credits(fresh=True)
        found |= {"health": ManusAccount.Health.WELL, "credits": answer.data.total_credits, "credits_at": now()}
    except errors.Throttled:
        return ""  # says nothing about the account
    except errors.ManusError as problem:
        found |= {"health": _health_after(problem), "last_error": type(problem).__name__}
    ManusAccount.objects.filter(pk=account).update(checked_at=now(), **found)
    accounts.forget_rows()
    return str(found["health"])


def register_webhook(account: int) -> bool:
    """Make sure that Manus knows where to deliver for an account; True if it had to be told. Idempotent.

    Addresses of ours that are no longer in use are removed. Does nothing where Manus could not reach us anyway: a
    loopback address, unless Manus itself is on loopback. Raises ManusError.
    """
    row = ManusAccount.objects.get(pk=account)
    if not _is_reachable():
        return False
    client, url = accounts.client_of(account), callback_url(row.uid)
    known = client.list_webhooks().data
    _remove_stale(client, known, url)
    present = next((hook for hook in known if hook.url == url), None)
    hook = present or _register(row, client, url)
    if row.webhook_id != hook.id:
        ManusAccount.objects.filter(pk=account).update(webhook_id=hook.id)
    return present is None


def _register(row: ManusAccount, client: ManusClient, url: str) -> wire.Webhook:
    cache.set(registering_key(row), 1, timeout=REGISTERING_SECONDS)
    try:
        hook = client.create_webhook(url).webhook
    finally:
        cache.delete(registering_key(row))
    log.info("webhook_registered", account=row.name)
    return hook


def _remove_stale(client: ManusClient, known: list[wire.Webhook], url: str) -> None:
    """Remove addresses of this house that belong to no account, and our own where it is known twice."""
    in_use = {callback_url(uid) for uid in ManusAccount.objects.values_list("uid", flat=True)}
    seen: set[str] = set()
    for hook in known:
        address = hook.url or ""
        twice = address == url and address in seen
        seen.add(address)
        if twice or (address.startswith(settings.PUBLIC_BASE_URL + HOOKS) and address not in in_use):
            client.delete_webhook(hook.id)
            log.info("webhook_removed")


def _is_reachable() -> bool:
    ours, theirs = urlsplit(settings.PUBLIC_BASE_URL), urlsplit(settings.MANUS_BASE_URL)
    return not is_loopback(ours.hostname or "") or is_loopback(theirs.hostname or "")


def _health_after(problem: errors.ManusError) -> ManusAccount.Health:
    if isinstance(problem, errors.Authentication):
        return ManusAccount.Health.REFUSED
    if isinstance(problem, errors.PermissionDenied | errors.NotFound):
        return ManusAccount.Health.WELL  # the key is good, it may only not see the credits
    return ManusAccount.Health.UNAVAILABLE


def _put_key(account: ManusAccount, key: str) -> None:
    try:
        put_key(account, key)
    except ValueError:
        raise ManusKeyUnusable from None


def _locked(account: UUID) -> ManusAccount:
    row = ManusAccount.objects.select_for_update().filter(uid=account).first()
    if row is None:
        raise ManusAccountNotFound
    return row
