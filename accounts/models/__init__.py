"""Tables of the accounts room."""

from accounts.models.career_stage import CareerStageCorrection
from accounts.models.consent import Consent
from accounts.models.erasure import Deletion, ErasureDuty
from accounts.models.export import Export
from accounts.models.learning import AxisScore, LearningAnswer, LearningAssessment
from accounts.models.occupation_facts import (
    OccupationInterest,
    OccupationTask,
    OccupationTechnology,
    OccupationWorkStyle,
    WorkStyle,
)
from accounts.models.profile import AXES, MOST_LANGUAGES, MOST_WINDOWS, Profile
from accounts.models.records import (
    MOST_RECORDS,
    Education,
    EducationLevel,
    EvidenceGrade,
    Experience,
    Goal,
    GoalStatus,
    Record,
    UserSkill,
)
from accounts.models.releases import TaxonomyRelease
from accounts.models.roles import Role, RoleChange
from accounts.models.search_terms import OccupationTerm, SearchTerm, SearchWord, SkillTerm
from accounts.models.sign_in import SecurityEvent, SignIn
from accounts.models.taxonomy import (
    AlternateTitle,
    Field,
    MinorGroup,
    Occupation,
    OccupationSkill,
    RelatedOccupation,
    Skill,
    Source,
)
from accounts.models.user import User

__all__ = [
    "AXES",
    "MOST_LANGUAGES",
    "MOST_RECORDS",
    "MOST_WINDOWS",
    "AlternateTitle",
    "AxisScore",
    "CareerStageCorrection",
    "Consent",
    "Deletion",
    "Education",
    "EducationLevel",
    "ErasureDuty",
    "EvidenceGrade",
    "Experience",
    "Export",
    "Field",
    "Goal",
    "GoalStatus",
    "LearningAnswer",
    "LearningAssessment",
    "MinorGroup",
    "Occupation",
    "OccupationInterest",
    "OccupationSkill",
    "OccupationTask",
    "OccupationTechnology",
    "OccupationTerm",
    "OccupationWorkStyle",
    "Profile",
    "Record",
    "RelatedOccupation",
    "Role",
    "RoleChange",
    "SearchTerm",
    "SearchWord",
    "SecurityEvent",
    "SignIn",
    "Skill",
    "SkillTerm",
    "Source",
    "TaxonomyRelease",
    "User",
    "UserSkill",
    "WorkStyle",
]
