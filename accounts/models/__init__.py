"""Tables of the accounts room."""

from accounts.models.consent import Consent
from accounts.models.profile import AXES, Profile, UserSkill
from accounts.models.taxonomy import Field, Occupation, OccupationSkill, RelatedOccupation, Skill
from accounts.models.user import User

__all__ = [
    "AXES",
    "Consent",
    "Field",
    "Occupation",
    "OccupationSkill",
    "Profile",
    "RelatedOccupation",
    "Skill",
    "User",
    "UserSkill",
]
