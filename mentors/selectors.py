"""What people read about Travelers, and what the house knows of where their instructions stand."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from accounts.picture_files import read_picture
from mentors.errors import TravelerNotFound
from mentors.models import EgressRecord, Traveler, TravelerProject, TravelerSkill, TravelerVersion
from mentors.portraits import SIZES, draw_portrait, portrait_name
from mentors.profiles import Difference, differences
from mentors.querysets import TravelerQuerySet
from timetravelers.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a portrait is made from: a stored picture's name, or, where that is empty, slug and years."""

    slug: str
    era_years: int
    stored: str

    @property
    def id(self) -> str:
        """A name of what is shown, another one for each picture."""
        return self.stored or portrait_name(self.slug, self.era_years)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A version, and how its profile differs from that of the version before."""

    version: TravelerVersion
    changes: tuple[Difference, ...]
    new_portrait: bool


def published_travelers(*, field: str = "", search: str = "") -> TravelerQuerySet:
    """The Travelers people may meet, with occupation and field; narrowed by field code and by words."""
    travelers = Traveler.objects.published().select_related("occupation__field")
    if field:
        travelers = travelers.in_field(field)
    return travelers.about(search) if search else travelers


def published_traveler(uid: UUID) -> Traveler:
    """One Traveler with everything people may know of it, in two queries; raises TravelerNotFound."""
    skills = TravelerSkill.objects.select_related("skill").order_by("-level", "skill__name")
    traveler = published_travelers().prefetch_related(Prefetch("skill_links", skills)).filter(uid=uid).first()
    if traveler is None:
        raise TravelerNotFound
    return traveler


def portrait_of(uid: UUID) -> Portrait:
    """The portrait of a Traveler that people may know, published or retired; raises TravelerNotFound."""
    facts = Traveler.objects.met().filter(uid=uid).values_list("slug", "era_years", "portrait").first()
    if facts is None:
        raise TravelerNotFound
    return Portrait(*facts)


def portrait_square(portrait: Portrait, size: int) -> bytes:
    """A square of it, as WebP; raises NotFound for a size that is not made. A stored file that is gone is drawn."""
    if size not in SIZES:
        raise NotFound("There is no such picture.")
    stored = read_picture(portrait.stored, size) if portrait.stored else None
    return stored or _drawn(portrait.slug, portrait.era_years, size)


@lru_cache(maxsize=256)
def _drawn(slug: str, era_years: int, size: int) -> bytes:
    return draw_portrait(slug, era_years)[size]


def newest_published_version(uid: UUID) -> TravelerVersion:
    """The version in which people meet a Traveler, with the Traveler; raises TravelerNotFound."""
    versions = TravelerVersion.objects.newest().select_related("traveler")
    version = versions.filter(traveler__uid=uid, traveler__state="published").first()
    if version is None:
        raise TravelerNotFound
    return version


def history_of(traveler: Traveler) -> list[HistoryEntry]:
    """All versions of a Traveler, newest first, each with what it changed; in one query."""
    versions: QuerySet[TravelerVersion] = traveler.versions.select_related("author").order_by("-number")
    rows = list(versions)
    return [_entry(row, before) for row, before in zip(rows, [*rows[1:], None], strict=True)]


def _entry(version: TravelerVersion, before: TravelerVersion | None) -> HistoryEntry:
    if before is None:
        return HistoryEntry(version, (), new_portrait=False)
    changes = tuple(differences(before.profile, version.profile))
    return HistoryEntry(version, changes, new_portrait=before.portrait != version.portrait)


def project_for(version: TravelerVersion, account: int) -> str | None:
    """The project of an account (by primary key) that holds exactly this version's instructions, if there is one."""
    projects = TravelerProject.objects.filter(
        traveler=version.traveler_id,
        instructions_hash=version.instructions_hash,
        account=account,
        state=TravelerProject.State.SYNCED,
    )
    return projects.values_list("project_id", flat=True).first()


def egress_of(user: User) -> QuerySet[EgressRecord]:
    """The receipts of what was sent out for a person."""
    return EgressRecord.objects.filter(user=user)
