"""Who may watch a session: the same answer for sockets and long polls."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import msgspec
import redis
import structlog
from channels.db import database_sync_to_async

from accounts.authentication import accounts, owner
from accounts.models import User
from accounts.tokens import Claims, InvalidToken, read_access
from consciousness.groups import person_group
from consciousness.models import Session
from consciousness.selectors.sessions import session_for
from timetravelers.kit.live.doorbell import call_for_papers
from timetravelers.kit.live.seats import Seat, take_seat
from timetravelers.kit.live.tickets import issue_ticket, redeem_ticket

log = structlog.get_logger(__name__)


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


def admit_visit(
    session: UUID, name: str, *, access_token: str | None, ticket: str | None
) -> tuple[Admission, Seat | None]:
    """The same for a socket, which takes a seat of the person's; their oldest one goes if there are too many.

    Nobody is kept out because seats cannot be counted just now: then there is none.
    """
    admission = admit(session, access_token=access_token, ticket=ticket)
    seat = Seat(admission.user.pk, name)
    try:
        if take_seat(seat):
            call_for_papers(person_group(admission.user.pk))
    except redis.RedisError:
        log.warning("seats_not_counted")
        return admission, None
    return admission, seat


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


def still_holding(claims: Collection[Claims]) -> set[Claims]:
    """Those by which their people may stay, all looked up at once, as the tables say now."""
    sign_ins = {one.sign_in for one in claims}
    found = User.objects.filter(sign_ins__uid__in=sign_ins, sign_ins__ended_at=None, is_active=True)
    holders = {sign_in: facts for sign_in, *facts in found.values_list("sign_ins__uid", "uid", "epoch")}
    moment = time.time()
    holding = {one for one in claims if one.expires_at > moment and holders.get(one.sign_in) == [one.user, one.epoch]}
    for lost in set(claims) - holding:
        # REST of this process is not to let in for another second whom the socket has just sent away.
        accounts.forget(lost.sign_in)
    return holding


admit_visit_async = database_sync_to_async(admit_visit, thread_sensitive=False)
admit_async = database_sync_to_async(admit, thread_sensitive=False)
still_valid_async = database_sync_to_async(still_valid, thread_sensitive=False)
still_holding_async = database_sync_to_async(still_holding, thread_sensitive=False)
