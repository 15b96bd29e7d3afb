"""Single-use tickets: how a client that cannot set headers opens a socket, without a token in a URL."""

import secrets

from django.conf import settings

from timetravelers.kit.limits import valkey

TICKET_SECONDS = 30


def _key(ticket: str) -> str:
    return f"{settings.REDIS_PREFIX}:ticket:{ticket}"


def issue_ticket(*, bearer: str, resource: str) -> str:
    """A ticket that lets whoever holds `bearer` open `resource`, once, within TICKET_SECONDS."""
    ticket = secrets.token_urlsafe(32)
    valkey().set(_key(ticket), f"{resource} {bearer}", ex=TICKET_SECONDS)
    return ticket


def redeem_ticket(ticket: str, *, resource: str) -> str | None:
    """The bearer of a live ticket for this very resource; the ticket is used up by asking."""
    kept = valkey().getdel(_key(ticket))
    if not isinstance(kept, bytes):
        return None
    named, _, bearer = kept.decode().partition(" ")
    return bearer if named == resource else None
