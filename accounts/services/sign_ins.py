"""Signing in and out, device by device."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts.errors import SignInNotFound
from accounts.events import SignInEnded
from accounts.models import SignIn, User
from accounts.services.revocation import end_all
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Device:
    """What a request tells of the device it comes from; `network` is its address, shortened."""

    name: str = ""
    user_agent: str = ""
    network: str = ""


@transaction.atomic
def begin_sign_in(*, user: User, session_key: str, device: Device) -> SignIn:
    """Note that somebody has just signed in, with a new family of tokens; the session had no other.

    A sign-in that the same session had before is ended, so that one session never has two families.
    """
    moment = now()
    sign_in = SignIn.objects.create(
        user_id=user.pk,
        session_key=session_key,
        device=device.name[:80],
        user_agent=device.user_agent[:200],
        network=device.network,
        created_at=moment,
        last_seen_at=moment,
        authenticated_at=moment,
    )
    # Only now: a reference to the person's row is locked before any sign-in, as everywhere.
    before = SignIn.objects.live().filter(session_key=session_key).exclude(pk=sign_in.pk)
    before.update(ended_at=moment, session_key="")
    log.info("signed_in", user=str(user.uid), sign_in=str(sign_in.uid))
    return sign_in


@transaction.atomic
def end_sign_in(*, user: User, sign_in: UUID) -> None:
    """Sign the person out on one device: session, tokens and live sockets of it end.

    Locks the sign-in. Raises SignInNotFound for one that is ended or somebody else's. Publishes SignInEnded.
    """
    if not _end(user, SignIn.objects.live().filter(user_id=user.pk, uid=sign_in)):
        raise SignInNotFound


@transaction.atomic
def end_other_sign_ins(*, user: User, sign_in: UUID) -> int:
    """Sign the person out everywhere but here, and say in how many places. Publishes SignInEnded for each."""
    return _end(user, SignIn.objects.live().filter(user_id=user.pk).exclude(uid=sign_in))


@transaction.atomic
def end_session(*, user: User, session_key: str) -> int:
    """Follow a sign-out that happened to the session: its sign-in ends. Publishes SignInEnded."""
    return _end(user, SignIn.objects.live().filter(user_id=user.pk, session_key=session_key))


def note_authentication(*, user: User, session_key: str) -> None:
    """The person has proven again who they are, in this session; opens what `require_fresh` guards."""
    SignIn.objects.live().filter(user_id=user.pk, session_key=session_key).update(authenticated_at=now())


def _end(user: User, sign_ins: QuerySet[SignIn]) -> int:
    ended = end_all(sign_ins)
    for uid in ended:
        publish(SignInEnded(user.pk, uid))
    if ended:
        log.info("signed_out", user=str(user.uid), places=len(ended))
    return len(ended)
