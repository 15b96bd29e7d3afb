"""Staff writing Travelers: each edit is a new version, and no edit is lost to another."""

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import User
from accounts.picture_files import delete_picture, store_picture
from accounts.pictures import SIZES, squares
from mentors.errors import (
    CurationRefused,
    TravelerEditedMeanwhile,
    TravelerInvalid,
    TravelerNotFound,
    TravelerSlugTaken,
    TravelerUnchanged,
    TravelerVersionNotFound,
)
from mentors.models import Traveler, TravelerState, TravelerVersion
from mentors.policies import can_curate_travelers
from mentors.profiles import Profile, is_same, tidy
from mentors.services.versions import Origin, Source, add_version, find_problems, lock_travelers, references_of
from timetravelers.kit.errors import FieldError

log = structlog.get_logger(__name__)


@transaction.atomic
def open_edit(*, actor: User, traveler: UUID, expected_version: int) -> Traveler:
    """The Traveler, with every other writer kept out until the transaction ends.

    Raises CurationRefused, TravelerNotFound, and TravelerEditedMeanwhile unless it stands at `expected_version`.
    """
    _require_curator(actor)
    lock_travelers()
    row = Traveler.objects.filter(uid=traveler).first()
    if row is None:
        raise TravelerNotFound
    if row.version != expected_version:
        raise TravelerEditedMeanwhile(
            f"You began with version {expected_version}, and version {row.version} has been saved since. "
            "Look at what changed, then make your edit again."
        )
    return row


def edit_traveler(
    *,
    actor: User,
    traveler: UUID,
    profile: Profile,
    expected_version: int,
    note: str = "",
    picture: bytes | None = None,
) -> TravelerVersion:
    """Make `profile`, and the picture if one is given, the newest version of a Traveler; running sessions keep theirs.

    One writer of Travelers at a time. Raises what `open_edit` and `pictures.squares` raise, TravelerInvalid with
    a pointer to each mistake, and TravelerUnchanged. The files of a picture go if the edit is refused. Publishes
    TravelerEdited, and TravelerVersionPublished for one that people may meet.
    """
    _require_curator(actor)
    portrait = None if picture is None else store_picture(squares(picture))
    try:
        opening = {"actor": actor, "traveler": traveler, "expected_version": expected_version}
        return _edit(tidy(profile), Origin(Source.STAFF, actor, note), portrait, **opening)
    except BaseException:
        if portrait is not None:
            delete_picture(portrait, SIZES)
        raise


@transaction.atomic
def _edit(profile: Profile, origin: Origin, portrait: str | None, **opening: Any) -> TravelerVersion:
    row = open_edit(**opening)
    before = TravelerVersion.objects.get(traveler=row, number=row.version)
    if is_same(before.profile, profile) and portrait is None:
        raise TravelerUnchanged
    picture = row.portrait if portrait is None else portrait
    return _write(row, profile, origin, picture)


@transaction.atomic
def create_traveler(*, actor: User, profile: Profile, note: str = "") -> TravelerVersion:
    """A new Traveler, as a draft that nobody meets until it is published.

    Raises CurationRefused, TravelerSlugTaken and TravelerInvalid. Publishes TravelerEdited.
    """
    _require_curator(actor)
    lock_travelers()
    tidied = tidy(profile)
    if Traveler.objects.filter(slug=tidied.get("slug")).exists():
        raise TravelerSlugTaken
    draft = Traveler(slug=tidied.get("slug"), state=TravelerState.DRAFT)
    return _write(draft, tidied, Origin(Source.STAFF, actor, note), "")


@transaction.atomic
def roll_back(*, actor: User, traveler: UUID, number: int, expected_version: int) -> TravelerVersion:
    """Make what a Traveler was in version `number`, portrait included, its newest version.

    Raises what `open_edit` raises, TravelerVersionNotFound, TravelerUnchanged if it stands there already, and
    TravelerInvalid if the old profile would not be taken today.
    """
    row = open_edit(actor=actor, traveler=traveler, expected_version=expected_version)
    found = {one.number: one for one in TravelerVersion.objects.filter(traveler=row, number__in=(number, row.version))}
    if number not in found:
        raise TravelerVersionNotFound
    old, newest = found[number], found[row.version]
    if is_same(old.profile, newest.profile) and old.portrait == newest.portrait:
        raise TravelerUnchanged
    origin = Origin(Source.ROLLBACK, actor, f"Back to version {number}.")
    return _write(row, old.profile, origin, old.portrait)


def _write(row: Traveler, profile: Profile, origin: Origin, portrait: str) -> TravelerVersion:
    _refuse_problems(row, profile)
    version = add_version(row, profile, references_of([profile]), origin, portrait=portrait)
    log.info("traveler_edited", traveler=str(row.uid), version=version.number, source=origin.source.value)
    return version


def _refuse_problems(row: Traveler, profile: Profile) -> None:
    errors = [FieldError(problem.place, "invalid", problem.text) for problem in find_problems(profile)]
    if profile.get("slug") != row.slug:
        errors.append(FieldError("/slug", "invalid", "A slug stays for ever."))
    if errors:
        raise TravelerInvalid(errors=tuple(errors))


def _require_curator(actor: User) -> None:
    if not can_curate_travelers(actor):
        raise CurationRefused
