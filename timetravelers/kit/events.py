"""Domain events: how a room says what happened without knowing who listens.

A service publishes inside its transaction. Subscribers either take part in that transaction
(`in_transaction`, for rows that must agree with it) or hear of it once it is committed (`on_commit`, for
doorbells and tasks). An on-commit subscriber may be lost with its process, so whatever it starts must
also be found by a sweep over rows.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Base of all events: frozen, named in the past tense, holding ids and facts, never rows."""


E = TypeVar("E", bound=DomainEvent)
Handler = Callable[[Any], None]

_in_transaction: dict[type[DomainEvent], list[Handler]] = defaultdict(list)
_on_commit: dict[type[DomainEvent], list[Handler]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None], *, in_transaction: bool = False) -> None:
    """Call `handler` for each `event`; subscribing the same handler again changes nothing."""
    handlers = (_in_transaction if in_transaction else _on_commit)[event]
    if handler not in handlers:
        handlers.append(handler)


def publish(event: DomainEvent) -> None:
    """Tell the subscribers.

    Handlers in the transaction run now and may raise, which undoes the transaction. The others run after
    the commit, each on its own: one that fails is logged and stops no other.
    """
    for handler in _in_transaction[type(event)]:
        handler(event)
    for handler in _on_commit[type(event)]:
        transaction.on_commit(partial(_call, handler, event))


def _call(handler: Handler, event: DomainEvent) -> None:
    try:
        handler(event)
    except Exception:
        log.exception("subscriber_failed", subscriber=handler.__qualname__, subject=type(event).__name__)
