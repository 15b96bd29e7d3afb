"""Reads of the accounts room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Prefetch, QuerySet

from accounts.models import AXES, Consent, Field, Occupation, OccupationSkill, RelatedOccupation, Skill, User
from accounts.wording import ConsentWording, current_consents
from timetravelers.kit.errors import NotFound
from timetravelers.kit.statements import fetch_one

# The hottest read of the house: one statement, and no query to be put together for it each time.
_PROFILE = """
SELECT u.uid, u.email, coalesce(p.display_name, ''), o.code, o.title, coalesce(p.goal, ''),
       p.years_experience, p.goal_horizon_months, p.weekly_hours,
       p.active_reflective, p.sensing_intuitive, p.visual_verbal, p.sequential_global,
       (SELECT json_agg(json_build_object('key', s.key, 'name', s.name, 'level', us.level) ORDER BY s.key)::text
          FROM accounts_userskill us JOIN accounts_skill s ON s.id = us.skill_id WHERE us.user_id = u.id),
       coalesce(p.version, 0), p.updated_at
  FROM accounts_user u
  LEFT JOIN accounts_profile p ON p.user_id = u.id
  LEFT JOIN accounts_occupation o ON o.id = p.target_occupation_id
 WHERE u.id = %s
"""


def own_profile(user_id: int) -> dict[str, Any]:
    """A person's profile as they see it, in one statement; raises NotFound if the account is gone."""
    row = fetch_one(_PROFILE, [user_id])
    if row is None:
        raise NotFound
    return {
        "uid": row[0],
        "email": row[1],
        "display_name": row[2],
        "target_occupation": {"code": row[3], "title": row[4]} if row[3] else None,
        "goal": row[5],
        "years_experience": row[6],
        "goal_horizon_months": row[7],
        "weekly_hours": row[8],
        "learning_preferences": dict(zip(AXES, row[9:13], strict=True)),
        "skills": orjson.loads(row[13]) if row[13] else [],
        "version": row[14],
        "updated_at": row[15],
    }


def fields() -> QuerySet[Field]:
    """All fields, in the order of their codes."""
    return Field.objects.all()


def occupations(*, search: str = "", field: str = "") -> QuerySet[Occupation]:
    """Occupations whose title or an alternate title holds the text, in a field if its code is given."""
    found = Occupation.objects.select_related("field").matching(search)
    return found.filter(field__code=field) if field else found


def occupation(code: str) -> Occupation:
    """One occupation with its skills, the most important first, and its neighbours; raises NotFound."""
    links = OccupationSkill.objects.select_related("skill").order_by("-importance", "skill__key")
    neighbours = RelatedOccupation.objects.select_related("related").order_by("tier", "related__code")
    found = (
        Occupation.objects.select_related("field")
        .prefetch_related(Prefetch("skill_links", links), Prefetch("neighbour_links", neighbours))
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound("There is no such occupation.")
    return found


def skills(*, search: str = "") -> QuerySet[Skill]:
    """Skills whose name, or another name of which, holds the text."""
    return Skill.objects.matching(search)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """A purpose we ask for in its current wording, and whether the person allows it now."""

    purpose: str
    version: int
    provider: str
    title: str
    text: str
    granted: bool
    granted_at: datetime | None


def live_consent(user_id: int, purpose: str) -> Consent | None:
    """The person's consent to the current wording, if they gave it and did not withdraw it."""
    wording = current_consents().get(purpose)
    if wording is None:
        return None
    return Consent.objects.live().filter(user_id=user_id, purpose=purpose, version=wording.version).first()


def consent_states(user: User) -> list[ConsentState]:
    """Every purpose we ask for, with the person's answer."""
    live = {(row.purpose, row.version): row for row in Consent.objects.live().filter(user=user)}
    return [_state(wording, live.get((name, wording.version))) for name, wording in current_consents().items()]


def consent_state(user: User, purpose: str) -> ConsentState:
    """One purpose with the person's answer; raises NotFound for a purpose nobody asks for."""
    if purpose not in current_consents():
        raise NotFound("We ask for no such consent.")
    return _state(current_consents()[purpose], live_consent(user.pk, purpose))


def _state(wording: ConsentWording, consent: Consent | None) -> ConsentState:
    return ConsentState(
        purpose=wording.purpose,
        version=wording.version,
        provider=wording.provider,
        title=wording.title,
        text=wording.text,
        granted=consent is not None,
        granted_at=consent.granted_at if consent else None,
    )
