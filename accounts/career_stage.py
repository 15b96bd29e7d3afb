"""Where in a career somebody is: Super's stages, derived from what they do and want, and never from age.

After D. E. Super, "A life-span, life-space approach to career development" (Journal of Vocational Behavior 16,
1980, doi:10.1016/0001-8791(80)90056-1): growth, exploration, establishment, maintenance and disengagement, which
people pass through again, in a small way, with each change of direction (recycling). The bounds in years are ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.spans import MONTHS_A_YEAR, Span, months_covered

GROWTH, EXPLORATION, ESTABLISHMENT = "growth", "exploration", "establishment"
MAINTENANCE, DISENGAGEMENT = "maintenance", "disengagement"
STAGES: Final = (GROWTH, EXPLORATION, ESTABLISHMENT, MAINTENANCE, DISENGAGEMENT)

SETTLING_YEARS: Final = 2.0  # in a line of work; before that one is still trying it
HOLDING_YEARS: Final = 10.0  # in a line of work; after that one mostly keeps and renews what one has

# What people say of themselves, and roles of themselves. Nothing here has to do with how old somebody is.
_LEAVING = re.compile(r"^\s*(semi-?)?retired\b|\b(emeritus|emerita)\b", re.IGNORECASE)
_TRYING = re.compile(r"^\s*(trainee|apprentice)\b|\b(intern|trainee|apprentice|student)\s*$", re.IGNORECASE)

# How much of what we would like to know each kind of evidence is; the sum is the confidence.
_DATED, _TOLD, _LINE, _AIM, _STATEMENT = 0.5, 0.25, 0.2, 0.2, 0.1


@dataclass(frozen=True, slots=True)
class Employment:
    """A stretch of work from one month to another; `end` None means that it goes on. Unknown codes are empty."""

    start: date
    end: date | None = None
    title: str = ""
    occupation: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where somebody wants to go: an occupation or only a field; unknown codes are empty."""

    occupation: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class StageEvidence:
    """All that a stage is derived from.

    `aims` are those still pursued. `told_years` of work count when no roles are dated. `statement` is how the
    person sums themselves up. `related` holds pairs of occupation codes that are near to each other: a move
    between them is no change of direction.
    """

    today: date
    roles: tuple[Employment, ...] = ()
    aims: tuple[Aim, ...] = ()
    told_years: float | None = None
    statement: str = ""
    related: frozenset[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class StageReason:
    """One thing that spoke for the stage: a stable code, and a sentence for the person."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, whether it is passed through again, why, and how much evidence there was (0 to 1)."""

    stage: str
    recycling: bool
    reasons: tuple[StageReason, ...]
    confidence: float


Verdict = tuple[str, bool, StageReason]


def derive_stage(evidence: StageEvidence) -> Stage:
    """The stage that the evidence speaks for; the order of roles and aims does not matter."""
    begun = tuple(role for role in evidence.roles if role.start <= evidence.today)
    current = _current(begun, evidence.today)
    stage, recycling, reason = _judge(evidence, begun, current)
    return Stage(stage, recycling, (reason,), _confidence(evidence, current))


def worked_years(roles: Iterable[Employment], today: date) -> float:
    """Years in which at least one of the roles went on, up to today; first and last months count whole."""
    return months_covered([Span(role.start, role.end) for role in roles], today) / MONTHS_A_YEAR


def _current(roles: Iterable[Employment], today: date) -> Employment | None:
    """The role that says where somebody is now: one that goes on before one that ended, then the latest."""
    order = sorted(roles, key=lambda role: (min(role.end or today, today), role.start, role.occupation, role.title))
    return order[-1] if order else None


def _judge(evidence: StageEvidence, roles: tuple[Employment, ...], current: Employment | None) -> Verdict:
    if _is_leaving(evidence, current):
        if evidence.aims:
            return EXPLORATION, True, StageReason("new_direction", "After stepping back you aim for something new.")
        return DISENGAGEMENT, False, StageReason("leaving", "You say that you have stepped back from work.")
    if current is None:
        return _judge_untried(evidence)
    return _judge_line(evidence, roles, current)


def _judge_line(evidence: StageEvidence, roles: tuple[Employment, ...], current: Employment) -> Verdict:
    line = [role for role in roles if _same_line(role, current, evidence.related)]
    before = [role for role in roles if role not in line]
    years = worked_years(line, evidence.today)
    settled = years >= SETTLING_YEARS
    changed = worked_years(before, evidence.today) >= SETTLING_YEARS
    if _is_turning(evidence, current):
        text = "What you aim for now lies in another line of work than the one you are in."
        return EXPLORATION, settled or changed, StageReason("new_direction", text)
    if not settled or _TRYING.search(current.title):
        text = "You are trying out a line of work that is new to you."
        return EXPLORATION, changed, StageReason("new_line", text)
    return _by_years(years, recycling=changed and years < HOLDING_YEARS)


def _by_years(years: float, *, recycling: bool) -> Verdict:
    stage = MAINTENANCE if years >= HOLDING_YEARS else ESTABLISHMENT
    text = f"You have about {years:.0f} years in your present line of work."
    return stage, recycling, StageReason("years_in_line", text)


def _judge_untried(evidence: StageEvidence) -> Verdict:
    """Without a dated role: by the years somebody told us, and else by whether they know where to go."""
    told = evidence.told_years or 0
    if told >= SETTLING_YEARS:
        stage = MAINTENANCE if told >= HOLDING_YEARS else ESTABLISHMENT
        return stage, False, StageReason("years_told", f"You told us of {told:.0f} years of experience.")
    if told:
        return EXPLORATION, False, StageReason("first_steps", "You told us that your working life has just begun.")
    if evidence.aims:
        return EXPLORATION, False, StageReason("aim_only", "You know where you want to go, and set out for it now.")
    return GROWTH, False, StageReason("open", "You have told us of no work and no direction yet; all is open.")


def _is_leaving(evidence: StageEvidence, current: Employment | None) -> bool:
    """What the present role is called decides; how people sum themselves up does once no role goes on."""
    works = current is not None and (current.end is None or current.end > evidence.today)
    words = (current.title if current else "", "" if works else evidence.statement)
    return any(_LEAVING.search(text) for text in words)


def _is_turning(evidence: StageEvidence, current: Employment) -> bool:
    """Whether every aim leads away from the present line of work; unknown lines lead nowhere else."""
    known = [aim for aim in evidence.aims if aim.occupation or aim.field]
    if not known or not (current.occupation or current.field):
        return False
    return not any(_same_line(aim, current, evidence.related) for aim in known)


def _same_line(one: Employment | Aim, other: Employment, related: frozenset[frozenset[str]]) -> bool:
    """The same field or occupation, or occupations near to each other; without codes, the same title."""
    if one.field and one.field == other.field:
        return True
    if one.occupation and other.occupation:
        pair = frozenset((one.occupation, other.occupation))
        return len(pair) == 1 or pair in related
    return isinstance(one, Employment) and _is_untold(one, other)


def _is_untold(one: Employment, other: Employment) -> bool:
    """Roles of which neither has a field, under one title."""
    return not one.field and not other.field and one.title.casefold() == other.title.casefold()


def _confidence(evidence: StageEvidence, current: Employment | None) -> float:
    title = current.title if current else ""
    known_line = current is not None and bool(current.occupation or current.field)
    parts = (
        _DATED if current else _TOLD if evidence.told_years is not None else 0.0,
        _LINE if known_line else 0.0,
        _AIM if evidence.aims else 0.0,
        _STATEMENT if _is_leaving(evidence, current) or _TRYING.search(title) else 0.0,
    )
    return round(sum(parts), 2)
