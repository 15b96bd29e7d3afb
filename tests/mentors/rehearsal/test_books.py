"""The phrase books are whole: the same topics everywhere, one question each, and slots that can be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from mentors.crisis import hears_crisis
from mentors.rehearsal.book import Book, Variant, books, orders, pattern
from mentors.rehearsal.facts import facts_for
from mentors.rehearsal.listening import hear, is_order
from mentors.rehearsal.reading import Read
from tests.mentors.rehearsal.talks import unquoted

LINE_SLOTS = {
    "disclosure": {"name"}, "hello": {"name"}, "next_step": {"step"}, "before_then": {"when"},
    "foreign": {"languages"}, "story": {"story"}, "boundary": {"refusal"}, "referral": {"referral"},
    "openers": {"phrase"}, "answering": {"phrase"}, "recalls": {"earlier"},
    "mission": {"purpose"}, "milestone": {"purpose"}, "goal": {"purpose"},
}  # fmt: skip
MOST_TURNS = 12


@pytest.fixture(params=sorted(books()))
def book(request: pytest.FixtureRequest) -> Book:
    return books()[request.param]


def variants(book: Book) -> Iterator[Variant]:
    for topic in book.topics.values():
        yield from topic.variants
    yield from book.deeper


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_all_books_speak_of_the_same() -> None:
    assert set(books()) == {"en", "de", "es"}
    assert len({frozenset(book.topics) for book in books().values()}) == 1
    assert len({frozenset(book.feelings) for book in books().values()}) == 1


def test_there_is_enough_for_twelve_turns_on_any_topic(book: Book) -> None:
    topics = {name: topic for name, topic in book.topics.items() if name not in ("distress", "meeting")}
    assert all(len(topic.variants) + len(book.deeper) >= MOST_TURNS for topic in topics.values())
    assert len(book.lines.openers) + len(book.lines.answering) >= MOST_TURNS


def test_a_variant_asks_once_and_only_at_its_end(book: Book) -> None:
    for variant in variants(book):
        assert "?" not in unquoted(variant.idea + variant.step), variant
        assert unquoted(variant.question).count("?") == 1, variant
        assert variant.question.endswith("?")


def test_every_slot_can_be_filled(book: Book) -> None:
    known = set(facts_for(Read(), hear("", book), book, "label"))
    for variant in variants(book):
        assert slots(variant.idea) | slots(variant.step) | slots(variant.question) <= known, variant
    for name, wanted in LINE_SLOTS.items():
        lines = getattr(book.lines, name)
        for line in [lines] if isinstance(lines, str) else lines:
            assert slots(line) == wanted, line


def test_no_sentence_begins_with_a_slot(book: Book) -> None:
    """What fills a slot begins in lower case."""
    for variant in variants(book):
        for text in (variant.idea, variant.step, variant.question):
            assert not re.search(r"(^|[.?!] )\{", text), text


def test_patterns_are_patterns_and_lines_are_not_said_twice(book: Book) -> None:
    heard = (one for topic in book.topics.values() for one in topic.hears)
    for one in (*orders(), *book.when, *book.options, *heard):
        pattern(one)
    said = [text for variant in variants(book) for text in (variant.idea, variant.step)]
    assert len(said) == len(set(said))


def test_what_the_mentor_says_is_neither_order_nor_danger(book: Book) -> None:
    for variant in variants(book):
        assert not is_order(variant.step + variant.question), variant
        assert not hears_crisis(variant.idea + variant.step), variant


def test_distress_points_to_people(book: Book) -> None:
    (variant,) = book.topics["distress"].variants
    assert slots(variant.idea + variant.step + variant.question) == set()
    assert "simul" in variant.idea
