"""Correcting one's career stage."""

from django.db import transaction

from accounts.events import CareerStageCorrected
from accounts.models import CareerStageCorrection, User
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish


@transaction.atomic
def correct_career_stage(*, user: User, stage: str, recycling: bool) -> None:
    """Let the person's own word stand, in place of an earlier one; `stage` is one of STAGES.

    Locks the person's row. Publishes CareerStageCorrected.
    """
    _lock(user)
    facts = {"stage": stage, "recycling": recycling, "stated_at": now()}
    CareerStageCorrection.objects.update_or_create(user_id=user.pk, defaults=facts)
    publish(CareerStageCorrected(user.pk, stage))


@transaction.atomic
def take_back_career_stage(*, user: User) -> None:
    """Go back to the derived stage; nothing happens if the person has said nothing.

    Locks the person's row. Publishes CareerStageCorrected without a stage.
    """
    _lock(user)
    taken, _ = CareerStageCorrection.objects.filter(user_id=user.pk).delete()
    if taken:
        publish(CareerStageCorrected(user.pk, ""))


def _lock(user: User) -> None:
    User.objects.select_for_update(no_key=True).only("id").get(pk=user.pk)
