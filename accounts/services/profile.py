"""Changing one's profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import Occupation, Profile, User
from accounts.services.choosing import choose
from accounts.services.learning import state_axes
from accounts.services.skills import replace_skills
from accounts.services.versions import lock_profile, save_next


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What to change; what is not named stays.

    `facts` are columns of Profile. `axes` are learning preferences, None for going back to the assessed figure.
    `target_occupation` is a code in a tuple of one, or a tuple of None to clear it. `skills`, keys with levels
    from 1 to 5, replaces all of the taxonomy's skills; those in the person's own words stay.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, float | None] = field(default_factory=dict)
    target_occupation: tuple[str | None] | None = None
    skills: Sequence[tuple[str, int]] | None = None

    def __bool__(self) -> bool:
        return bool(self.facts) or bool(self.axes) or self.target_occupation is not None or self.skills is not None


@transaction.atomic
def update_profile(*, user: User, changes: ProfileChanges, expected_version: int | None = None) -> int:
    """Apply the changes and return the new version, one above the last; no changes, no new version.

    Locks the person's row, so that edits happen one after the other. The profile comes into being with its
    first change (version 0 means none yet). Raises PreconditionFailed when `expected_version` is no longer
    the newest, UnknownTaxonomyEntry, RetiredTaxonomyEntry, and RecordsFull for too many skills. Publishes
    ProfileChanged.
    """
    profile = lock_profile(user, expected_version)
    if not changes:
        return profile.version
    _change_facts(profile, changes)
    if changes.skills is not None:
        replace_skills(user, changes.skills)
    return save_next(profile)


def _change_facts(profile: Profile, changes: ProfileChanges) -> None:
    for name, value in changes.facts.items():
        setattr(profile, name, value)
    state_axes(profile, changes.axes)
    if changes.target_occupation is not None:
        profile.target_occupation = _target(profile, changes.target_occupation[0])


def _target(profile: Profile, code: str | None) -> Occupation | None:
    if code is None:
        return None
    return choose(Occupation, code, "/target_occupation", present=profile.target_occupation_id)
