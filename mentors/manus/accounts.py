"""The accounts at Manus: which may be called now, and a client for each.

Rows are read again after at most SNAPSHOT_SECONDS, so that a key or a switch that staff change is known to every
process by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.db import transaction

from mentors.manus import breaker, errors, windows
from mentors.manus.breaker import Breaker, State
from mentors.manus.caching import SharedCache
from mentors.manus.client import ManusClient
from mentors.manus.keys import UnreadableKeys, mark, open_key, put_key, read_keys
from mentors.manus.metering import meter
from mentors.models import ManusAccount
from timetravelers.kit.clock import now
from timetravelers.kit.sealing import BrokenSeal
from timetravelers.kit.upserts import lock_table

log = structlog.get_logger(__name__)

SNAPSHOT_SECONDS = 5.0
STATES_SECONDS = 1.0
CONNECT_SECONDS = 5.0
# How long somebody waits for an answer that another process is fetching.
PATIENCE_SECONDS = 10.0


@dataclass(slots=True)
class _Kept:
    """What this process knows of the accounts."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    rows: Mapping[int, ManusAccount] = field(default_factory=dict)
    rows_until: float = 0.0
    states: Mapping[int, State] = field(default_factory=dict)
    states_until: float = 0.0
    clients: dict[int, tuple[object, ManusClient]] = field(default_factory=dict)
    configured: str | None = None


_kept = _Kept()
monotonic: Callable[[], float] = time.monotonic


def usable() -> list[ManusAccount]:
    """The accounts that may be called now, by name: active, not failing, not known to be refused or out of credits.

    Cheap: at most one query in SNAPSHOT_SECONDS and one trip to Valkey in STATES_SECONDS. The rows are shared:
    read them only.
    """
    moment = now()
    standing = states()
    return [
        row
        for pk, row in _rows().items()
        if row.is_active
        and standing.get(pk) is not State.OPEN
        and not row.is_refused(moment)
        and not row.is_spent(moment)
    ]


def states() -> Mapping[int, State]:
    """How the breakers of all accounts stand."""
    rows = _rows()
    with _kept.lock:
        if monotonic() >= _kept.states_until or _kept.states.keys() != rows.keys():
            found = breaker.states(str(row.uid) for row in rows.values())
            _kept.states = {pk: found[str(row.uid)] for pk, row in rows.items()}
            _kept.states_until = monotonic() + STATES_SECONDS
        return _kept.states


def client_of(account: int) -> ManusClient:
    """The client of an account, active or not; the same one until the account or the settings change.

    Each of its calls passes the account's breaker and quota and is counted. Raises NoAccount when there is no
    such account or its key cannot be opened.
    """
    row = _rows().get(account) or _rows(anew=True).get(account)
    if row is None:
        raise errors.NoAccount(endpoint="account")
    limits = windows.limits_for(row.limits)
    made_of = (row.key_version, row.key_mark, row.name, settings.MANUS_BASE_URL, settings.MANUS_READ_TIMEOUT, limits)
    with _kept.lock:
        made, client = _kept.clients.get(account, (None, None))
        if client is None or made != made_of:
            client = _client(row, limits)
            _kept.clients[account] = made_of, client
        return client


def breaker_of(row: ManusAccount) -> Breaker:
    """The breaker of an account."""
    return Breaker(key=str(row.uid), account=row.name)


def forget() -> None:
    """Read everything anew at the next call: for whoever changed an account, and for tests."""
    with _kept.lock:
        _kept.rows_until = _kept.states_until = 0.0
        _kept.rows, _kept.states, _kept.configured = {}, {}, None
        _kept.clients.clear()


def forget_rows() -> None:
    """Read the accounts anew at the next call, keeping the clients."""
    with _kept.lock:
        _kept.rows_until = _kept.states_until = 0.0


def ensure_configured() -> None:
    """Make the accounts that MANUS_API_KEY names, and give them their keys; idempotent.

    A key from the environment is taken over when it changes there, so that one which staff set in the admin since
    stays. An account that the variable names no more is switched off. An empty variable changes nothing. Locks
    the table while it works. Raises UnreadableKeys.
    """
    if not settings.MANUS_API_KEY:
        return
    keys = read_keys(settings.MANUS_API_KEY)
    marks = dict(ManusAccount.objects.exclude(environment_mark="").values_list("name", "environment_mark"))
    if marks == {name: mark(key) for name, key in keys.items()}:
        return
    with transaction.atomic():
        lock_table(ManusAccount)
        for name, key in keys.items():
            _take_over(name, key)
        gone = ManusAccount.objects.exclude(environment_mark="").exclude(name__in=keys)
        for name in gone.values_list("name", flat=True):
            log.warning("manus_account_no_longer_configured", account=name)
        gone.update(is_active=False, environment_mark="")
    forget()


def _take_over(name: str, key: str) -> None:
    account = ManusAccount.objects.filter(name=name).first() or ManusAccount(name=name)
    if account.environment_mark == mark(key):
        return
    if account.key_mark != mark(key):
        put_key(account, key)
    account.environment_mark, account.is_active = mark(key), True
    account.save()
    log.info("manus_account_configured", account=name, key=account.key_mark)


def _rows(*, anew: bool = False) -> Mapping[int, ManusAccount]:
    with _kept.lock:
        if anew or monotonic() >= _kept.rows_until:
            if _kept.configured != settings.MANUS_API_KEY:
                _configure_if_possible()
            _kept.rows = {row.pk: row for row in ManusAccount.objects.order_by("name")}
            # In a transaction that is undone the accounts just made are gone again.
            _kept.configured = settings.MANUS_API_KEY if _kept.rows else None
            _kept.rows_until = monotonic() + SNAPSHOT_SECONDS
        return _kept.rows


def _configure_if_possible() -> None:
    try:
        ensure_configured()
    except UnreadableKeys as problem:
        log.error("manus_keys_unreadable", reason=str(problem))  # noqa: TRY400 - the trace says nothing more


def _client(row: ManusAccount, limits: Mapping[str, int]) -> ManusClient:
    try:
        key = open_key(row)
    except BrokenSeal:
        log.error("manus_key_unreadable", account=row.name)  # noqa: TRY400 - the trace says nothing more
        raise errors.NoAccount(endpoint="account") from None
    return ManusClient(
        settings.MANUS_BASE_URL,
        key,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=settings.MANUS_READ_TIMEOUT,
        account=row.name,
        gate=windows.gate(row.pk, limits),
        breaker=breaker_of(row).guard,
        cache=SharedCache(str(row.uid), patience=PATIENCE_SECONDS),
        meter=meter(row.pk),
    )
