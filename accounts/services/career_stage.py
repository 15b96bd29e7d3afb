"""Correcting one's career stage."""

from django.db import transaction

from accounts.events import CareerStageCorrected
from accounts.models import CareerStageCorrection, User
from accounts.services.locking import lock_person
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


@transaction.atomic
def correct_career_stage(*, user: User, stage: str, recycling: bool) -> None:
    """Let the person's own word stand, in place of an earlier one; `stage` is one of STAGES.

    Locks the person's row. Publishes CareerStageCorrected.
    """
    lock_person(user.pk)
    facts = {"stage": stage, "recycling": recycling, "stated_at": now()}
    CareerStageCorrection.objects.update_or_create(user_id=user.pk, defaults=facts)
    publish(CareerStageCorrected(user.pk, stage))


@transaction.atomic
def take_back_career_stage(*, user: User) -> None:
    """Go back to the derived stage; nothing happens if the person has said nothing.

    Locks the person's row. Publishes CareerStageCorrected without a stage.
    """
    lock_person(user.pk)
    taken, _ = CareerStageCorrection.objects.filter(user_id=user.pk).delete()
    if taken:
        publish(CareerStageCorrected(user.pk, ""))
