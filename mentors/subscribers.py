"""What the mentors room does for others: it takes back what was sent to Manus."""

import time
from math import ceil

from django.core.cache import cache

from accounts.events import AccountDeletionRequested, AccountErasing
from accounts.services import performs
from mentors.events import (
    PumpDue,
    TaskOverBudget,
    TravelerProjectDrifted,
    TravelerProjectsPressed,
    TravelerVersionPublished,
    WebhookStored,
)
from mentors.services.erasure import FILE, TASK, TITLE, delete_file_copy, delete_task, delete_task_by_title
from mentors.services.scheduling import cancel_all_of
from mentors.tasks import (
    PUMP_ON_ITS_WAY,
    handle_manus_delivery,
    pump_calls,
    stop_over_budget,
    sync_traveler_projects,
)
from timetravelers.kit.events import DomainEvent, subscribe

# However many versions are published at once (a first start publishes all), one task brings them to the provider.
GATHER_SECONDS = 2
# A wake-up that was lost on the way must not keep others from being sent for longer than this.
WAKE_UP_SECONDS = 5
WAKE_UPS_A_SECOND = 2


def connect() -> None:
    """Offer it; called when the app is ready."""
    for news in (TravelerVersionPublished, TravelerProjectDrifted, TravelerProjectsPressed):
        subscribe(news, wake_project_sync)
    subscribe(PumpDue, wake_pump)
    subscribe(TaskOverBudget, stop_at_provider)
    subscribe(AccountDeletionRequested, leave_queue, in_transaction=True)
    subscribe(AccountErasing, leave_queue, in_transaction=True)
    subscribe(WebhookStored, act_on_delivery)
    performs(TASK, delete_task)
    performs(TITLE, delete_task_by_title)
    performs(FILE, delete_file_copy)


def wake_project_sync(_event: DomainEvent) -> None:
    """Have what is missing at the provider brought there soon; the sweep stands behind it."""
    if cache.add("mentors-sync-projects", 1, timeout=GATHER_SECONDS):
        sync_traveler_projects.apply_async(countdown=GATHER_SECONDS)


def wake_pump(event: PumpDue) -> None:
    """Have the pump run: at once, unless one is on its way, or at a moment for which none is set yet."""
    if event.delay <= 0:
        if cache.add(PUMP_ON_ITS_WAY, 1, timeout=WAKE_UP_SECONDS):
            pump_calls.apply_async(queue="turns")
        return
    moment = ceil((time.time() + event.delay) * WAKE_UPS_A_SECOND)
    if cache.add(f"mentors-pump-at:{moment}", 1, timeout=ceil(event.delay) + WAKE_UP_SECONDS):
        pump_calls.apply_async(queue="turns", countdown=event.delay)


def stop_at_provider(event: TaskOverBudget) -> None:
    """A task that costs more than it may goes no further."""
    stop_over_budget.delay(event.account, event.task)


def leave_queue(event: AccountDeletionRequested | AccountErasing) -> None:
    """Nothing more is sent for somebody who leaves."""
    cancel_all_of(event.user_id)


def act_on_delivery(event: WebhookStored) -> None:
    """Have a delivery acted on behind; the sweep stands behind that."""
    handle_manus_delivery.delay(event.delivery)
