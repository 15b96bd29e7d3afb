"""Background work of the accounts room."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from rest_framework_simplejwt.settings import api_settings

from accounts.services.duties import due_duties, perform_duty
from accounts.services.erasure import advance_deletion, unfinished_deletions
from accounts.services.exports import build_export, due_exports, purge_exports
from accounts.services.purging import purge_unverified
from accounts.services.revocation import forget_security_events
from accounts.services.sign_ins import forget_sign_ins

KEEP_SECURITY_EVENTS = timedelta(days=365)


@shared_task(name="accounts.purge_unverified")
def purge_unverified_accounts() -> int:
    """Let go of accounts whose address was never verified; on a schedule."""
    return purge_unverified(older_than=settings.UNVERIFIED_ACCOUNT_AGE)


@shared_task(name="accounts.forget_sign_ins")
def forget_ended_sign_ins() -> int:
    """Let go of sign-ins that no token can belong to any more; on a schedule."""
    return forget_sign_ins(unseen_for=api_settings.REFRESH_TOKEN_LIFETIME)


@shared_task(name="accounts.forget_security_events")
def forget_old_security_events() -> int:
    """Let go of security events that are a year old; on a schedule."""
    return forget_security_events(older_than=KEEP_SECURITY_EVENTS)


@shared_task(name="accounts.advance_deletion")
def advance_account_deletion(deletion: str) -> None:
    """Erase what an account has left behind, as far as it can be done now."""
    advance_deletion(UUID(deletion))


@shared_task(name="accounts.perform_duty")
def perform_erasure_duty(duty: str) -> None:
    """Try to have something deleted or revoked at somebody else's; does nothing when it is not due."""
    perform_duty(UUID(duty))


@shared_task(name="accounts.sweep_deletions")
def sweep_deletions() -> int:
    """Send deletions and their duties on their way again; makes good what died with its process."""
    deletions, duties = unfinished_deletions(), due_duties()
    for deletion in deletions:
        advance_account_deletion.delay(str(deletion))
    for duty in duties:
        perform_erasure_duty.delay(str(duty))
    return len(deletions) + len(duties)


@shared_task(name="accounts.build_export", time_limit=900, soft_time_limit=840)
def build_data_export(export: str) -> None:
    """Write a person's copy of their data."""
    build_export(UUID(export))


@shared_task(name="accounts.sweep_exports")
def sweep_exports() -> int:
    """Send exports on their way again, and throw away those whose week is over."""
    due = due_exports()
    for export in due:
        build_data_export.delay(str(export))
    return len(due) + purge_exports()
