"""Merging a whole release of O*NET over the taxonomy."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from accounts.models import Field
from accounts.services.onet.characters import link_work_styles, merge_interests, merge_work_styles, read_work_styles
from accounts.services.onet.occupations import (
    Ids,
    ids_of,
    merge_neighbours,
    merge_occupations,
    merge_tasks,
    merge_titles,
)
from accounts.services.onet.recording import record_release
from accounts.services.onet.release import CONTENT_MODEL, READ_ME, REPORTED_TITLES, WORK_STYLES, Release
from accounts.services.onet.report import Diff, Report
from accounts.services.onet.skills import link_skills, link_technologies, merge_hot, merge_skills, read_skills
from accounts.services.search_terms import refresh_search_terms
from timetravelers.kit.upserts import lock_table

Progress = Callable[[str], None]


@transaction.atomic
def import_onet(*, folder: Path, progress: Progress) -> Report:
    """Merge the release in the folder over the taxonomy and say what that changed; again, it changes nothing.

    All or nothing; one writer of the taxonomy at a time (locks the table of fields against writers, as loading
    does). `progress` is told the name of each table before its turn. What came from O*NET and is no longer
    in the release is retired where people refer to it (occupations, skills), and removed where they do not.
    Which release it was is kept, for the attribution.
    Raises ContentError naming file and line.
    """
    lock_table(Field)
    release, report = Release(folder), Report()
    release.check_files()

    def record(table: str, merge: Callable[[], Diff]) -> None:
        progress(f"{table} ...")
        report.tables[table] = merge()

    record("occupations", lambda: merge_occupations(release))
    ids = ids_of(release)
    record("alternate titles", lambda: merge_titles(release, ids))
    record("related occupations", lambda: merge_neighbours(release, ids))
    record("tasks", lambda: merge_tasks(release, ids))
    record("interests", lambda: merge_interests(release, ids))
    _merge_skills(release, ids, record)
    _merge_work_styles(release, ids, record, report)
    release.check_ends()
    record("search terms", lambda: Diff.of(refresh_search_terms()))
    record("release", lambda: record_release(release.version(), report))
    if not release.version():
        report.notes.append(f"{READ_ME} does not say which release this is, and so the attribution cannot.")
    optional = (REPORTED_TITLES, CONTENT_MODEL)
    report.notes.extend(f"{file} is not there, and not needed." for file in optional if not release.has(file))
    return report


Record = Callable[[str, Callable[[], Diff]], None]


def _merge_skills(release: Release, ids: Ids, record: Record) -> None:
    asked = read_skills(release)
    record("skills", lambda: merge_skills(release, asked))
    record("hot technologies", lambda: merge_hot(asked))
    record("skills of occupations", lambda: link_skills(asked, ids))
    record("technologies in use", lambda: link_technologies(asked, ids))


def _merge_work_styles(release: Release, ids: Ids, record: Record, report: Report) -> None:
    ratings = read_work_styles(release)
    if not ratings.figures:
        report.notes.append(f"{WORK_STYLES} has nothing on the scale IM; work styles were left as they are.")
        return
    record("work styles", lambda: merge_work_styles(release, ratings))
    record("styles of occupations", lambda: link_work_styles(ratings, ids))
