"""Transcripts as text: whatever was said is shown as it was said, and does nothing."""

import json as stdlib_json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from consciousness.printing import drawable, pdf
from consciousness.transcripts import DISCLOSURE, Found, Heading, Line, Outcome, json, markdown, plain

MOMENT = datetime(2026, 11, 22, 18, tzinfo=UTC)
HEADING = Heading(
    uid="u", title="", goal="", traveler="Maren", occupation="Data Scientists", state="open",
    opened_at=MOMENT, ended_at=None, zone=ZoneInfo("Europe/Berlin"),
)  # fmt: skip
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def line(text: str, **facts: Any) -> Line:
    known: dict[str, Any] = {
        "uid": "m", "turn": 1, "after": 0, "on_branch": True, "author": "user", "text": text, "engine": "",
        "simulated": False, "stand_in": False, "superseded": False, "created_at": MOMENT,
    }  # fmt: skip
    return Line(**{**known, **facts})


def shown(source: str) -> str:
    """What a reader of the Markdown sees, and nothing but paragraphs with text in them."""
    seen = []
    for block in READER.parse(source):
        assert block.type in {"paragraph_open", "paragraph_close", "inline"}, block.type
        for token in block.children or ():
            assert token.type in {"text", "softbreak", "hardbreak", "text_special"}, token.type
            seen.append("\n" if "break" in token.type else token.content)
        if block.type == "paragraph_close":
            seen.append("\n")
    return "".join(seen)


def words(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.replace("\xa0", " ").splitlines() if one.split()]


HOSTILE = [
    "# a\n## b", "> quoted",
    "* one\n* two", "1. one\n2) two", "```sh\nrm -rf /\n```", "    indented",
    "<script>x</script>",
    "[a](javascript:alert(1))", "![x](http://evil.example/p.png)", "a | b\n--|--\n1 | 2",
    "Title\n=====", "---", "***",
    "https://evil.example www.evil.example me@evil.example", "&lt;b&gt; &#60;",
    "back\\slash\\\nnext", "_a_ **b** ~~c~~",
    "a  \nb", "\ttab", "[1]: http://x.example 'y'", "<!-- --> <?x?> <![CDATA[ ]]>", "\\", "`", "line\n\n\nparagraph\\",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_mark_up_stays_text(text: str) -> None:
    assert words(shown(plain(text))) == words(text)


@given(st.text(st.sampled_from("ab \n#*_`[]()<>!&;:.-+=|~\\\"'1xé\t{}$^@/")))
@example("a\\\n\\b")
def test_any_text_stays_text(text: str) -> None:
    assert words(shown(plain(text))) == words(text)


def test_the_page_of_a_transcript() -> None:
    lines = [line("How?"), line("So.", author="traveler", engine="rehearsal", stand_in=True)]
    page = "".join(markdown(HEADING, lines, tree=False))
    assert page.startswith("# Session with Maren\n")
    assert f"> {DISCLOSURE}\n" in page
    assert "## You, 2026-11-22 19:00 +0100\n\nHow\\?\n" in page
    assert "## Maren (AI, a stand-in), 2026-11-22 19:00 +0100\n\nSo\\.\n" in page


def test_names_break_out_of_no_heading() -> None:
    evil = Heading(**{name: getattr(HEADING, name) for name in HEADING.__slots__} | {"title": "a\n# b\n<img src=x>"})
    first = "".join(markdown(evil, [], tree=False)).splitlines()[0]
    assert first == "# a \\# b \\<img src\\=x\\>"


def test_a_tree_says_where_things_belong() -> None:
    lines = [line("A"), line("B", turn=2, after=1, on_branch=False), line("C", author="traveler", superseded=True)]
    headings = re.findall(r"^## .*$", "".join(markdown(HEADING, lines, tree=True)), re.MULTILINE)
    assert headings[0].endswith(", turn 1 at the beginning")
    assert headings[1].endswith(", turn 2 after turn 1, on another branch")
    assert headings[2].endswith(", turn 1 at the beginning, replaced")


@given(st.lists(st.text(max_size=30), max_size=5))
def test_json_is_json_whatever_was_said(texts: list[str]) -> None:
    document = stdlib_json.loads("".join(json(HEADING, [line(text) for text in texts])))
    assert [one["text"] for one in document["messages"]] == texts
    assert document["disclosure"] == DISCLOSURE
    assert document["session"]["traveler"] == "Maren"


OUTCOME = Outcome(
    found=(
        Found(uid="1", kind="decision", text="Stay # here\n<b>", confirmed=True, edited=True, messages=("m",)),
        Found(uid="2", kind="action_item", text="Learn SQL.", confirmed=False, edited=False, messages=("m",)),
    ),
    before=3,
    after=8,
)


def test_what_came_out_of_it_follows_at_the_end() -> None:
    page = "".join(markdown(HEADING, [line("How?")], tree=False, outcome=OUTCOME))
    assert "## What came out of it\n\nHow sure you said you felt: before 3 of 10, after 8 of 10\n" in page
    assert "### Decisions\n\n- Stay \\# here \\<b\\>\n" in page
    assert "- Learn SQL\\. (drawn up by a machine, not confirmed by you)\n" in page
    assert "What came out of it" not in "".join(markdown(HEADING, [line("How?")], tree=False))


def test_json_has_it_too() -> None:
    document = stdlib_json.loads("".join(json(HEADING, [line("How?")], outcome=OUTCOME)))
    assert [one["kind"] for one in document["insights"]] == ["decision", "action_item"]
    assert document["confidence"] == {"before": 3, "after": 8}


def test_a_card_is_told_from_a_reply() -> None:
    page = "".join(markdown(HEADING, [line("Call 112.", author="traveler", kind="crisis_card")], tree=False))
    assert "## An automatic card, " in page


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


def test_a_pdf_is_pages_of_text_and_nothing_else() -> None:
    lines = [line(text) for text in HOSTILE] + [line("So.", author="traveler", stand_in=True)]
    document = pdf(HEADING, lines, OUTCOME)
    told = text_of(document)
    assert "Session with Maren" in told
    assert "<script>x</script>" in told
    assert "[a](javascript:alert(1))" in told
    assert "Maren (AI, a stand-in)" in told
    assert "Learn SQL. (drawn up by a machine, not confirmed by you)" in told
    for active in (b"/JavaScript", b"/URI", b"/Annots", b"/Launch", b"/AcroForm", b"/EmbeddedFile"):
        assert active not in document


@given(st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=15, deadline=None)
def test_any_text_can_be_printed(texts: list[str]) -> None:
    assert pdf(HEADING, [line(text) for text in texts], OUTCOME).startswith(b"%PDF-")


def test_long_words_and_long_talks_take_more_lines_and_pages() -> None:
    document = pdf(HEADING, [line("x" * 2_000), *(line("How do I begin? " * 40) for _ in range(40))], OUTCOME)
    assert len(PdfReader(BytesIO(document)).pages) > 3
    assert text_of(document).replace("\n", "").count("x") >= 2_000


def test_what_no_font_draws_is_shown_as_a_box() -> None:
    assert (
        drawable("\u4f60\u597d, \u041f\u0440\u0438\u0432\u0435\u0442\x00")
        == "\u25a1\u25a1, \u041f\u0440\u0438\u0432\u0435\u0442"
    )
