"""What workers ask: sweeps, claims, retention, erasure, each by the function that beat or a task calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model

from accounts.services.duties import due_duties
from accounts.services.erasure import advance_deletion, request_deletion, unfinished_deletions
from accounts.services.exports import build_export, due_exports, purge_exports, request_export
from accounts.services.purging import purge_unverified
from consciousness.models import Session, Turn
from consciousness.selectors.sessions import open_sessions_by_traveler
from consciousness.services import reflecting
from consciousness.services.calls import unsettled
from consciousness.services.embedding import embed_passages
from consciousness.services.ends import end_idle
from consciousness.services.files.checks import due_files
from consciousness.services.files.remnants import clear_remnants
from consciousness.services.indexing import index_new_messages
from consciousness.services.passages import read_ended_turns
from consciousness.services.reminders import take_reminders
from consciousness.services.schedules import open_due
from consciousness.services.steps import due_turns
from consciousness.services.summing import advance_summary
from matching.selectors.comparisons import world_now
from matching.selectors.staleness import number_stale
from matching.services.sweeping import claim_stale
from mentors.manus.metering import forget_old_uses
from mentors.models import ManusAccount, TravelerProject
from mentors.services import scheduling, spending
from mentors.services.scheduling.refilling import calls_to_remember
from mentors.services.webhooks import forget_old_deliveries, overdue_deliveries
from tests.asking.person import Person
from tests.consciousness.recall.toys import ToyEmbedder
from timetravelers.kit.clock import now
from timetravelers.kit.expiry import jobs

Work = Callable[[], Any]


def works_of(person: Person) -> dict[str, Work]:
    """By name, for a person whose rows are among all the others."""
    return {
        "SWEEP turns": due_turns,
        "SWEEP unsettled calls": unsettled,
        "SWEEP scheduled sessions": open_due,
        "SWEEP idle sessions": end_idle,
        "SWEEP words": index_new_messages,
        "SWEEP passages": read_ended_turns,
        "SWEEP passages without a point": partial(embed_passages, embedder=ToyEmbedder(), seconds=0),
        "SWEEP reflections": reflecting.due_reflections,
        "SWEEP files": due_files,
        "SWEEP remnants": clear_remnants,
        "SUM UP a session": partial(advance_summary, person.things["tree"]),
        "WAKE a reflection": partial(reflecting.wake_task, "looked back 77"),
        "CLAIM reminders": take_reminders,
        "SWEEP deletions": unfinished_deletions,
        "SWEEP duties": due_duties,
        "SWEEP exports": due_exports,
        "SWEEP old exports": purge_exports,
        "SWEEP unverified accounts": partial(purge_unverified, older_than=timedelta(days=30)),
        "SWEEP deliveries": overdue_deliveries,
        "SWEEP old deliveries": forget_old_deliveries,
        "SWEEP old figures": forget_old_uses,
        "SWEEP projects due": partial(list, TravelerProject.objects.filter(due_at__lte=now(), state="pending")),
        "CLAIM pump": scheduling.pump,
        "CLAIM standing in line": partial(scheduling.standing, person.things["waiting"]),
        "CLAIM windows refilled": lambda: list(calls_to_remember()),
        "CLAIM stale matches": partial(claim_stale, 200),
        "COUNT stale matches": lambda: number_stale(world_now()),
        "COUNT open sessions": open_sessions_by_traveler,
        "WATCH running calls": spending.running_calls,
        "WATCH usage compared": _compare,
        "LEAVE export built": partial(_export, person),
        "LEAVE erased": partial(_erase, person),
        **{f"RETAIN {name}": job.do_piece for name, job in jobs().items()},
    }


def _compare() -> Any:
    account = ManusAccount.objects.get(name="busy")
    booked = spending.Booked({f"task{number}": 5 for number in range(100)}, datetime.min.replace(tzinfo=UTC))
    for task, total in spending._comparable(account, booked).items():
        spending._reconcile(account, task, total)


def _export(person: Person) -> None:
    build_export(request_export(user=person.user).uid)


def _erase(person: Person) -> None:
    Turn.objects.filter(session__user=person.user, state="queued").update(state="cancelled", ended_at=now())
    Session.objects.filter(user=person.user).update(former_tasks=[])
    advance_deletion(request_deletion(user=get_user_model().objects.get(pk=person.user.pk)).deletion.uid)
