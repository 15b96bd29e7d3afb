"""Background work of the mentors room."""

from celery import shared_task

from mentors.manus.errors import ManusError
from mentors.services.webhooks import register_webhook


@shared_task(
    name="mentors.register_webhook",
    autoretry_for=(ManusError,),
    retry_backoff=True,
    retry_backoff_max=30,
    max_retries=5,
)
def ensure_webhook() -> bool:
    """See that Manus knows where to deliver; when a worker starts, and on a schedule."""
    return register_webhook()
