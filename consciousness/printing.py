"""A transcript as PDF: pages of text and nothing else, whatever was said; no links, no scripts, no forms."""

import logging
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from pymupdf_fonts import fontbuffers

from consciousness.transcripts import (
    DISCLOSURE,
    FOUND,
    KINDS,
    Found,
    Heading,
    Line,
    Outcome,
    facts_of,
    speaker,
    when,
    where,
)

FAMILY = "FiraGO"
MARGIN, GAP = 18.0, 2.0
TEXT, SMALL, LARGE, HUGE = 10.5, 8.5, 13.0, 18.0
LEADING = 1.35
POINT = 0.3528  # millimetres
# Characters of a word that surely fit into a line.
LONGEST_PIECE = 20
# Hebrew; what follows are scripts that are joined, stacked, or run from the right.
FIRST_JOINED = 0x590
# For characters that the font has no sign for: it has no Chinese, Japanese and Korean ones.
MISSING = "\u25a1"

# What is missing in the font is replaced before; it would be told, letter by letter, in the log.
logging.getLogger("fpdf").setLevel(logging.ERROR)


class _Pages(FPDF):
    """Pages with their number at the foot. Lines are broken here: the library measures each of them over and over."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self._widths: dict[tuple[str, float, bool], float] = {}

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-MARGIN + GAP)
        self.set_font(FAMILY, size=SMALL)
        self.cell(0, SMALL * POINT, str(self.page_no()), align="C")

    def paragraph(self, text: str, size: float = TEXT, *, bold: bool = False) -> None:
        """Text as it is, over as many lines as it takes."""
        self.set_font(FAMILY, style="B" if bold else "", size=size)
        # Only where letters are joined, or run from the right, does it make a difference, and it takes long.
        self.set_text_shaping(any(ord(one) >= FIRST_JOINED for one in text))
        for line in drawable(text).split("\n"):
            for part in self._broken(line, size, bold=bold):
                self.cell(0, size * POINT * LEADING, part, new_x="LMARGIN", new_y="NEXT")
        self.ln(GAP)

    def _broken(self, line: str, size: float, *, bold: bool) -> Iterator[str]:
        held, room = "", self.epw
        for word in re.findall(r"\S+\s*|\s+", line):
            for piece in self._pieces(word, size, bold=bold):
                width = self._width(piece, size, bold=bold)
                if held and width > room:
                    yield held
                    held, room = "", self.epw
                held, room = held + piece, room - width
        yield held

    def _pieces(self, word: str, size: float, *, bold: bool) -> Iterator[str]:
        """The word, or as many parts of it as no line is too short for."""
        while self._width(word, size, bold=bold) > self.epw:
            yield word[:LONGEST_PIECE]
            word = word[LONGEST_PIECE:]
        yield word

    def _width(self, piece: str, size: float, *, bold: bool) -> float:
        key = (piece, size, bold)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(piece)
        return self._widths[key]


def pdf(heading: Heading, lines: Iterable[Line], outcome: Outcome, *, tree: bool = False) -> bytes:
    """The transcript, whole in memory: the caller bounds how much is said in it. `tree` as for Markdown."""
    pages = _Pages()
    pages.set_margins(MARGIN, MARGIN)
    pages.set_auto_page_break(auto=True, margin=MARGIN)
    for style, path in _fonts().items():
        pages.add_font(FAMILY, style, path)
    pages.set_title(drawable(heading.title or heading.traveler))
    pages.add_page()
    pages.paragraph(heading.title or f"Session with {heading.traveler}", HUGE, bold=True)
    pages.paragraph("\n".join(facts_of(heading)), SMALL)
    pages.paragraph(DISCLOSURE, SMALL)
    for line in lines:
        place = f", {where(line)}" if tree else ""
        pages.paragraph(f"{speaker(line, heading)}, {when(line.created_at, heading.zone)}{place}", SMALL, bold=True)
        pages.paragraph(line.text)
    _print_outcome(pages, outcome)
    return bytes(pages.output())


def drawable(text: str) -> str:
    """The same with what cannot be drawn replaced, and without control characters but line ends."""
    lines = "\n".join(text.splitlines()).replace("\t", "    ")
    kept = (one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cn"))
    return "".join(one if one == "\n" or ord(one) in _drawn() else MISSING for one in kept)


def _print_outcome(pages: _Pages, outcome: Outcome) -> None:
    if outcome.found or outcome.before or outcome.after:
        pages.paragraph(FOUND, LARGE, bold=True)
    for moment, value in (("before", outcome.before), ("after", outcome.after)):
        if value is not None:
            pages.paragraph(f"How sure you said you felt {moment}: {value} of 10")
    for kind, title in KINDS.items():
        of_kind = [one for one in outcome.found if one.kind == kind]
        if of_kind:
            pages.paragraph(title, TEXT, bold=True)
            pages.paragraph("\n".join(map(_item, of_kind)))


def _item(one: Found) -> str:
    return f"\u2022 {one.text}" if one.confirmed else f"\u2022 {one.text} (drawn up by a machine, not confirmed by you)"


@cache
def _fonts() -> dict[str, Path]:
    """The fonts as files, which is how the library wants them; kept for as long as the process."""
    place = Path(tempfile.mkdtemp(prefix="timetravelers-fonts-"))
    found = {}
    for style, name in (("", "figo"), ("B", "figbo")):
        found[style] = place / f"{name}.ttf"
        found[style].write_bytes(fontbuffers[name]())
    return found


@cache
def _drawn() -> frozenset[int]:
    with TTFont(_fonts()[""]) as font:
        return frozenset(font.getBestCmap())
