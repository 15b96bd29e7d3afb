"""Loading Travelers from content files."""

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from mentors.models import Traveler, TravelerVersion
from mentors.profiles import problems_of
from mentors.services.versions import (
    Origin,
    References,
    Source,
    add_version,
    instructions_for,
    lock_travelers,
    references_of,
)
from timetravelers.kit.content import ContentError, Document, read_documents
from timetravelers.kit.upserts import Tally


@transaction.atomic
def load_travelers(*, folder: Path) -> Tally:
    """Bring Travelers to what their content files say; a file that changed is a new version of its Traveler.

    All or nothing; idempotent; one writer of Travelers at a time (locks the table against writers). The newest
    wins: a file that has not changed since it was loaded last overrides no edit by staff, and one that has
    changed becomes the newest version, with the edit kept as the one before. Whether people may meet a Traveler
    is staff's to say. Travelers without a file stay. Versions whose instructions would be compiled to other
    words today are compiled anew. Raises ContentError.
    """
    lock_travelers()
    kept = {row.slug: row for row in Traveler.objects.all()}
    documents = read_documents(folder, "travelers", "traveler")
    changed = [document for document in documents if _is_changed(document, kept)]
    _write(changed, kept)
    _compile_anew()
    created = sum(_slug(document) not in kept for document in changed)
    return Tally(created, len(changed) - created, 0, len(documents) - len(changed))


def _is_changed(document: Document, kept: Mapping[str, Traveler]) -> bool:
    slug = _slug(document)
    return slug not in kept or kept[slug].content_hash != document.content_hash


def _slug(document: Document) -> str:
    slug = str(document.data["slug"])
    if Path(document.file).stem != slug:
        raise ContentError(document.file, "/slug", f"the file is not called {slug}.yaml")
    return slug


def _write(changed: list[Document], kept: Mapping[str, Traveler]) -> None:
    references = references_of(document.data for document in changed)
    for document in changed:
        _refuse_problems(document, references)
    for document in changed:
        traveler = kept.get(document.data["slug"]) or Traveler(slug=document.data["slug"])
        traveler.content_hash = document.content_hash
        origin = Origin(Source.CONTENT, note=f"From {document.file}.")
        add_version(traveler, document.data, references, origin, portrait=traveler.portrait)


def _refuse_problems(document: Document, references: References) -> None:
    found = problems_of(document.data, occupations=references.occupations, skills=references.skills)
    if found:
        raise ContentError(document.file, found[0].place, found[0].text)


def _compile_anew() -> None:
    """Give a new version to each Traveler whose newest one holds instructions of older rules, or of older titles."""
    newest = TravelerVersion.objects.newest().select_related("traveler")
    references = references_of(version.profile for version in newest)
    for version in newest:
        if instructions_for(version.profile, references) != version.instructions:
            origin = Origin(Source.COMPILER, note="The same profile in newer words.")
            add_version(version.traveler, version.profile, references, origin, portrait=version.portrait)
