"""Files that are not what they should be: refused with file and line, and nothing is imported."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AlternateTitle, Field, Occupation, OccupationSkill, Skill, WorkStyle
from accounts.services.onet import import_onet
from accounts.services.onet.reading import Line, read_lines
from tests.factories.accounts import make_group
from tests.factories.onet import Files, release_files, unchanged, write_release
from timetravelers.kit.content import ContentError

REQUIRED = sorted(set(release_files()) - {"Content Model Reference.txt"})


def refused(folder: Path, file: str, line: int, words: str) -> None:
    """The folder is refused for this line of this file, and the database is as it was."""
    make_group("15-2000")
    make_group("29-1000")
    with pytest.raises(ContentError) as refusal:
        import_onet(folder=folder, progress=unchanged)
    assert refusal.value.detail.startswith(f"{file}: at line {line}: ")
    assert words in refusal.value.detail
    assert [table.objects.count() for table in (Occupation, AlternateTitle, Skill, OccupationSkill, WorkStyle)] == [
        0
    ] * 5
    assert Field.objects.count() == 2


def cell(file: str, row: int, column: str, text: str) -> Callable[[Files], None]:
    """Put a text into a cell; row 0 is the header's."""

    def edit(files: Files) -> None:
        files[file][row][files[file][0].index(column)] = text

    return edit


def repeat(file: str, row: int) -> Callable[[Files], None]:
    return lambda files: files[file].insert(row + 1, list(files[file][row]))


@pytest.mark.django_db
@pytest.mark.parametrize("file", REQUIRED)
def test_a_file_that_is_gone_or_renamed_is_missed(tmp_path: Path, file: str) -> None:
    write_release(tmp_path)
    (tmp_path / file).rename(tmp_path / f"Old {file}")
    refused(tmp_path, file, 1, "not there")


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "Occupation Data.txt", 1, "not there")


@pytest.mark.django_db
@pytest.mark.parametrize("file", [*REQUIRED, "Content Model Reference.txt"])
def test_a_file_cut_in_the_middle_of_a_line_is_refused(tmp_path: Path, file: str) -> None:
    write_release(tmp_path)
    text = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(text[:-2])
    refused(tmp_path, file, text.count(b"\n"), "in the middle of a line")


@pytest.mark.django_db
@pytest.mark.parametrize("file", REQUIRED)
def test_a_file_that_lost_its_last_occupation_is_refused(tmp_path: Path, file: str) -> None:
    rows = release_files()[file]
    kept = [row for row in rows if row[0] != max(row[0] for row in rows[1:])]
    write_release(tmp_path, lambda files: files.update({file: kept}))
    blamed = "Alternate Titles.txt" if file == "Occupation Data.txt" else file
    line = 6 if file == "Occupation Data.txt" else len(kept)
    refused(tmp_path, blamed, line, "is not in" if file == "Occupation Data.txt" else "cut short")


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["Skills.txt", "Knowledge.txt", "Interests.txt"])
def test_an_occupation_that_lost_figures_is_refused(tmp_path: Path, file: str) -> None:
    write_release(tmp_path, lambda files: files[file].pop())
    refused(tmp_path, file, len(release_files()[file]) - 1, "ends without")


@pytest.mark.django_db
@pytest.mark.parametrize("file", [*REQUIRED, "Content Model Reference.txt"])
def test_a_renamed_column_an_extra_cell_and_no_text_at_all_are_refused(tmp_path: Path, file: str) -> None:
    column = {"Occupation Data.txt": "Description", "Content Model Reference.txt": "Description"}
    first = column.get(file, "O*NET-SOC Code")
    write_release(tmp_path, cell(file, 0, first, "Something else"))
    refused(tmp_path, file, 1, f"no column '{first}'")
    write_release(tmp_path, lambda files: files[file][2].append("more"))
    refused(tmp_path, file, 3, "cells")
    (tmp_path / file).write_bytes(b"")
    refused(tmp_path, file, 1, "empty")


@pytest.mark.django_db
@pytest.mark.parametrize("file", REQUIRED)
def test_another_encoding_is_refused(tmp_path: Path, file: str) -> None:
    write_release(tmp_path)
    lines = (tmp_path / file).read_bytes().split(b"\n")
    lines[2] += b"\xe9"
    (tmp_path / file).write_bytes(b"\n".join(lines))
    refused(tmp_path, file, 3, "not UTF-8")


@pytest.mark.django_db
@pytest.mark.parametrize("file", REQUIRED)
def test_a_line_that_is_there_twice_is_refused(tmp_path: Path, file: str) -> None:
    write_release(tmp_path, repeat(file, 1))
    refused(tmp_path, file, 3, "repeats")


