"""A small release of O*NET, made up, with the layout of the real one."""

from collections.abc import Callable
from pathlib import Path

Table = list[list[str]]
Files = dict[str, Table]
Edit = Callable[[Files], object]

SCIENTISTS, STATISTICIANS, NURSES, INFANTRY = "15-2051.00", "15-2041.00", "29-1141.00", "55-3016.00"
NAMES = {
    SCIENTISTS: "Data Scientists",
    STATISTICIANS: "Statisticians",
    NURSES: "Registered Nurses",
    INFANTRY: "Infantry",
}
RATED = (STATISTICIANS, SCIENTISTS, NURSES)
AREAS = ("Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional")
WHERE = ["O*NET-SOC Code", "Title"]
RATING = [*WHERE, "Element ID", "Element Name", "Scale ID", "Scale Name", "Data Value", "N", "Date"]


def _of(code: str, *cells: object) -> list[str]:
    return [code, NAMES[code], *map(str, cells)]


def _rated(elements: dict[str, str], scales: dict[str, str]) -> Table:
    """Every rated occupation, with figures that tell occupation, element and scale apart."""
    rows = [list(RATING)]
    for i, code in enumerate(RATED):
        for j, (element, name) in enumerate(elements.items()):
            for k, (scale, words) in enumerate(scales.items()):
                rows.append(_of(code, element, name, scale, words, f"{2 + i / 2 + j / 10 + k / 100:.2f}", 8, "05/2025"))
    return rows


def _interests() -> Table:
    rows = [list(RATING)]
    for code in RATED:
        for number, name in enumerate(AREAS):
            cells = (f"1.B.1.{'abcdef'[number]}", name, "OI", "Occupational Interests", f"{6.5 - number / 2:g}")
            rows.append(_of(code, *cells, "", "05/2025"))
        for element, place, area in (("g", "First", 2), ("h", "Second", 1), ("i", "Third", 0)):
            cells = (f"1.B.1.{element}", f"{place} Interest High-Point", "IH", "High-Point", str(area))
            rows.append(_of(code, *cells, "", "05/2025"))
    return rows


def release_files() -> Files:
    """Every file of the small release, as tables to change at will."""
    both = {"IM": "Importance", "LV": "Level"}
    return {
        "Occupation Data.txt": [
            [*WHERE, "Description"],
            *(_of(code, f"Do what {NAMES[code]} do.") for code in sorted(NAMES)),
        ],
        "Alternate Titles.txt": [
            [*WHERE, "Alternate Title", "Short Title", "Source(s)"],
            _of(STATISTICIANS, "Biostatistician", "", "08"),
            _of(SCIENTISTS, "Machine Learning Engineer (ML Engineer)", "ML Engineer", "02,08"),
            _of(SCIENTISTS, "Data Analyst", "", "08"),
            _of(NURSES, "RN (Registered Nurse)", "RN", "08"),
            _of(INFANTRY, "Rifleman", "", "08"),
        ],
        "Job Zones.txt": [
            [*WHERE, "Job Zone", "Date"],
            *(_of(code, zone, "05/2025") for code, zone in zip(RATED, (5, 5, 3), strict=True)),
        ],
        "Skills.txt": _rated({"2.A.1.b": "Active Listening", "2.B.3.e": "Programming"}, both),
        "Knowledge.txt": _rated({"2.C.4.a": "Mathematics"}, both),
        "Work Styles.txt": _rated({"1.C.5.b": "Attention to Detail"}, {"IM": "Importance"}),
        "Interests.txt": _interests(),
        "Technology Skills.txt": [
            [*WHERE, "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"],
            _of(STATISTICIANS, "R", "43232605", "Analytical software", "Y", "Y"),
            _of(SCIENTISTS, "Python", "43232408", "Object oriented software", "Y", "Y"),
            _of(SCIENTISTS, "C++", "43232408", "Object oriented software", "Y", "N"),
            _of(SCIENTISTS, "R", "43232605", "Analytical software", "Y", "N"),
            _of(NURSES, "MEDITECH software", "42295100", "Medical software", "N", "N"),
        ],
        "Task Statements.txt": [
            [*WHERE, "Task ID", "Task", "Task Type", "Date"],
            _of(STATISTICIANS, 101, "Count things.", "Core", "05/2025"),
            _of(SCIENTISTS, 102, "Fit models.", "Supplemental", "05/2025"),
            _of(NURSES, 103, "Care for people.", "", "05/2025"),
        ],
        "Related Occupations.txt": [
            [*WHERE, "Related O*NET-SOC Code", "Related Title", "Relatedness Tier", "Index"],
            _of(STATISTICIANS, SCIENTISTS, NAMES[SCIENTISTS], "Primary-Short", 1),
            _of(SCIENTISTS, STATISTICIANS, NAMES[STATISTICIANS], "Primary-Short", 1),
            _of(SCIENTISTS, NURSES, NAMES[NURSES], "Supplemental", 2),
            _of(NURSES, SCIENTISTS, NAMES[SCIENTISTS], "Primary-Long", 1),
        ],
        "Content Model Reference.txt": [
            ["Element ID", "Element Name", "Description"],
            ["2.A.1.b", "Active Listening", "Hear people out."],
            ["2.C.4.a", "Mathematics", "Numbers and what they do."],
            ["1.C.5.b", "Attention to Detail", "Be careful."],
        ],
    }


def unchanged(_: object) -> None:
    """Change nothing; say nothing."""


def write_release(folder: Path, edit: Edit = unchanged, version: str = "30.1") -> Path:
    """The small release as files in the folder, after `edit` has changed it; without a version, it does not say it."""
    files = release_files()
    edit(files)
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        text = "".join("\t".join(row) + "\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (folder / "Read Me.txt").write_text(
        f"O*NET {version} Database\n---\n\nA small one.\n" if version else "A small one.\n"
    )
    return folder


def without(files: Files, code: str) -> None:
    """The occupation is in no file any more."""
    for name, rows in files.items():
        files[name] = [row for row in rows if code not in row]
