"""Who may watch a session: the same answer for sockets and long polls."""

import time
from dataclasses import dataclass
from uuid import UUID

import msgspec
from channels.db import database_sync_to_async

from accounts.authentication import accounts, owner
from accounts.models import User
from accounts.tokens import Claims, InvalidToken, read_access
from consciousness.models import Session
from consciousness.selectors import session_for
from timetravelers.kit.live.tickets import issue_ticket, redeem_ticket


@dataclass(frozen=True, slots=True)
class Admission:
    """A person let in to a session, and the claims by which they may stay."""

    user: User
    session: Session
    claims: Claims


def _resource(session: UUID) -> str:
    return f"session:{session}"


def ticket_for(user: User, session: UUID, access_token: str) -> str:
    """A ticket in the name of the caller's own access token; raises SessionNotFound."""
    session_for(user, session)
    bearer = msgspec.json.encode(read_access(access_token)).decode()
    return issue_ticket(bearer=bearer, resource=_resource(session))


def admit(session: UUID, *, access_token: str | None, ticket: str | None) -> Admission:
    """Let somebody in by token or ticket; raises InvalidToken or SessionNotFound."""
    claims = _claims(session, access_token, ticket)
    user = still_valid(claims)
    return Admission(user, session_for(user, session), claims)


def _claims(session: UUID, access_token: str | None, ticket: str | None) -> Claims:
    if access_token is not None:
        return read_access(access_token)
    bearer = redeem_ticket(ticket, resource=_resource(session)) if ticket else None
    if bearer is None:
        raise InvalidToken
    return msgspec.json.decode(bearer, type=Claims)


def still_valid(claims: Claims) -> User:
    """The owner of the claims; raises InvalidToken once they expired or were revoked."""
    if claims.expires_at <= time.time():
        raise InvalidToken
    return owner(claims)


def recheck(claims: Claims) -> User:
    """The same, as the tables say now and not a second ago."""
    accounts.forget(claims.sign_in)
    return still_valid(claims)


admit_async = database_sync_to_async(admit, thread_sensitive=False)
still_valid_async = database_sync_to_async(still_valid, thread_sensitive=False)
recheck_async = database_sync_to_async(recheck, thread_sensitive=False)
