"""The accounts API: goals, experience, education and skills, each with its shapes."""

from typing import Any, ClassVar

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
)
from accounts.api.records import RecordListView, RecordOrderView, RecordsView, RecordView, Shape, documented
from accounts.models import Education, Experience, Goal, UserSkill
from accounts.selectors import months_of_experience, years_of_experience


class _Goals(RecordsView):
    name, kind = "goals", Goal
    shape_in, shape_out, shape_list = GoalIn, GoalOut, GoalsOut


@documented
class GoalListView(_Goals, RecordListView):
    """What one is working towards, the dearest first."""


@documented
class GoalView(_Goals, RecordView):
    """One of them."""


@documented
class GoalOrderView(_Goals, RecordOrderView):
    """Their order."""


class _Experience(RecordsView):
    name, kind = "experience", Experience
    shape_in, shape_out, shape_list = ExperienceIn, ExperienceOut, ExperiencesOut

    def beside(self) -> dict[str, Any]:
        return {"months": months_of_experience(self.actor.pk), "years": years_of_experience(self.actor.pk)}


@documented
class ExperienceListView(_Experience, RecordListView):
    """Where one has worked."""


@documented
class ExperienceView(_Experience, RecordView):
    """One of them."""


@documented
class ExperienceOrderView(_Experience, RecordOrderView):
    """Their order."""


class _Education(RecordsView):
    name, kind = "education", Education
    shape_in, shape_out, shape_list = EducationIn, EducationOut, EducationsOut


@documented
class EducationListView(_Education, RecordListView):
    """What one has studied."""


@documented
class EducationView(_Education, RecordView):
    """One of them."""


@documented
class EducationOrderView(_Education, RecordOrderView):
    """Their order."""


class _Skills(RecordsView):
    name, kind = "skills", UserSkill
    shape_in: ClassVar[Shape] = InventorySkillIn  # a change has another
    shape_out, shape_list = InventorySkillOut, InventorySkillsOut


@documented
class InventorySkillListView(_Skills, RecordListView):
    """What one can do, and what stands behind it."""


@documented
class InventorySkillView(_Skills, RecordView):
    """One of them."""

    shape_in = InventorySkillChange


@documented
class InventorySkillOrderView(_Skills, RecordOrderView):
    """Their order."""
