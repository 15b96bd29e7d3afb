"""Reads of learning preferences: assessments, and what stands on each axis and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.item_bank import ItemBank, item_bank
from accounts.models import AXES, AxisScore, LearningAssessment, Profile
from timetravelers.kit.errors import NotFound

BATCH = 5  # lines shown at a time: what fits on a phone without scrolling


@dataclass(frozen=True, slots=True)
class Line:
    """A line to agree with, and the person's answer if there is one."""

    item: str
    text: str
    value: int | None


@dataclass(frozen=True, slots=True)
class AssessmentState:
    """An assessment as the person sees it; the scores are there once it is finished."""

    assessment: LearningAssessment
    bank: ItemBank
    lines: tuple[Line, ...]
    scores: tuple[AxisScore, ...]

    @property
    def answered(self) -> list[Line]:
        return [line for line in self.lines if line.value is not None]

    @property
    def next_lines(self) -> list[Line]:
        if self.assessment.finished_at is not None:
            return []
        return [line for line in self.lines if line.value is None][:BATCH]


@dataclass(frozen=True, slots=True)
class AssessedAxis:
    """What the last finished assessment that scored an axis says of it."""

    value: float
    confidence: float
    assessment: UUID
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class AxisState:
    """The figure that counts, where it comes from, and the assessed figure beside it.

    `source` is "stated", "assessed", or None without a figure; `confidence` is that of an assessed figure.
    """

    value: float | None
    source: str | None
    confidence: float | None
    assessed: AssessedAxis | None


def assessments(user_id: int) -> QuerySet[LearningAssessment]:
    """The person's assessments of all versions, with `answered` counted."""
    return LearningAssessment.objects.filter(user_id=user_id).annotate(answered=Count("answers"))


def assessment_state(user_id: int, uid: UUID) -> AssessmentState:
    """One assessment with lines, answers and scores, in three queries; raises NotFound."""
    found = LearningAssessment.objects.filter(user_id=user_id, uid=uid).first()
    if found is None:
        raise NotFound
    bank = item_bank(found.bank_version)
    given = dict(found.answers.values_list("item", "value"))
    lines = tuple(Line(key, text, given.get(key)) for key, text in bank.lines)
    scores = {score.axis: score for score in found.scores.all()}
    return AssessmentState(found, bank, lines, tuple(scores[axis] for axis in AXES if axis in scores))


def assessed_axes(user_id: int) -> dict[str, AssessedAxis]:
    """What assessments say of each axis, the last that scored it; by axis, in one query."""
    return assessed_axes_of([user_id]).get(user_id, {})


def assessed_axes_of(user_ids: Collection[int]) -> dict[int, dict[str, AssessedAxis]]:
    """The same for several people, in one query, none for nobody; nothing for those whom no assessment has scored."""
    scores = (
        AxisScore.objects.filter(assessment__user_id__in=user_ids, assessment__finished_at__isnull=False)
        .order_by("assessment__user_id", "axis", "-assessment__finished_at", "-assessment_id")
        .distinct("assessment__user_id", "axis")
        .values_list("assessment__user_id", "axis", "value", "confidence", "assessment__uid", "assessment__finished_at")
    )
    found: dict[int, dict[str, AssessedAxis]] = {}
    for user, axis, value, trust, uid, at in scores:
        if at is not None:
            found.setdefault(user, {})[axis] = AssessedAxis(value, trust, uid, at)
    return found


def learning_preferences_of(user_id: int) -> dict[str, AxisState]:
    """What stands on each axis, by axis; in two queries."""
    profile = Profile.objects.filter(user_id=user_id).only(*AXES, "assessed_axes").first() or Profile()
    assessed = assessed_axes(user_id)
    return {axis: _axis_state(getattr(profile, axis), assessed.get(axis), axis, profile) for axis in AXES}


def _axis_state(value: float | None, assessed: AssessedAxis | None, axis: str, profile: Profile) -> AxisState:
    if value is None:
        return AxisState(None, None, None, assessed)
    if axis in profile.assessed_axes and assessed is not None:
        return AxisState(value, "assessed", assessed.confidence, assessed)
    return AxisState(value, "stated", None, assessed)
