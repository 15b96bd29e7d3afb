"""Answering the questions about learning preferences, and what becomes of the answers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from accounts.assessment import AssessmentResult, AxisResult, assess
from accounts.errors import AssessmentFinished, AssessmentTooShort, UnknownItem
from accounts.events import LearningAssessed
from accounts.item_bank import current_version, item_bank
from accounts.models import AXES, AxisScore, LearningAnswer, LearningAssessment, Profile, User
from accounts.selectors.learning import assessed_axes
from accounts.services.locking import lock_person
from accounts.services.versions import lock_profile, save_next
from timetravelers.kit.clock import now
from timetravelers.kit.errors import FieldError, NotFound
from timetravelers.kit.events import publish
from timetravelers.kit.upserts import upsert


@transaction.atomic
def open_assessment(*, user: User) -> tuple[LearningAssessment, bool]:
    """The person's open assessment and whether it is new; a new one asks the newest version of the questions.

    Locks the person's row, so that two phones share one. An open one keeps the version it began with.
    """
    lock_person(user.pk)
    present = LearningAssessment.objects.filter(user_id=user.pk, finished_at__isnull=True).first()
    if present is not None:
        return present, False
    fresh = LearningAssessment.objects.create(user_id=user.pk, bank_version=current_version(), started_at=now())
    return fresh, True


@transaction.atomic
def answer_items(*, user: User, assessment: UUID, answers: Sequence[tuple[str, int]]) -> None:
    """Keep answers, 1 to 5 by item key, in place of earlier ones to the same items; all or none.

    Locks the assessment. Raises NotFound for one that is not the person's, AssessmentFinished, and UnknownItem.
    """
    found = _locked(user, assessment)
    if found.finished_at is not None:
        raise AssessmentFinished
    _refuse_unknown(found, [item for item, _ in answers])
    rows = [LearningAnswer(assessment_id=found.pk, item=item, value=value) for item, value in answers]
    given = LearningAnswer.objects.filter(assessment_id=found.pk, item__in=[row.item for row in rows])
    upsert(given, rows, key=["item"], values=["value"])


@transaction.atomic
def finish_assessment(*, user: User, assessment: UUID) -> None:
    """Score the answers, for good, and bring the profile's axes to them; what is finished stays as it was.

    Locks the person's row, then the assessment. Axes the person has set keep what they said. Raises NotFound,
    and AssessmentTooShort when no axis has enough answers. Publishes LearningAssessed, and ProfileChanged when
    the profile changed.
    """
    lock_person(user.pk)
    found = _locked(user, assessment)
    if found.finished_at is not None:
        return
    result = assess(item_bank(found.bank_version), dict(found.answers.values_list("item", "value")))
    if not result.axes:
        raise AssessmentTooShort
    _record(found, result)
    _bring_to_profile(user, result.axes)
    publish(LearningAssessed(user.pk, found.uid))


def state_axes(profile: Profile, stated: Mapping[str, float | None]) -> None:
    """Set axes of an unsaved profile to the person's own word; None takes it back, for the last assessed figure."""
    cleared = [axis for axis, value in stated.items() if value is None]
    known = assessed_axes(profile.user_id) if cleared else {}
    for axis, value in stated.items():
        setattr(profile, axis, known[axis].value if axis in known and value is None else value)
    from_assessment = (set(profile.assessed_axes) - set(stated)) | (set(cleared) & set(known))
    profile.assessed_axes = [axis for axis in AXES if axis in from_assessment]


def _locked(user: User, assessment: UUID) -> LearningAssessment:
    found = LearningAssessment.objects.select_for_update().filter(user_id=user.pk, uid=assessment).first()
    if found is None:
        raise NotFound
    return found


def _refuse_unknown(assessment: LearningAssessment, items: Sequence[str]) -> None:
    known = item_bank(assessment.bank_version).keys
    unknown = tuple(
        FieldError(f"/answers/{index}/item", "unknown_item", "There is no such line in this assessment.")
        for index, item in enumerate(items)
        if item not in known
    )
    if unknown:
        raise UnknownItem(errors=unknown)


def _record(assessment: LearningAssessment, result: AssessmentResult) -> None:
    AxisScore.objects.bulk_create(
        AxisScore(
            assessment_id=assessment.pk,
            axis=axis.axis,
            value=axis.value,
            confidence=axis.confidence,
            answered=axis.answered,
        )
        for axis in result.axes
    )
    # A clock that was set back must not contradict the table.
    assessment.finished_at = max(now(), assessment.started_at)
    assessment.attention_passed = result.attention_passed
    assessment.save(update_fields=["finished_at", "attention_passed"])


def _bring_to_profile(user: User, results: Sequence[AxisResult]) -> None:
    profile = lock_profile(user)
    stated = {axis for axis in AXES if getattr(profile, axis) is not None} - set(profile.assessed_axes)
    free = {result.axis: result.value for result in results if result.axis not in stated}
    if not free:
        return
    for axis, value in free.items():
        setattr(profile, axis, value)
    profile.assessed_axes = [axis for axis in AXES if axis in free or axis in profile.assessed_axes]
    save_next(profile)
