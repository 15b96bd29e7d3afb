"""Seeing to it that each Manus account holds the instructions of each Traveler: projects made, found, and checked.

    pending  --intent stored, called-->  synced  --changed or gone there-->  drifted, and a new one is pending
       ^  |--- refused --->  failed ---(seldom)---'

There is no way to change a project there: other instructions are another project, and sessions keep theirs. A
create has no idempotency key either, so the intent is stored before the call, and whoever finds one without an
outcome looks for the project's name before it asks again.
"""

import random
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from mentors.events import TravelerProjectDrifted, TravelerProjectsPressed
from mentors.manus import accounts
from mentors.manus.errors import ManusError, RateLimited
from mentors.manus.wire import Project
from mentors.models import ManusAccount, TravelerProject, TravelerVersion
from mentors.personas import instructions_hash
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish
from timetravelers.kit.ids import uuid7

log = structlog.get_logger(__name__)

State = TravelerProject.State

# Longer than any call takes: while it lasts nobody else takes the step.
LEASE = timedelta(minutes=2)
# A create whose answer was lost shows in the list by then, if it happened.
VISIBLE_AFTER = timedelta(seconds=90)
REFUSED_AGAIN_AFTER = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)


def plan_projects() -> int:
    """A pending project for the newest instructions of each published Traveler, in each usable account without one.

    Returns how many were added. Safe to call at any time and by many at once: a constraint keeps them apart.
    """
    versions = TravelerVersion.objects.newest().filter(traveler__state="published").select_related("traveler")
    live = TravelerProject.objects.exclude(state=State.DRIFTED)
    there = set(live.values_list("account", "traveler", "instructions_hash"))
    missing = [
        _planned(version, account)
        for account in accounts.usable()
        for version in versions
        if (account.pk, version.traveler_id, version.instructions_hash) not in there
    ]
    return len(TravelerProject.objects.bulk_create(missing, ignore_conflicts=True))


def _planned(version: TravelerVersion, account: ManusAccount) -> TravelerProject:
    uid = uuid7()
    return TravelerProject(
        uid=uid,
        traveler=version.traveler,
        version_number=version.number,
        account=account,
        instructions_hash=version.instructions_hash,
        name=f"TimeTravelers {version.traveler.slug[:40]} {uid.hex}",
        due_at=now(),
    )


def sync_projects(*, seconds: float = 45.0) -> int:
    """Plan what is missing, then take the steps that are due, for about that many seconds; returns how many.

    Any number of processes may do so at once: each step is claimed by its row. Raises nothing of the provider's.
    """
    plan_projects()
    end = time.monotonic() + seconds
    taken = 0
    while time.monotonic() < end and (project := _claim()) is not None:
        _step(project)
        taken += 1
    return taken


@transaction.atomic
def _claim() -> TravelerProject | None:
    """A project whose step is due, put off for as long as the step may take."""
    due = TravelerProject.objects.filter(
        state__in=TravelerProject.UNSETTLED, due_at__lte=now(), account__is_active=True
    ).order_by("due_at", "pk")
    project = due.select_for_update(skip_locked=True, of=("self",)).first()
    if project is not None:
        project.due_at = now() + LEASE
        project.attempts = min(project.attempts + 1, 1000)
        project.save(update_fields=["due_at", "attempts", "updated_at"])
    return project


def _step(project: TravelerProject) -> None:
    """Find the project there or have it made; what goes wrong is noted on the row."""
    before = project.called_at
    try:
        found = _find(project) if before else None
        if found is None and before and now() < before + VISIBLE_AFTER:
            _write(project, due_at=before + VISIBLE_AFTER)
        else:
            _settle(project, found or _create(project))
    except _LeaseLost:
        log.info("traveler_project_moved_on", project=project.name)
    except ManusError as problem:
        # A look that failed says nothing about the create before it; a create that was refused did not happen.
        looked = project.called_at == before
        _note(project, problem, called_at=project.called_at if looked or problem.ambiguous else None)


def _find(project: TravelerProject) -> Project | None:
    listed = accounts.client_of(project.account_id).list_projects(fresh=True).data
    return next((one for one in listed if one.name == project.name), None)


def _create(project: TravelerProject) -> Project:
    instructions = _instructions(project)
    client = accounts.client_of(project.account_id)
    project.called_at = now()
    _write(project, called_at=project.called_at)
    return client.create_project(project.name, instructions).project


