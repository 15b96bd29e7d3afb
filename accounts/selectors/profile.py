"""A person's profile as they see it."""

from typing import Any

import orjson

from accounts.models import AXES
from accounts.pictures import SIZES
from accounts.selectors.experience import years_that_count
from timetravelers.kit.errors import NotFound
from timetravelers.kit.statements import fetch_one

# The hottest read of the house: one statement, and no query to be put together for it each time.
_PROFILE = """
SELECT u.uid, u.email, coalesce(p.display_name, ''), o.code, o.title, coalesce(p.goal, ''),
       p.years_experience, p.goal_horizon_months, p.weekly_hours,
       p.active_reflective, p.sensing_intuitive, p.visual_verbal, p.sequential_global,
       (SELECT json_agg(json_build_object('key', s.key, 'name', s.name, 'level', us.level,
                                         'retired', s.retired_at IS NOT NULL) ORDER BY s.key)::text
          FROM accounts_userskill us JOIN accounts_skill s ON s.id = us.skill_id WHERE us.user_id = u.id),
       coalesce(p.version, 0), p.updated_at,
       coalesce(p.headline, ''), coalesce(p.bio, ''), coalesce(p.time_zone, ''), coalesce(p.languages, '{}'),
       p.availability::text, coalesce(p.picture, ''),
       (SELECT json_agg(json_build_array(e.started, e.ended))::text FROM accounts_experience e WHERE e.user_id = u.id),
       o.retired_at IS NOT NULL,
       CASE WHEN o.retired_at IS NOT NULL THEN
           (SELECT json_build_object('code', n.code, 'title', n.title)::text
              FROM accounts_relatedoccupation r JOIN accounts_occupation n ON n.id = r.related_id
             WHERE r.occupation_id = o.id AND n.retired_at IS NULL ORDER BY r.rank, n.code LIMIT 1) END
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
    years = years_that_count(row[6], row[22])
    return {
        "uid": row[0],
        "email": row[1],
        "display_name": row[2],
        "target_occupation": _target(*row[3:5], *row[23:25]) if row[3] else None,
        "goal": row[5],
        "headline": row[16],
        "bio": row[17],
        "time_zone": row[18],
        "languages": row[19],
        "availability": orjson.loads(row[20]) if row[20] else [],
        "picture": {"id": row[21], "sizes": SIZES} if row[21] else None,
        "years_experience": years,
        "years_experience_from": None if years is None else "experience" if row[22] else "stated",
        "goal_horizon_months": row[7],
        "weekly_hours": row[8],
        "learning_preferences": dict(zip(AXES, row[9:13], strict=True)),
        "skills": orjson.loads(row[13]) if row[13] else [],
        "version": row[14],
        "updated_at": row[15],
    }


def _target(code: str, title: str, retired: bool, nearest: str | None) -> dict[str, Any]:  # noqa: FBT001 - a column
    living = orjson.loads(nearest) if nearest else None
    return {"code": code, "title": title, "retired": retired, "nearest": living}
