"""A person's skills: the list as a whole, and what is vouched for."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.errors import RecordsFull
from accounts.models import MOST_RECORDS, EvidenceGrade, User, UserSkill
from accounts.selectors.records import record_of
from accounts.services.choosing import choose_skills
from accounts.services.versions import lock_profile, save_next
from timetravelers.kit.upserts import upsert

_RANKS = {grade: rank for rank, grade in enumerate(EvidenceGrade.values)}


@transaction.atomic
def vouch_for_skill(*, user: User, uid: UUID, grade: EvidenceGrade) -> UserSkill:
    """Raise the grade of a person's skill to what was shown or attested at its present level; it never falls.

    For services that have seen the evidence: no door leads here. Locks the person's row. Raises NotFound.
    Publishes ProfileChanged.
    """
    profile = lock_profile(user)
    skill = record_of(UserSkill, user.pk, uid)
    if _RANKS[grade] > _RANKS[skill.grade]:
        skill.grade = grade
        skill.save(update_fields=["grade"])
        save_next(profile)
    return skill


def replace_skills(user: User, wanted: Sequence[tuple[str, int]]) -> None:
    """Make the taxonomy's skills in the person's list these, given by key and level; own words stay.

    Under the lock on the person's row. What was vouched for stays so unless its level rises; new ones go to the
    end. Raises UnknownTaxonomyEntry, RetiredTaxonomyEntry and RecordsFull.
    """
    present = {row.skill_id: row for row in UserSkill.objects.filter(user_id=user.pk, skill__isnull=False)}
    known = choose_skills([key for key, _ in wanted], present=present.keys())
    own_words = UserSkill.objects.filter(user_id=user.pk, skill__isnull=True)
    if len(wanted) + own_words.count() > MOST_RECORDS:
        raise RecordsFull(f"There is room for {MOST_RECORDS} skills.")
    places = list(UserSkill.objects.filter(user_id=user.pk).values_list("position", flat=True))
    end = max(places, default=-1) + 1
    rows = [
        _merged(present.get(known[key]), UserSkill(user_id=user.pk, skill_id=known[key], level=level, position=place))
        for place, (key, level) in enumerate(wanted, end)
    ]
    listed = UserSkill.objects.filter(user_id=user.pk, skill__isnull=False)
    upsert(listed, rows, key=["skill_id"], values=["level", "grade"], prune=True)


def _merged(present: UserSkill | None, wanted: UserSkill) -> UserSkill:
    if present is not None and wanted.level <= present.level:
        wanted.grade = present.grade
    return wanted
