"""Changing one's profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.errors import UnknownTaxonomyEntry
from accounts.events import ProfileChanged
from accounts.models import Occupation, Profile, Skill, User, UserSkill
from timetravelers.kit.errors import FieldError, PreconditionFailed
from timetravelers.kit.events import publish
from timetravelers.kit.upserts import upsert


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What to change; what is not named stays.

    `facts` are columns of Profile. `target_occupation` is a code in a tuple of one, or a tuple of None to
    clear it. `skills`, keys with levels from 1 to 5, replaces the whole list.
    """

    facts: Mapping[str, str | int | float | None] = field(default_factory=dict)
    target_occupation: tuple[str | None] | None = None
    skills: Sequence[tuple[str, int]] | None = None

    def __bool__(self) -> bool:
        return bool(self.facts) or self.target_occupation is not None or self.skills is not None


@transaction.atomic
def update_profile(*, user: User, changes: ProfileChanges, expected_version: int | None = None) -> int:
    """Apply the changes and return the new version, one above the last; no changes, no new version.

    Locks the person's row, so that edits happen one after the other. The profile comes into being with its
    first change (version 0 means none yet). Raises PreconditionFailed when `expected_version` is no longer
    the newest, and UnknownTaxonomyEntry. Publishes ProfileChanged.
    """
    User.objects.select_for_update().only("id").get(pk=user.pk)
    profile = Profile.objects.filter(user_id=user.pk).first() or Profile(user_id=user.pk, version=0)
    if expected_version is not None and expected_version != profile.version:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    if not changes:
        return profile.version
    _change_facts(profile, changes)
    profile.version += 1
    profile.save()
    if changes.skills is not None:
        _replace_skills(user, changes.skills)
    publish(ProfileChanged(user.pk, profile.version))
    return profile.version


def _change_facts(profile: Profile, changes: ProfileChanges) -> None:
    for name, value in changes.facts.items():
        setattr(profile, name, value)
    if changes.target_occupation is not None:
        profile.target_occupation = _occupation(changes.target_occupation[0])


def _occupation(code: str | None) -> Occupation | None:
    if code is None:
        return None
    occupation = Occupation.objects.filter(code=code).first()
    if occupation is None:
        unknown = FieldError("/target_occupation", "unknown_occupation", "There is no such occupation.")
        raise UnknownTaxonomyEntry(errors=(unknown,))
    return occupation


def _replace_skills(user: User, wanted: Sequence[tuple[str, int]]) -> None:
    known = dict(Skill.objects.filter(key__in=[key for key, _ in wanted]).values_list("key", "id"))
    unknown = tuple(
        FieldError(f"/skills/{index}/key", "unknown_skill", "There is no such skill.")
        for index, (key, _) in enumerate(wanted)
        if key not in known
    )
    if unknown:
        raise UnknownTaxonomyEntry(errors=unknown)
    rows = [UserSkill(user_id=user.pk, skill_id=known[key], level=level) for key, level in wanted]
    upsert(UserSkill.objects.filter(user_id=user.pk), rows, key=["skill_id"], values=["level"], prune=True)
