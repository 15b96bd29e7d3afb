"""The kit's own housekeeping."""

from datetime import timedelta

from celery import shared_task

from timetravelers.kit.clock import now
from timetravelers.kit.models import IdempotentAnswer

KEEP_ANSWERS = timedelta(hours=24)


@shared_task(name="kit.forget_idempotent_answers")
def forget_idempotent_answers() -> int:
    """Drop the answers of keys older than a day; returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=now() - KEEP_ANSWERS).delete()[0]
