"""`/taxonomy/attribution/`: the release that is in the taxonomy, and the line that its licence asks for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import TaxonomyRelease, User
from accounts.services.onet import Diff, Report, import_onet
from accounts.services.onet.release import Release
from accounts.wording import STARTER_RELEASE
from tests.actors import Api
from tests.content import library
from tests.factories.accounts import make_group
from tests.factories.onet import STATISTICIANS, unchanged, without, write_release
from timetravelers.kit.content import ContentError

Import = Callable[..., Report]


@pytest.fixture
def imported(db: None, tmp_path: Path) -> Import:
    """Imports the small release, under a version and after an edit."""
    make_group("15-2000")
    make_group("29-1000")

    def run(version: str = "30.1", edit: Any = unchanged) -> Report:
        return import_onet(folder=write_release(tmp_path / "onet", edit, version), progress=unchanged)

    return run


@pytest.fixture
def shown(charlie: User, api: Api) -> Callable[[], list[dict[str, Any]]]:
    """What the phone shows."""
    phone = api(charlie)

    def read() -> list[dict[str, Any]]:
        sources: list[dict[str, Any]] = phone.get("/taxonomy/attribution/").json()["sources"]
        return sources

    return read


def test_without_an_import_it_is_what_the_starter_draws_on(shown: Callable[[], list[dict[str, Any]]]) -> None:
    [source] = shown()
    assert source["attribution"].startswith(
        "This product includes information from the O*NET 29.3 Database by the U.S. Department of Labor, "
        "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license."
    )
    assert (source["name"], source["version"]) == ("O*NET 29.3 Database", STARTER_RELEASE)
    assert source["licence"] == "CC BY 4.0"
    assert (source["imported_at"], source["counts"]) == (None, None)


def test_the_line_is_the_one_of_the_documents(shown: Callable[[], list[dict[str, Any]]]) -> None:
    line = shown()[0]["attribution"].split(" O*NET®")[0]
    for page in ("README.md", "content/README.md", "docs/attribution.md"):
        assert line in " ".join((library.ROOT / page).read_text(encoding="utf-8").split())


def test_after_an_import_it_is_that_release_and_the_starters(
    imported: Import, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    report = imported()
    release, starter = shown()
    assert release["attribution"].startswith("This product includes information from the O*NET 30.1 Database by")
    assert "We merged it with" in release["attribution"]
    assert release["counts"] == {
        "occupations": 4,
        "alternate_titles": report.tables["alternate titles"].created,
        "related_occupations": 4,
        "tasks": 3,
        "skills": report.tables["skills"].created,
        "technologies_in_use": 5,
    }
    assert release["imported_at"].endswith("Z")
    assert starter["version"] == STARTER_RELEASE


def test_the_starters_release_is_named_once(imported: Import, shown: Callable[[], list[dict[str, Any]]]) -> None:
    imported(STARTER_RELEASE)
    [source] = shown()
    assert (source["version"], source["counts"]["occupations"]) == (STARTER_RELEASE, 4)


def test_again_nothing_is_written(imported: Import) -> None:
    assert imported().tables["release"] == Diff(created=1)
    before = TaxonomyRelease.objects.get()
    again = imported()
    assert (again.tables["release"], again.is_empty) == (Diff(unchanged=1), True)
    assert TaxonomyRelease.objects.get().imported_at == before.imported_at


def test_the_newest_import_counts_also_when_it_is_an_older_release(
    imported: Import, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    imported("30.1")
    imported("30.2")
    assert shown()[0]["version"] == "30.2"
    assert imported("30.1").tables["release"] == Diff(changed=1)
    assert shown()[0]["version"] == "30.1"
    assert TaxonomyRelease.objects.count() == 2


def test_the_same_release_with_other_rows_is_counted_anew(
    imported: Import, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    imported()
    imported("30.1", lambda files: without(files, STATISTICIANS))
    assert shown()[0]["counts"]["occupations"] == 3


def test_a_release_that_does_not_say_which_it_is_is_named_without(
    imported: Import, shown: Callable[[], list[dict[str, Any]]]
) -> None:
    assert any("does not say which release" in note for note in imported("").notes)
    assert (shown()[0]["name"], shown()[0]["version"]) == ("O*NET Database", "")
    assert "information from the O*NET Database by" in shown()[0]["attribution"]


def test_an_import_that_fails_is_not_recorded(imported: Import, shown: Callable[[], list[dict[str, Any]]]) -> None:
    with pytest.raises(ContentError):
        imported("30.1", lambda files: files["Related Occupations.txt"].pop())
    assert [source["version"] for source in shown()] == [STARTER_RELEASE]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("O*NET 29.3 Database\nMay 2025 Release\n", "29.3"),
        ("\ufeffThe O*NET® 31.0 Database", "31.0"),
        ("O*NET 30 Database", "30"),
        ("O*NET Database", ""),
        ("O*NET 1234567890123456789012345.1 Database", ""),
        ("", ""),
    ],
)
def test_a_version_is_read_from_the_read_me(tmp_path: Path, text: str, version: str) -> None:
    (tmp_path / "Read Me.txt").write_text(text, encoding="utf-8")
    assert Release(tmp_path).version() == version


def test_no_read_me_is_no_version(tmp_path: Path) -> None:
    assert Release(tmp_path).version() == ""


@given(raw=st.binary(max_size=200))
def test_whatever_the_read_me_is_a_version_is_short_figures(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "Read Me.txt").write_bytes(b"O*NET " + raw + b" Database")
    version = Release(folder).version()
    assert len(version) <= 20
    assert set(version) <= set("0123456789.")
