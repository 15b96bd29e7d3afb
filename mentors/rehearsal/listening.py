"""What the rehearsal mentor hears in a message: topic, feeling, a phrase to quote, options, a date, a skill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mentors.crisis import hears_crisis
from mentors.rehearsal.book import Book, any_matches, orders, pattern

LONGEST_HEARD = 4_000
LONGEST_PHRASE = 90
MOST_WORDS_QUOTED = 8
MOST_SMALL_TALK = 5
LEAST_LETTERS = 2

SMALL_TALK = ("thanks", "greeting")
UNHEARD = frozenset({"distress", "injection", "boundary", "about_you", "meeting", "unknown"})
PLAIN_CLAUSE = r"[.!?;\n\u2026\u3002\uff01\uff1f\uff1b]+|,\s|\s[-\u2013\u2014]\s"
WEB_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as the mentor understood it.

    `phrase` is None when there is nothing to quote; `is_detailed`: it tells more than its topic, its date and a skill.
    """

    topic: str
    phrase: str | None
    feeling: str | None
    when: str | None
    options: tuple[str, str] | None
    skill: str | None
    refusal: str | None
    asks: bool
    is_detailed: bool


def hear(words: str, book: Book, skills: Iterable[str] = ()) -> Heard:
    """Understand any text whatever; only its first 4,000 characters are listened to."""
    text = unicodedata.normalize("NFC", words[:LONGEST_HEARD])
    refusal = next((one.refuses for one in book.domains if any_matches(one.hears, text)), None)
    topic, skill, phrase = (
        _topic(text, book, refused=refusal is not None),
        _named_skill(text, skills),
        phrase_of(text, book),
    )
    return Heard(
        topic=topic,
        phrase=phrase,
        feeling=next((name for name, one in book.feelings.items() if any_matches(one.hears, text)), None),
        when=_when(text, book),
        options=_options(text, book),
        skill=skill,
        refusal=refusal,
        asks="?" in text,
        is_detailed=phrase is not None and _is_detailed(phrase, book, topic, skill),
    )


def is_order(text: str) -> bool:
    """Whether a text wants to give the mentor other rules, or to have his own out of him."""
    return any_matches(orders(), text)


def plain_line(text: str) -> str:
    """`text` on one line, without control, format and unpaired characters and without Markdown's own."""
    kept = "".join(" " if unicodedata.category(one).startswith("C") else one for one in text)
    return " ".join(re.sub(r"[*_`#<>\[\]{}|\\~“”„«»\"]+", " ", kept).split())


def phrase_of(text: str, book: Book) -> str | None:
    """The clause that says most, shortened to a quotation; never one that gives orders to the mentor."""
    joints = pattern(rf"{PLAIN_CLAUSE}|(?<!\w)(?:{'|'.join(book.joints)})(?!\w)")
    read = WEB_ADDRESS.sub(" ", text)
    clauses = [_asked(clause, read, book) for clause in joints.split(read)]
    telling = [clause for clause in clauses if sum(one.isalnum() for one in clause) >= LEAST_LETTERS]
    best = max((clause for clause in telling if not is_order(clause)), key=lambda one: _weight(one, book), default="")
    return _shortened(best, book) or None


def _asked(clause: str, text: str, book: Book) -> str:
    """A clause on one line; of a question, what is asked about, without the words that only ask."""
    line = plain_line(clause)
    if f"{clause}?" not in text:
        return line
    words = line.split()
    first = next((index for index, word in enumerate(words) if word.casefold() not in book.common), 0)
    return " ".join(words[first:])


def _topic(text: str, book: Book, *, refused: bool) -> str:
    if hears_crisis(text):
        return "distress"
    if is_order(text):
        return "injection"
    if any_matches(book.topics["about_you"].hears, text):
        return "about_you"
    if refused:
        return "boundary"
    scores = {
        name: sum(1 for one in topic.hears if pattern(one).search(text))
        for name, topic in book.topics.items()
        if name not in UNHEARD
    }
    substance = {name: score for name, score in scores.items() if name not in SMALL_TALK and score}
    if substance:
        return max(substance, key=lambda name: substance[name])
    small_talk = next((name for name in SMALL_TALK if scores[name]), None)
    return small_talk if small_talk and len(_telling_words(text, book)) <= MOST_SMALL_TALK else "unknown"


def _is_detailed(phrase: str, book: Book, topic: str, skill: str | None) -> bool:
    if " " not in phrase:
        return False
    feelings = (one for feeling in book.feelings.values() for one in feeling.hears)
    for one in (*book.topics[topic].hears, *book.when, *feelings):
        phrase = pattern(one).sub(" ", phrase)
    if skill:
        phrase = phrase.casefold().replace(skill.casefold(), " ")
    return bool(_telling_words(phrase, book))


def _telling_words(text: str, book: Book) -> list[str]:
    return [word for word in re.findall(r"\w[\w'\u2019+#.-]*", text.casefold()) if word not in book.common]


def _weight(clause: str, book: Book) -> float:
    """Telling words, with a diminishing return, so that a rambling clause does not win by length alone."""
    return len(_telling_words(clause, book)) / (1 + 0.05 * max(0, len(clause.split()) - MOST_WORDS_QUOTED))


def _shortened(clause: str, book: Book) -> str:
    words = clause.split()
    kept = words[:MOST_WORDS_QUOTED]
    while len(words) > len(kept) > 1 and kept[-1].casefold() in book.common:
        kept.pop()
    cut = " ".join(kept).strip(" ,:-'")
    if len(cut) > LONGEST_PHRASE:
        return cut[:LONGEST_PHRASE].rstrip() + "…"
    return cut if len(words) == len(kept) else cut + "…"


def _when(text: str, book: Book) -> str | None:
    found = (pattern(one).search(text) for one in book.when)
    first = next((match for match in found if match), None)
    return " ".join(first.group().split()) if first else None


def _options(text: str, book: Book) -> tuple[str, str] | None:
    for one in book.options:
        found = pattern(one).search(text)
        if found and not is_order(found.group()):
            first, second = (_shortened(plain_line(found[name]), book) for name in ("a", "b"))
            return (first, second) if first and second else None
    return None


def _named_skill(text: str, skills: Iterable[str]) -> str | None:
    lowered = text.casefold()
    named = [skill for skill in skills if len(skill) > 1 and _mentions(lowered, skill.casefold())]
    return max(named, key=len, default=None)


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
