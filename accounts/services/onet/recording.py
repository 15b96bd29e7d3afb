"""Keeping which release was imported, so that the attribution names it."""

from accounts.models import TaxonomyRelease
from accounts.services.onet.report import Diff, Report
from timetravelers.kit.clock import now

# The tables whose rows are the release's, one to one.
COUNTED = ("occupations", "alternate titles", "related occupations", "tasks", "skills", "technologies in use")


def record_release(version: str, report: Report) -> Diff:
    """Make this release the one that the taxonomy holds; nothing is written if it is so already."""
    counts = {table.replace(" ", "_"): report.tables[table].present for table in COUNTED}
    newest = TaxonomyRelease.objects.first()
    if newest is not None and (newest.version, newest.counts) == (version, counts):
        return Diff(unchanged=1)
    facts = {"imported_at": now(), "counts": counts}
    _, created = TaxonomyRelease.objects.update_or_create(version=version, defaults=facts)
    return Diff(created=int(created), changed=int(not created))
