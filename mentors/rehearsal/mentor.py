"""The rehearsal mentor: turns a briefing and what was said so far into a reply worth answering."""

from __future__ import annotations

from collections.abc import Sequence

from mentors.rehearsal.book import books
from mentors.rehearsal.composing import answer, disclosure, is_disclosed
from mentors.rehearsal.course import Course
from mentors.rehearsal.exchange import Exchange, Reply
from mentors.rehearsal.languages import language_of, spoken
from mentors.rehearsal.listening import phrase_of
from mentors.rehearsal.reading import read_briefing

REMEMBERED = 40


def reply(
    seed: int, instructions: str, transcript: Sequence[Exchange], words: str, *, locale: str | None = None
) -> Reply:
    """The mentor's answer to `words` after `transcript`, for the briefing (and persona) in `instructions`.

    What the briefing says was said before the transcript counts as said.

    Guarantees: a pure function; any text gets a reply of at most 3,000 characters that asks one question; it says
    that it is simulated the first time it speaks in a conversation; over twelve turns no idea, step or question that
    the answers of `transcript` hold comes again; text that gives orders to the mentor is neither followed nor
    repeated; whoever may be in danger is sent to people, and to nothing else. `locale` is the language for messages
    that do not show theirs.
    """
    briefing = read_briefing(instructions)
    course, past = Course(seed, briefing, locale), [*briefing.earlier, *transcript]
    for exchange in past[-REMEMBERED:]:
        course.follow(exchange)
    said = answer(course, words)
    told = any(is_disclosed(one.answered) for one in past)
    parts = [
        "" if told else disclosure(course, said.turn.book),
        f"{said.opening} {said.idea}".strip(),
        said.step,
        said.question,
    ]
    text = "\n\n".join(part for part in parts if part)
    return Reply(text, said.question, said.step, topic=said.turn.topic, language=said.turn.book.language)


def title_for(words: str) -> str:
    """A task title made of what was said, as Manus does when none is given."""
    return phrase_of(words, books()[spoken(language_of(words))]) or "Conversation"
