"""The person whose requests are measured."""

from itertools import islice

from accounts.models import AXES, User
from accounts.selectors import occupations, skills
from accounts.services import ProfileChanges, update_profile
from accounts.services.sign_ins import Device, begin_sign_in
from accounts.tokens import issue
from timetravelers.kit.ids import uuid7

SKILLS = 6


def make_person() -> User:
    """An account whose profile says what most people's would; the starting content has to be loaded."""
    user = User.objects.create_user(f"{uuid7()}@example.org")
    facts = {
        "display_name": "Ada",
        "goal": "Lead a data team that people like to work in.",
        "years_experience": 7,
        "goal_horizon_months": 24,
        "weekly_hours": 6,
    }
    code = occupations()[0].code
    known = [(skill.key, 1 + number % 5) for number, skill in enumerate(islice(skills(), SKILLS))]
    style = dict.fromkeys(AXES, 0.25)
    changes = ProfileChanges(facts=facts, axes=style, target_occupation=(code,), skills=known)
    update_profile(user=user, changes=changes, expected_version=None)
    return user


def access_token(user: User) -> str:
    """A token of somebody who has just signed in."""
    return issue(user, begin_sign_in(user=user, session_key=uuid7().hex, device=Device())).access
