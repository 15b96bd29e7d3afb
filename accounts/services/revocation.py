"""Taking tokens back: all of a person's at once, or those of some sign-ins."""

import hashlib
import hmac
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.events import TokensRevoked
from accounts.models import SecurityEvent, SignIn, User
from accounts.services.locking import lock_person
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)


@transaction.atomic
def revoke_tokens(user: User, reason: str) -> int:
    """Sign the person out everywhere and return the new epoch, which is set on `user` too.

    Every token given out before is worth nothing from the commit on: REST notices within a second, open
    sockets are closed within two. Locks the person's row, then those of their sign-ins. Keeps a security
    event with the reason, a word of ours. Raises NotFound if the account is gone. Publishes TokensRevoked.
    """
    # No lock against references to the row: a refresh that records a theft must not wait for this one.
    person = lock_person(user.pk)
    user.epoch = person.epoch = person.epoch + 1
    person.save(update_fields=["epoch", "updated_at"])
    end_all(SignIn.objects.live().filter(user_id=user.pk))
    record_security_event(kind=SecurityEvent.Kind.TOKENS_REVOKED, user_id=user.pk, reason=reason)
    log.info("tokens_revoked", user=str(user.uid), reason=reason)
    publish(TokensRevoked(user.pk, user.epoch))
    return user.epoch


def end_all(sign_ins: QuerySet[SignIn]) -> list[UUID]:
    """End sign-ins with the sessions behind them, in the caller's transaction; says which. Locks them by key."""
    rows = list(sign_ins.select_for_update(of=("self",)).order_by("pk").only("uid", "session_key"))
    Session.objects.filter(session_key__in=[row.session_key for row in rows if row.session_key]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now(), session_key="")
    return [row.uid for row in rows]


def record_security_event(
    *, kind: SecurityEvent.Kind, user_id: int, reason: str = "", sign_in: UUID | None = None, address: str = ""
) -> SecurityEvent:
    """Keep what happened. The address is kept as a keyed hash: enough to compare, too little to locate."""
    return SecurityEvent.objects.create(
        kind=kind,
        user_id=user_id,
        reason=reason,
        sign_in=sign_in,
        address_hash=address_hash(address),
        happened_at=now(),
    )


def address_hash(address: str) -> str:
    """The same for the same address in this installation; empty for none."""
    if not address:
        return ""
    key = b"timetravelers address " + settings.SECRET_KEY.encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
