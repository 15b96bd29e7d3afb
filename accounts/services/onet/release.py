"""A release of O*NET: which files it has, and what they say, checked against each other."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from accounts.models import OccupationTask, RelatedOccupation
from accounts.services.onet.reading import LONGEST_LINE, Line, read_lines, refusal

OCCUPATIONS = "Occupation Data.txt"
TITLES = "Alternate Titles.txt"
JOB_ZONES = "Job Zones.txt"
SKILLS = "Skills.txt"
KNOWLEDGE = "Knowledge.txt"
TECHNOLOGIES = "Technology Skills.txt"
TASKS = "Task Statements.txt"
INTERESTS = "Interests.txt"
WORK_STYLES = "Work Styles.txt"
RELATED = "Related Occupations.txt"
REPORTED_TITLES = "Sample of Reported Titles.txt"  # optional
CONTENT_MODEL = "Content Model Reference.txt"  # optional
READ_ME = "Read Me.txt"  # optional

# Files that go on to the same last occupation: one that stops earlier was cut short.
SAME_END = (
    (OCCUPATIONS, TITLES),
    (SKILLS, KNOWLEDGE, WORK_STYLES),
    (JOB_ZONES, RELATED, INTERESTS, TECHNOLOGIES, TASKS),
)

CODE = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
VERSION = re.compile(r"O\*NET®? ([0-9]{1,3}(?:\.[0-9]{1,3}){0,2}) Database")
ELEMENT = re.compile(r"[0-9]\.[A-Z](\.[0-9a-z]{1,2}){0,4}")
YES_NO = {"Y": True, "N": False}
TIERS = {
    "Primary-Short": RelatedOccupation.Tier.PRIMARY_SHORT,
    "Primary-Long": RelatedOccupation.Tier.PRIMARY_LONG,
    "Supplemental": RelatedOccupation.Tier.SUPPLEMENTAL,
}
TASK_KINDS = {"Core": OccupationTask.Kind.CORE, "Supplemental": OccupationTask.Kind.SUPPLEMENTAL, "": ""}


Fact = tuple[str, str, str, Line]  # an occupation's code, title, description, and the line to complain about


class Title(NamedTuple):
    """Something else that people call an occupation."""

    code: str
    title: str


class Technology(NamedTuple):
    """A product that people in an occupation work with, and the sort of product it is."""

    code: str
    name: str
    category: str
    hot: bool
    in_demand: bool


class Task(NamedTuple):
    """Something that people in an occupation do."""

    code: str
    onet_id: int
    statement: str
    kind: str


class Neighbour(NamedTuple):
    """An occupation near to another; rank 1 is the closest."""

    code: str
    related: str
    tier: str
    rank: int


class Scale(NamedTuple):
    """The least and the greatest figure there can be."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratings:
    """The figures of one file: by occupation, and by element and scale; all occupations have the same ones."""

    names: dict[str, str] = field(default_factory=dict)
    figures: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """A folder with the publisher's files.

    Read `occupations` first: the other files may only speak of those. Every method streams its file and raises
    ContentError, with file and line, at the first thing that is not as it should be.
    """

    folder: Path
    codes: set[str] = field(default_factory=set)
    ends: dict[str, tuple[str, int]] = field(default_factory=dict)

    def check_files(self) -> None:
        """Refuse a folder that lacks one of the files that every release has."""
        for file in (file for group in SAME_END for file in group):
            if not self.has(file):
                raise refusal(file, 1, "it is not there, and every release has it")

    def has(self, file: str) -> bool:
        """Whether a file is there."""
        return (self.folder / file).is_file()

    def version(self) -> str:
        """Which release its own read-me says it is; nothing if that is not there, or does not say."""
        if not self.has(READ_ME):
            return ""
        try:
            with (self.folder / READ_ME).open("rb") as stream:
                found = VERSION.search(stream.read(LONGEST_LINE).decode("utf-8", "replace"))
        except OSError as exc:
            raise refusal(READ_ME, 1, f"it cannot be read ({type(exc).__name__})") from exc
        return found[1] if found else ""

    def occupations(self) -> Iterator[Fact]:
        for line in read_lines(self.folder, OCCUPATIONS, ("O*NET-SOC Code", "Title", "Description")):
            code = line.matching("O*NET-SOC Code", CODE)
            _refuse_again(code, self.codes, line)
            self.codes.add(code)
            self._note_end(code, line)
            yield code, line.text("Title", 150), line.text("Description", 2000), line

    def job_zones(self) -> dict[str, int]:
        zones: dict[str, int] = {}
        for code, line in self._lines(JOB_ZONES, "Job Zone"):
            _refuse_again(code, zones, line)
            zones[code] = line.whole("Job Zone", 1, 5)
        return zones

    def titles(self) -> Iterator[Title]:
        """Alternate titles, their short forms, and reported titles if there is a file of them; once each."""
        rows: set[tuple[str, str, str]] = set()
        seen: set[Title] = set()
        for code, line in self._lines(TITLES, "Alternate Title", "Short Title"):
            row = (code, line.text("Alternate Title", 150), line.text("Short Title", 150, blank=True))
            _refuse_again(row, rows, line)
            rows.add(row)
            seen.update(Title(code, title) for title in row[1:] if title)
        if self.has(REPORTED_TITLES):
            seen.update(
                Title(code, line.text("Reported Job Title", 150))
                for code, line in self._lines(REPORTED_TITLES, "Reported Job Title")
            )
        yield from sorted(seen)

    def ratings(self, file: str, below: tuple[str, ...], scales: Mapping[str, Scale]) -> Ratings:
        """The figures on these scales for elements below these ids; lines on other scales are passed over."""
        found, last = Ratings(), {}
        for code, line in self._lines(file, "Element ID", "Element Name", "Scale ID", "Data Value"):
            scale = line.cells["Scale ID"]
            if scale in scales:
                element = line.matching("Element ID", ELEMENT)
                if not element.startswith(below):
                    raise line.error(f"{element} does not belong into this file")
                figures = found.figures.setdefault(code, {})
                _refuse_again((element, scale), figures, line)
                figures[element, scale] = line.figure("Data Value", *scales[scale])
                found.names[element] = line.text("Element Name", 100)
                last[code] = line
        _refuse_gaps(found, last)
        return found

    def descriptions(self) -> dict[str, str]:
        """What the elements of the content model mean; empty if the file is not there."""
        if not self.has(CONTENT_MODEL):
            return {}
        lines = read_lines(self.folder, CONTENT_MODEL, ("Element ID", "Element Name", "Description"))
        return {line.text("Element ID", 20): line.text("Description", 1000) for line in lines}

    def technologies(self) -> Iterator[Technology]:
        seen: set[tuple[str, str]] = set()
        columns = ("Example", "Commodity Title", "Hot Technology", "In Demand")
        for code, line in self._lines(TECHNOLOGIES, *columns):
            name = line.text("Example", 150)
            _refuse_again((code, name), seen, line)
            seen.add((code, name))
            hot, in_demand = (line.choice(column, YES_NO) for column in columns[2:])
            yield Technology(code, name, line.text("Commodity Title", 500), hot, in_demand)

    def tasks(self) -> Iterator[Task]:
        seen: set[int] = set()
        for code, line in self._lines(TASKS, "Task ID", "Task", "Task Type"):
            onet_id = line.whole("Task ID", 1, 2**31 - 1)
            _refuse_again(onet_id, seen, line)
            seen.add(onet_id)
            yield Task(code, onet_id, line.text("Task", 1000), line.choice("Task Type", TASK_KINDS))

    def neighbours(self) -> Iterator[Neighbour]:
        seen: set[tuple[str, object]] = set()
        for code, line in self._lines(RELATED, "Related O*NET-SOC Code", "Relatedness Tier", "Index"):
            related = self._known(line, "Related O*NET-SOC Code")
            rank = line.whole("Index", 1, 1000)
            for key in ((code, related), (code, rank)):
                _refuse_again(key, seen, line)
                seen.add(key)
            if related == code:
                raise line.error(f"{code} is related to itself")
            yield Neighbour(code, related, line.choice("Relatedness Tier", TIERS), rank)

    def check_ends(self) -> None:
        """Refuse a file that stops at an earlier occupation than its fellows; call when all were read."""
        for group in SAME_END:
            ends = {file: self.ends[file] for file in group if file in self.ends}
            furthest = max(code for code, _ in ends.values())
            for file, (code, number) in ends.items():
                if code < furthest:
                    raise refusal(file, number, f"it ends with {code}, and its fellows with {furthest}: cut short?")

    def _lines(self, file: str, *columns: str) -> Iterator[tuple[str, Line]]:
        """The lines of a file about occupations, of which there must be some, each with its known code."""
        number = 1
        for line in read_lines(self.folder, file, ("O*NET-SOC Code", *columns)):
            code, number = self._known(line, "O*NET-SOC Code"), line.number
            self._note_end(code, line)
            yield code, line
        if number == 1:
            raise refusal(file, 2, "there is nothing below the header")

    def _known(self, line: Line, column: str) -> str:
        if (code := line.cells[column]) not in self.codes:
            raise line.error(f"{code[:40]!r} is not in {OCCUPATIONS}")
        return code

    def _note_end(self, code: str, line: Line) -> None:
        furthest = self.ends.get(line.file, ("", 0))[0]
        self.ends[line.file] = (max(code, furthest), line.number)


def _refuse_again(key: object, seen: Container[object], line: Line) -> None:
    if key in seen:
        raise line.error("it repeats an earlier line")


def _refuse_gaps(ratings: Ratings, last: Mapping[str, Line]) -> None:
    everything = {pair for figures in ratings.figures.values() for pair in figures}
    for code, figures in ratings.figures.items():
        if missing := everything - figures.keys():
            element, scale = min(missing)
            raise last[code].error(f"{code} ends without {element} on scale {scale}, which others have")
