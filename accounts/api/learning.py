"""The accounts API: the questions about learning preferences, and what stands on each axis."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.learning_shapes import (
    AnswersIn,
    LearningAssessmentOut,
    LearningAssessmentSummary,
    OwnLearningPreferences,
    assessment_out,
)
from accounts.policies import can_use_own_account
from accounts.selectors import assessment_state, assessments, learning_preferences_of
from accounts.services import answer_items, finish_assessment, open_assessment
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


class LearningAssessmentsView(ApiView):
    """One's own goes at the questions."""

    policy = can_use_own_account
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="learning_assessments_list", responses=paginated(LearningAssessmentSummary))
    def get(self, request: Request) -> Response:
        return NewestFirst().page_response(assessments(self.actor.pk), request, LearningAssessmentSummary)

    @extend_schema(
        operation_id="learning_assessments_open",
        request=None,
        responses={200: LearningAssessmentOut, 201: LearningAssessmentOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin an assessment, or go on with the open one (200)."""
        assessment, is_new = open_assessment(user=self.actor)
        state = assessment_state(self.actor.pk, assessment.uid)
        return Response(assessment_out(state), status=201 if is_new else 200)


class LearningAssessmentView(ApiView):
    """One assessment, open or finished, of any version of the questions."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="learning_assessment_read", responses=LearningAssessmentOut)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(assessment_out(assessment_state(self.actor.pk, uid)))


class LearningAnswersView(ApiView):
    """The answers of an open assessment."""

    policy = can_use_own_account
    throttle_scope = "write"

    @extend_schema(operation_id="learning_assessment_answer", request=AnswersIn, responses=LearningAssessmentOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """Keep some answers; earlier ones to the same lines are replaced."""
        batch = self.parse(AnswersIn, request)["answers"]
        answers = [(entry["item"], entry["value"]) for entry in batch]
        answer_items(user=self.actor, assessment=uid, answers=answers)
        return Response(assessment_out(assessment_state(self.actor.pk, uid)))


class LearningAssessmentFinishView(ApiView):
    """The end of an assessment."""

    policy = can_use_own_account
    throttle_scope = "write"

    @extend_schema(operation_id="learning_assessment_finish", request=None, responses=LearningAssessmentOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Score the answers, for good; again gives the same result."""
        finish_assessment(user=self.actor, assessment=uid)
        return Response(assessment_out(assessment_state(self.actor.pk, uid)))


class OwnLearningPreferencesView(ApiView):
    """What stands on each axis, and where it comes from; set and cleared through the profile."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="me_learning_preferences", responses=OwnLearningPreferences)
    def get(self, request: Request) -> Response:
        return Response(OwnLearningPreferences(learning_preferences_of(self.actor.pk)).data)
