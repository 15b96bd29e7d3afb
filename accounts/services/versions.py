"""One person's profile and records: edited one after the other, under one version."""

from accounts.events import ProfileChanged
from accounts.models import Profile, User
from accounts.services.locking import lock_person
from timetravelers.kit.errors import PreconditionFailed
from timetravelers.kit.events import publish


def lock_profile(user: User, expected_version: int | None = None) -> Profile:
    """The profile to edit, not stored yet (version 0) if there is none.

    Locks the person's row until the transaction ends, so that edits happen one after the other. Raises
    NotFound if the account is gone, and PreconditionFailed when `expected_version` is no longer the newest.
    """
    lock_person(user.pk)
    profile = Profile.objects.filter(user_id=user.pk).first() or Profile(user_id=user.pk, version=0)
    if expected_version is not None and expected_version != profile.version:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    return profile


def save_next(profile: Profile) -> int:
    """Store a profile got by `lock_profile` as its next version, and return that. Publishes ProfileChanged."""
    profile.version += 1
    profile.save()
    publish(ProfileChanged(profile.user_id, profile.version))
    return profile.version
