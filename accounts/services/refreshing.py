"""Refreshing tokens: a family goes on by one token at a time, and a stolen one ends it."""

from datetime import datetime, timedelta

import structlog
from django.contrib.sessions.models import Session
from django.db import transaction
from rest_framework_simplejwt.settings import api_settings

from accounts.events import SignInEnded
from accounts.models import SecurityEvent, SignIn, User
from accounts.services.revocation import end_all, record_security_event
from accounts.tokens import InvalidToken, RefreshClaims, TokenPair, issue, read_refresh
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=60)


def refresh_tokens(*, refresh_token: str, address: str = "") -> TokenPair:
    """The next pair of a family; raises InvalidToken if the token, the person or the sign-in does not stand.

    A token that was exchanged already gives the very same successor again for GRACE, because phones lose
    answers and race with themselves. After that only a thief, or a phone that was robbed, would show it: the
    sign-in is ended and a security event kept. Locks the person's row, then the sign-in's. May publish
    SignInEnded.
    """
    pair = _exchange(read_refresh(refresh_token), address)
    if pair is None:
        raise InvalidToken
    return pair


@transaction.atomic
def _exchange(claims: RefreshClaims, address: str) -> TokenPair | None:
    """None, not an exception, for a reused token: what was done about it has to be committed."""
    user = User.objects.select_for_update(no_key=True).filter(uid=claims.user).first()
    sign_in = SignIn.objects.live().select_for_update().filter(uid=claims.sign_in, user=user).first()
    if user is None or sign_in is None or not user.is_active or user.epoch != claims.epoch:
        raise InvalidToken
    moment = now()
    recent = [since for since in sign_in.rotations if since > moment - GRACE]
    if claims.generation == sign_in.generation:
        return _rotate(user, sign_in, [*recent, moment])
    since = _successor(sign_in.generation - claims.generation, recent)
    if since is not None:
        return issue(user, sign_in, generation=claims.generation + 1, since=since)
    _end_family(user, sign_in, address)
    return None


def _successor(age: int, recent: list[datetime]) -> datetime | None:
    """When the token after one that is `age` generations old was handed out, if that was within the grace."""
    return recent[-age] if 0 < age <= len(recent) else None


def _rotate(user: User, sign_in: SignIn, rotations: list[datetime]) -> TokenPair:
    moment = rotations[-1]
    sign_in.generation += 1
    sign_in.rotations = rotations
    sign_in.last_seen_at = moment
    sign_in.save(update_fields=["generation", "rotations", "last_seen_at"])
    # The session lives as long as the tokens: without it the account could not be managed any more.
    expiry = moment + api_settings.REFRESH_TOKEN_LIFETIME
    Session.objects.filter(session_key=sign_in.session_key).update(expire_date=expiry)
    return issue(user, sign_in, generation=sign_in.generation, since=moment)


def _end_family(user: User, sign_in: SignIn, address: str) -> None:
    end_all(SignIn.objects.filter(pk=sign_in.pk))
    record_security_event(kind=SecurityEvent.Kind.REFRESH_REUSED, user_id=user.pk, sign_in=sign_in.uid, address=address)
    log.warning("refresh_token_reused", user=str(user.uid), sign_in=str(sign_in.uid))
    publish(SignInEnded(user.pk, sign_in.uid))
