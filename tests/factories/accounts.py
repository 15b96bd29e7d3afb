"""People and a taxonomy of one's own, for tests that do not want the starting content."""

from datetime import date
from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.classification import group_code
from accounts.models import (
    AlternateTitle,
    Consent,
    Education,
    Experience,
    Field,
    Goal,
    MinorGroup,
    Occupation,
    Profile,
    SignIn,
    Skill,
    User,
    UserSkill,
)
from timetravelers.kit.clock import now

PASSWORD = "a long walk in the rain"
IRREGULAR_GROUPS = ("15-1200", "31-1100", "51-5100")
_numbers = count(1)


@cache
def _quick_hash() -> str:
    """A valid hash of PASSWORD that takes no time to check: one round, only here."""
    return PBKDF2PasswordHasher().encode(PASSWORD, "onlyfortests", iterations=1)


def make_user(email: str = "", **account: Any) -> User:
    """An account with a verified address and the password PASSWORD; no profile."""
    email = email or f"person{next(_numbers)}@example.org"
    user = User.objects.create(email=email, password=_quick_hash(), **account)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_sign_in(user: User, **facts: Any) -> SignIn:
    """The person is signed in on one more device, since just now."""
    facts = {"session_key": f"session-{next(_numbers)}", **facts}
    moment = facts.setdefault("created_at", now())
    facts = {"last_seen_at": moment, "authenticated_at": moment, **facts}
    return SignIn.objects.create(user=user, **facts)


def make_profile(user: User, **facts: Any) -> Profile:
    """A profile at version 1 that says nothing but what is given."""
    return Profile.objects.create(user=user, **facts)


def make_field(code: str = "15-0000", name: str = "Computer and Mathematical") -> Field:
    """A field; the same code again gives the same row."""
    defaults = {"name": name, "description": "Work with data."}
    return Field.objects.get_or_create(code=code, defaults=defaults)[0]


def make_group(code: str = "15-2000", **facts: Any) -> MinorGroup:
    """A minor group, in a field made from its code unless one is given; the same code again gives the same row."""
    field = facts.pop("field", None) or make_field(f"{code[:2]}-0000", f"Field {code[:2]}")
    return MinorGroup.objects.get_or_create(code=code, defaults={"name": f"Group {code}", "field": field, **facts})[0]


def make_skill(key: str = "python", **facts: Any) -> Skill:
    """A skill; the same key again gives the same row."""
    defaults = {"name": key.replace("-", " ").title(), "kind": Skill.Kind.TECHNOLOGY, **facts}
    return Skill.objects.get_or_create(key=key, defaults=defaults)[0]


def make_occupation(code: str = "15-2051.00", title: str = "Data Scientists", **facts: Any) -> Occupation:
    """An occupation, in a field made from its code unless one is given."""
    field = facts.pop("field", None) or make_field(f"{code[:2]}-0000", f"Field {code[:2]}")
    titles = facts.pop("alternate_titles", ())
    group = make_group(group_code(code, IRREGULAR_GROUPS) or f"{code[:4]}000", field=field)
    defaults = {
        "title": title,
        "field": field,
        "minor_group": group,
        "description": "Finds out from data.",
        "job_zone": 4,
        **facts,
    }
    occupation = Occupation.objects.get_or_create(code=code, defaults=defaults)[0]
    for other in titles:
        AlternateTitle.objects.get_or_create(occupation=occupation, title=other)
    return occupation


def give_skill(user: User, key: str = "python", level: int = 3, **facts: Any) -> UserSkill:
    """The person says they have the skill."""
    return UserSkill.objects.create(user=user, skill=make_skill(key), level=level, **facts)


def give_consent(user: User, *, version: int = 1, purpose: str = Consent.Purpose.AI_PROVIDER) -> Consent:
    """The person has allowed it just now."""
    return Consent.objects.create(user=user, purpose=purpose, version=version, granted_at=now())


def make_goal(user: User, **facts: Any) -> Goal:
    """A goal, towards an occupation unless a field is given."""
    target = {} if "field" in facts else {"occupation": make_occupation()}
    return Goal.objects.create(user=user, **{**target, **facts})


def make_experience(
    user: User, started: str = "2020-01-01", ended: str | None = "2020-12-01", **facts: Any
) -> Experience:
    """A year of work, unless other months are given."""
    facts.setdefault("title", "Analyst")
    return Experience.objects.create(
        user=user, started=date.fromisoformat(started), ended=ended and date.fromisoformat(ended), **facts
    )


def make_education(user: User, **facts: Any) -> Education:
    """A degree."""
    return Education.objects.create(user=user, **{"institution": "Night School", "level": "bachelor", **facts})