@pytest.mark.django_db
@pytest.mark.parametrize("file", [file for file in REQUIRED if file != "Occupation Data.txt"])
def test_an_unknown_occupation_is_refused(tmp_path: Path, file: str) -> None:
    write_release(tmp_path, cell(file, 2, "O*NET-SOC Code", "15-9999.00"))
    refused(tmp_path, file, 3, "'15-9999.00' is not in Occupation Data.txt")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "column", "text", "words"),
    [
        ("Occupation Data.txt", "O*NET-SOC Code", "15-2051", "form"),
        ("Occupation Data.txt", "O*NET-SOC Code", "99-2051.00", "no field 99-0000"),
        ("Occupation Data.txt", "Title", "", "empty"),
        ("Occupation Data.txt", "Title", "x" * 151, "longer"),
        ("Occupation Data.txt", "Description", "a\x00b", "control"),
        ("Alternate Titles.txt", "Alternate Title", "x" * 151, "longer"),
        ("Job Zones.txt", "Job Zone", "6", "from 1 to 5"),
        ("Job Zones.txt", "Job Zone", "2.5", "whole"),
        ("Skills.txt", "Data Value", "nan", "number"),
        ("Skills.txt", "Data Value", "1e0", "number"),
        ("Skills.txt", "Data Value", "5.01", "from 1 to 5"),
        ("Skills.txt", "Data Value", "", "number"),
        ("Skills.txt", "Element ID", "2.C.4.a", "does not belong"),
        ("Skills.txt", "Element ID", "'; DROP", "form"),
        ("Knowledge.txt", "Element ID", "2.A.1.b", "does not belong"),
        ("Interests.txt", "Data Value", "0.99", "from 1 to 7"),
        ("Technology Skills.txt", "Hot Technology", "yes", "none of N, Y"),
        ("Technology Skills.txt", "Example", "x" * 151, "longer"),
        ("Task Statements.txt", "Task ID", "0", "from 1"),
        ("Task Statements.txt", "Task Type", "Core ", "none of"),
        ("Related Occupations.txt", "Related O*NET-SOC Code", "00-0000.00", "is not in"),
        ("Related Occupations.txt", "Relatedness Tier", "Primary", "none of"),
        ("Related Occupations.txt", "Index", "x", "number"),
    ],
)
def test_a_cell_that_is_not_what_it_should_be_is_named(
    tmp_path: Path, file: str, column: str, text: str, words: str
) -> None:
    write_release(tmp_path, cell(file, 1, column, text))
    refused(tmp_path, file, 2, words)


@pytest.mark.django_db
def test_an_occupation_is_not_its_own_neighbour(tmp_path: Path) -> None:
    write_release(tmp_path, cell("Related Occupations.txt", 1, "Related O*NET-SOC Code", "15-2041.00"))
    refused(tmp_path, "Related Occupations.txt", 2, "itself")


@pytest.mark.django_db
def test_without_fields_it_says_what_to_do_first(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"(?s)load the starting content first.*Nothing was imported"):
        call_command("import_onet", str(write_release(tmp_path / "onet")))


@pytest.mark.django_db
def test_an_occupation_of_a_minor_group_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    def edit(files: Files) -> None:
        for rows in files.values():
            for row in rows:
                row[:] = ["15-3041.00" if text == "15-2041.00" else text for text in row]

    write_release(tmp_path, edit)
    refused(tmp_path, "Occupation Data.txt", 2, "no field has a minor group for 15-3041.00")


@pytest.mark.django_db
def test_work_styles_on_another_scale_are_left_alone_and_noted(tmp_path: Path) -> None:
    make_group("15-2000")
    make_group("29-1000")

    def edit(files: Files) -> None:
        for row in files["Work Styles.txt"][1:]:
            row[4], row[6] = "WI", "-2.5"

    report = import_onet(folder=write_release(tmp_path, edit), progress=unchanged)
    assert "Work Styles.txt has nothing on the scale IM" in report.notes[0]


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_are_lines_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.txt"
    file.write_bytes(b"A\tB\n" + raw)
    whole = raw.count(b"\n")
    try:
        lines = list(read_lines(file.parent, file.name, ("A", "B")))
    except ContentError as exc:
        lines, said = [], exc.detail
    else:
        said = ""
    assert said.startswith("any.txt: at line ") or [line.number for line in lines] == list(range(2, whole + 2))
    assert all(len(line.cells) == 2 for line in lines)


@given(st.text(max_size=12))
def test_a_figure_is_a_plain_number_in_its_range_or_refused(text: str) -> None:
    line = Line("any.txt", 2, {"A": text})
    try:
        figure = line.figure("A", 1, 5)
    except ContentError:
        return
    assert 1 <= figure <= 5
    assert set(text) <= set("0123456789.")
