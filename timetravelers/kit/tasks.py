"""The kit's own housekeeping."""

from celery import shared_task

from timetravelers.kit.expiry import jobs, run_job

EVERY_SECONDS = 3600


@shared_task(name="kit.apply_retention")
def apply_retention() -> int:
    """Send every job of the catalogue's retentions on its way; returns how many. On a schedule."""
    names = list(jobs())
    for name in names:
        expire.apply_async((name,), expires=EVERY_SECONDS)
    return len(names)


@shared_task(name="kit.expire", time_limit=900, soft_time_limit=840)
def expire(job: str) -> int:
    """Let go of what one retention says was kept long enough; returns how many rows."""
    return run_job(job)
