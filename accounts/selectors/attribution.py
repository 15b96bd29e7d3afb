"""Whom the taxonomy is owed to."""

from accounts.models import TaxonomyRelease
from accounts.wording import STARTER_RELEASE, Source, imported_source, starter_source


def taxonomy_sources() -> list[Source]:
    """The release that was imported last, and the one the starting content draws on if that is another."""
    release = TaxonomyRelease.objects.first()
    if release is None:
        return [starter_source()]
    imported = imported_source(release.version, release.imported_at, release.counts)
    return [imported] if release.version == STARTER_RELEASE else [imported, starter_source()]
