"""Giving and withdrawing consent."""

from django.db import transaction

from accounts.errors import ConsentRequired, ConsentVersionStale
from accounts.events import ConsentGranted, ConsentWithdrawn
from accounts.models import Consent, User
from accounts.selectors import live_consent
from accounts.services.locking import lock_person
from accounts.wording import ConsentWording, current_consents
from timetravelers.kit.clock import now
from timetravelers.kit.errors import FieldError, NotFound
from timetravelers.kit.events import publish


@transaction.atomic
def grant_consent(*, user: User, purpose: str, version: int, app_version: str = "") -> Consent:
    """Record that the person allowed a purpose in its current wording; again gives the live record.

    Locks the person's row. Consent to an older wording is closed. Raises NotFound for a purpose nobody asks
    for and ConsentVersionStale for another version than the current one. Publishes ConsentGranted.
    """
    wording = _wording(purpose)
    if version != wording.version:
        stale = FieldError("/version", "stale", f"The current version is {wording.version}.")
        raise ConsentVersionStale(errors=(stale,))
    lock_person(user.pk, no_key=False)
    live = _live(user, purpose)
    if live is not None and live.version == version:
        return live
    if live is not None:
        _close(live, app_version)
    consent = Consent.objects.create(
        user_id=user.pk, purpose=purpose, version=version, app_version=app_version, granted_at=now()
    )
    publish(ConsentGranted(user.pk, purpose, version))
    return consent


@transaction.atomic
def withdraw_consent(*, user: User, purpose: str, app_version: str = "") -> None:
    """End the person's consent to a purpose, whatever its version; nothing happens if there is none.

    Locks the person's row. Raises NotFound for a purpose nobody asks for. Publishes ConsentWithdrawn.
    """
    _wording(purpose)
    lock_person(user.pk, no_key=False)
    live = _live(user, purpose)
    if live is not None:
        _close(live, app_version)
        publish(ConsentWithdrawn(user.pk, purpose, live.version))


def require_consent(user: User, purpose: str) -> Consent:
    """The person's live consent to the current wording; raises ConsentRequired. Everything that leaves asks this."""
    consent = live_consent(user.pk, purpose)
    if consent is None:
        raise consent_required(purpose)
    return consent


def consent_required(purpose: str) -> ConsentRequired:
    """What somebody without a consent is told: which one is missing."""
    wording = current_consents()[purpose]
    return ConsentRequired(
        f"Please allow {wording.provider} first.", extra={"purpose": purpose, "version": wording.version}
    )


def _wording(purpose: str) -> ConsentWording:
    if purpose not in current_consents():
        raise NotFound("We ask for no such consent.")
    return current_consents()[purpose]


def _live(user: User, purpose: str) -> Consent | None:
    return Consent.objects.live().filter(user_id=user.pk, purpose=purpose).first()


def _close(consent: Consent, app_version: str) -> None:
    # A clock that was set back must not contradict the table.
    consent.withdrawn_at = max(now(), consent.granted_at)
    consent.withdrawn_app_version = app_version
    consent.save(update_fields=["withdrawn_at", "withdrawn_app_version"])
