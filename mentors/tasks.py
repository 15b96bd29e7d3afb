"""Background work of the mentors room."""

import redis
import structlog
from celery import shared_task
from django.core.cache import cache

from mentors.manus.errors import ManusError
from mentors.manus.metering import forget_old_uses
from mentors.services.accounts import active_accounts, check_account, register_webhook
from mentors.services.projects import check_projects, sync_projects
from mentors.services.scheduling import pump
from mentors.services.spending import reconcile_usage, stop_task, watch_spending
from mentors.services.webhooks import forget_old_deliveries, handle_delivery, overdue_deliveries

log = structlog.get_logger(__name__)

# While this stands in the cache, a pump is on its way that has not begun: it will see what is committed by now.
PUMP_ON_ITS_WAY = "mentors-pump"


@shared_task(name="mentors.register_webhook")
def ensure_webhooks() -> int:
    """See that Manus knows where to deliver, for each account; when a worker starts, and on a schedule."""
    return len([ensure_webhook.apply_async((account,), expires=60) for account in active_accounts()])


@shared_task(
    name="mentors.register_account_webhook",
    autoretry_for=(ManusError,),
    retry_backoff=True,
    retry_backoff_max=30,
    max_retries=5,
)
def ensure_webhook(account: int) -> bool:
    """The same for one account."""
    return register_webhook(account)


@shared_task(name="mentors.check_accounts")
def check_manus_accounts() -> int:
    """See how each account is and what credits it has; on a schedule."""
    return len([check_manus_account.apply_async((account,), expires=60) for account in active_accounts()])


@shared_task(name="mentors.check_account")
def check_manus_account(account: int) -> str:
    """The same for one account."""
    return check_account(account)


@shared_task(
    name="mentors.handle_delivery",
    autoretry_for=(ManusError,),
    retry_backoff=True,
    retry_backoff_max=30,
    max_retries=5,
)
def handle_manus_delivery(delivery: int) -> bool:
    """Act on what Manus told us; a delivery that waits for the key to check it with comes again."""
    return handle_delivery(delivery)


@shared_task(name="mentors.sweep_deliveries")
def sweep_manus_deliveries() -> int:
    """Send on the deliveries whose work was lost; on a schedule."""
    return len([handle_manus_delivery.apply_async((row,), expires=30) for row in overdue_deliveries()])


@shared_task(name="mentors.forget_traffic")
def forget_manus_traffic() -> int:
    """Drop deliveries and figures of long ago; on a schedule."""
    return forget_old_deliveries() + forget_old_uses()


@shared_task(name="mentors.sync_projects")
def sync_traveler_projects() -> int:
    """Bring the instructions of Travelers to the AI provider; when a version is published, and on a schedule."""
    return sync_projects()


@shared_task(name="mentors.check_projects")
def check_traveler_projects() -> int:
    """See whether the provider still holds the instructions that we brought there; on a schedule."""
    return check_projects()


@shared_task(name="mentors.pump_calls")
def pump_calls() -> int:
    """Admit the calls whose turn it is; when somebody queues, when a slot is free again, and on a schedule."""
    try:
        cache.delete(PUMP_ON_ITS_WAY)
        return pump().admitted
    except redis.RedisError as problem:
        # Without the counters nothing may be sent; the schedule comes by again.
        log.warning("pump_without_counters", reason=type(problem).__name__)
        return 0


@shared_task(name="mentors.watch_spending")
def watch_running_tasks() -> int:
    """Stop the tasks at the provider that have used up their budget; on a schedule."""
    return watch_spending()


@shared_task(
    name="mentors.stop_over_budget",
    autoretry_for=(ManusError,),
    retry_backoff=True,
    retry_backoff_max=60,
    max_retries=6,
)
def stop_over_budget(account: int, task: str) -> None:
    """Stop one of them."""
    stop_task(account, task)


@shared_task(name="mentors.reconcile_usage")
def reconcile_credits() -> int:
    """Compare our ledger of credits with the provider's; on a schedule."""
    return reconcile_usage()
