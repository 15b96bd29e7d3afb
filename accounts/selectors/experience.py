"""How long a person has worked: one rule for the profile, for matching and for the briefing."""

from collections.abc import Collection
from datetime import date

import orjson

from accounts.models import Experience
from accounts.spans import Span, months_covered, years_covered
from timetravelers.kit.clock import now
from timetravelers.kit.statements import fetch_all

_YEARS = """
SELECT u.id, p.years_experience,
       (SELECT json_agg(json_build_array(e.started, e.ended))::text FROM accounts_experience e WHERE e.user_id = u.id)
  FROM accounts_user u LEFT JOIN accounts_profile p ON p.user_id = u.id
 WHERE u.id = ANY(%s)
"""


def years_of_experience(user_id: int) -> int | None:
    """Whole years that the person's experience covers, or what they state if no experience is listed."""
    return years_of_each([user_id]).get(user_id)


def years_of_each(user_ids: Collection[int]) -> dict[int, int | None]:
    """The same for several people, in one query; nothing for accounts that are not there."""
    return {user: years_that_count(stated, spans) for user, stated, spans in fetch_all(_YEARS, [list(user_ids)])}


def years_that_count(stated: int | None, spans: str | None) -> int | None:
    """The rule itself; `spans` is a JSON list of first and last days, None for no experience."""
    if spans is None:
        return stated
    pairs = [(date.fromisoformat(first), last and date.fromisoformat(last)) for first, last in orjson.loads(spans)]
    return years_covered([Span(first, last or None) for first, last in pairs], now().date())


def months_of_experience(user_id: int) -> int:
    """How many months the person's experience covers; overlaps count once."""
    rows = Experience.objects.filter(user_id=user_id).values_list("started", "ended")
    return months_covered([Span(*row) for row in rows], now().date())
