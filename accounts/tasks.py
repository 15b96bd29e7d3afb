"""Background work of the accounts room."""

from uuid import UUID

from celery import shared_task

from accounts.services.duties import due_duties, perform_duty
from accounts.services.erasure import advance_deletion, unfinished_deletions
from accounts.services.exports import build_export, due_exports


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
    """Send exports on their way again; makes good what died with its process."""
    due = due_exports()
    for export in due:
        build_data_export.delay(str(export))
    return len(due)
