"""The accounts API: goals, experience, education and skills, each with its shapes."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.api.record_shapes import (
    EducationIn,
    EducationOut,
    EducationsOut,
    ExperienceIn,
    ExperienceOut,
    ExperiencesOut,
    GoalIn,
    GoalOut,
    GoalsOut,
    InventorySkillChange,
    InventorySkillIn,
    InventorySkillOut,
    InventorySkillsOut,
    OrderIn,
)
from accounts.api.records import RecordListView, RecordOrderView, RecordsAnswer, RecordView
from accounts.models import Education, Experience, Goal, UserSkill
from accounts.selectors import months_of_experience, years_of_experience


@extend_schema_view(
    get=extend_schema(operation_id="me_goals_list", responses=GoalsOut),
    post=extend_schema(operation_id="me_goals_add", request=GoalIn, responses={201: GoalOut}),
)
class GoalListView(RecordListView):
    """What one is working towards, the dearest first."""

    kind, shape_in, shape_out = Goal, GoalIn, GoalOut


@extend_schema_view(
    get=extend_schema(operation_id="me_goals_read", responses=GoalOut),
    patch=extend_schema(operation_id="me_goals_change", request=GoalIn, responses=GoalOut),
    delete=extend_schema(operation_id="me_goals_remove", responses={204: None}),
)
class GoalView(RecordView):
    """One of them."""

    kind, shape_in, shape_out = Goal, GoalIn, GoalOut


@extend_schema_view(post=extend_schema(operation_id="me_goals_order", request=OrderIn, responses=GoalsOut))
class GoalOrderView(RecordOrderView):
    """Their order."""

    kind, shape_out = Goal, GoalOut


class _Months(RecordsAnswer):
    def beside(self) -> dict[str, Any]:
        return {"months": months_of_experience(self.actor.pk), "years": years_of_experience(self.actor.pk)}


@extend_schema_view(
    get=extend_schema(operation_id="me_experience_list", responses=ExperiencesOut),
    post=extend_schema(operation_id="me_experience_add", request=ExperienceIn, responses={201: ExperienceOut}),
)
class ExperienceListView(_Months, RecordListView):
    """Where one has worked."""

    kind, shape_in, shape_out = Experience, ExperienceIn, ExperienceOut


@extend_schema_view(
    get=extend_schema(operation_id="me_experience_read", responses=ExperienceOut),
    patch=extend_schema(operation_id="me_experience_change", request=ExperienceIn, responses=ExperienceOut),
    delete=extend_schema(operation_id="me_experience_remove", responses={204: None}),
)
class ExperienceView(RecordView):
    """One of them."""

    kind, shape_in, shape_out = Experience, ExperienceIn, ExperienceOut


@extend_schema_view(post=extend_schema(operation_id="me_experience_order", request=OrderIn, responses=ExperiencesOut))
class ExperienceOrderView(_Months, RecordOrderView):
    """Their order."""

    kind, shape_out = Experience, ExperienceOut


@extend_schema_view(
    get=extend_schema(operation_id="me_education_list", responses=EducationsOut),
    post=extend_schema(operation_id="me_education_add", request=EducationIn, responses={201: EducationOut}),
)
class EducationListView(RecordListView):
    """What one has studied."""

    kind, shape_in, shape_out = Education, EducationIn, EducationOut


@extend_schema_view(
    get=extend_schema(operation_id="me_education_read", responses=EducationOut),
    patch=extend_schema(operation_id="me_education_change", request=EducationIn, responses=EducationOut),
    delete=extend_schema(operation_id="me_education_remove", responses={204: None}),
)
class EducationView(RecordView):
    """One of them."""

    kind, shape_in, shape_out = Education, EducationIn, EducationOut


@extend_schema_view(post=extend_schema(operation_id="me_education_order", request=OrderIn, responses=EducationsOut))
class EducationOrderView(RecordOrderView):
    """Their order."""

    kind, shape_out = Education, EducationOut


@extend_schema_view(
    get=extend_schema(operation_id="me_skills_list", responses=InventorySkillsOut),
    post=extend_schema(operation_id="me_skills_add", request=InventorySkillIn, responses={201: InventorySkillOut}),
)
class InventorySkillListView(RecordListView):
    """What one can do, and what stands behind it."""

    kind, shape_in, shape_out = UserSkill, InventorySkillIn, InventorySkillOut


@extend_schema_view(
    get=extend_schema(operation_id="me_skills_read", responses=InventorySkillOut),
    patch=extend_schema(operation_id="me_skills_change", request=InventorySkillChange, responses=InventorySkillOut),
    delete=extend_schema(operation_id="me_skills_remove", responses={204: None}),
)
class InventorySkillView(RecordView):
    """One of them."""

    kind, shape_in, shape_out = UserSkill, InventorySkillChange, InventorySkillOut


@extend_schema_view(post=extend_schema(operation_id="me_skills_order", request=OrderIn, responses=InventorySkillsOut))
class InventorySkillOrderView(RecordOrderView):
    """Their order."""

    kind, shape_out = UserSkill, InventorySkillOut