def _instructions(project: TravelerProject) -> str:
    versions = TravelerVersion.objects.filter(traveler=project.traveler_id, instructions_hash=project.instructions_hash)
    return versions.order_by("number").values_list("instructions", flat=True)[0]


def _settle(project: TravelerProject, found: Project) -> None:
    moment = now()
    _write(project, state=State.SYNCED, project_id=found.id, synced_at=moment, last_seen_at=moment, problem="")
    log.info("traveler_project_synced", project=project.name, account=project.account_id)


def _note(project: TravelerProject, problem: ManusError, *, called_at: datetime | None) -> None:
    """When to try again: what may have been carried out is given time to show, what was refused is not pressed."""
    kind = type(problem).__name__
    again = problem.retryable or problem.ambiguous
    pause = VISIBLE_AFTER if problem.ambiguous else _pause(project, problem) if again else REFUSED_AGAIN_AFTER
    state = State.PENDING if again else State.FAILED
    _write(project, state=state, due_at=now() + pause, called_at=called_at, problem=kind)
    log.warning("traveler_project_failed", project=project.name, kind=kind, attempts=project.attempts)


def _pause(project: TravelerProject, problem: ManusError) -> timedelta:
    """As long as the provider says, or bounded and exponential with jitter."""
    if isinstance(problem, RateLimited) and problem.retry_after is not None:
        return timedelta(seconds=problem.retry_after)
    doublings: int = 1 << min(project.attempts, 12)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doublings) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret


class _LeaseLost(Exception):
    """Another worker has taken the step over."""


def _write(project: TravelerProject, **facts: Any) -> None:
    """Write to the row as long as its step is ours; raises _LeaseLost."""
    mine = TravelerProject.objects.filter(pk=project.pk, due_at=project.due_at)
    if not mine.update(**facts, updated_at=now()):
        raise _LeaseLost


def check_projects() -> int:
    """Compare the projects of each usable account with what we made; returns how many had drifted.

    A drifted project is marked with what differs, and another one takes its place. Publishes
    TravelerProjectDrifted. An account that does not answer is left for the next time.
    """
    drifted = 0
    for account in accounts.usable():
        try:
            listed = accounts.client_of(account.pk).list_projects(fresh=True).data
        except ManusError as problem:
            log.warning("traveler_projects_unchecked", account=account.name, kind=type(problem).__name__)
        else:
            drifted += _compare(account, listed)
    return drifted


def _compare(account: ManusAccount, listed: Iterable[Project]) -> int:
    there = {one.id: one for one in listed}
    settled_before = now() - VISIBLE_AFTER
    ours = TravelerProject.objects.filter(account=account, state=State.SYNCED)
    differing = {
        project.pk: difference
        for project in ours.filter(synced_at__lt=settled_before)
        if (difference := difference_of(project, there.get(project.project_id)))
    }
    ours.exclude(pk__in=differing).filter(project_id__in=there).update(last_seen_at=now())
    return sum(_mark_drifted(pk, difference) for pk, difference in differing.items())


def difference_of(project: TravelerProject, found: Project | None) -> dict[str, str]:
    """What a project has become at the provider; empty if it is as we made it, as far as the provider tells."""
    if found is None:
        return {"gone": "The account has no project of this id."}
    difference = {}
    if found.name is not None and found.name != project.name:
        difference["name"] = f"It is called {found.name[:100]!r} there."
    if found.instruction is not None and instructions_hash(found.instruction) != project.instructions_hash:
        difference["instruction"] = f"Its instruction is another one: {found.instruction[:2000]}"
    return difference


@transaction.atomic
def _mark_drifted(pk: int, difference: dict[str, str]) -> int:
    """True if it had not been marked yet."""
    synced = TravelerProject.objects.filter(pk=pk, state=State.SYNCED)
    marked = synced.update(state=State.DRIFTED, difference=difference, updated_at=now())
    if marked:
        publish(TravelerProjectDrifted(pk, tuple(sorted(difference))))
        log.warning("traveler_project_drifted", project=pk, differs=sorted(difference))
    return marked


def press_projects(projects: Iterable[int]) -> int:
    """Have projects that wait or were refused tried again at once; returns how many. For staff who mended the cause.

    A step under way is disturbed but not doubled: it notices at its next write that it was taken over.
    """
    waiting = TravelerProject.objects.filter(pk__in=projects, state__in=TravelerProject.UNSETTLED)
    pressed = waiting.update(due_at=now(), attempts=0, updated_at=now())
    publish(TravelerProjectsPressed(pressed))
    return pressed
