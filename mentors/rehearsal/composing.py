"""Puts a turn's answer together: what is taken up, one idea, one step, one question."""

from __future__ import annotations

from dataclasses import dataclass

from mentors.rehearsal.book import Book, Variant, books
from mentors.rehearsal.course import Course, Turn
from mentors.rehearsal.facts import facts_for, name_of, purpose_of, story_of

# In these nothing of the person's own words is repeated, and nothing is planned around them.
QUIET = frozenset({"distress", "injection"})
PLAIN = QUIET | {"greeting", "meeting", "thanks", "about_you", "boundary"}
HOURS = " ({slot})"
HOURS_EVERY = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of what is said to one turn."""

    turn: Turn
    opening: str
    idea: str
    step: str
    question: str


def answer(course: Course, words: str) -> Answer:
    """Take the next message into the course and say something to it."""
    turn = course.take(words)
    variant = course.variant()
    facts = facts_for(course.briefing, turn.heard, turn.book, turn.label)
    return Answer(
        turn,
        opening=" ".join(one for one in _opening(course, turn) if one),
        idea=variant.idea.format_map(facts),
        step=_step(course, turn, _template(course, variant).format_map(facts)),
        question=_question(course, turn, variant.question.format_map(facts)),
    )


def disclosure(course: Course, book: Book) -> str:
    """The sentence that says who is speaking here."""
    name = name_of(course.briefing.name)
    return book.lines.disclosure.format(name=f"{name}, " if name else "")


def is_disclosed(text: str) -> bool:
    """Whether a text holds that sentence, in any language."""
    return any(book.lines.disclosure.partition("{name}")[2] in text for book in books().values())


def _opening(course: Course, turn: Turn) -> list[str | None]:
    lines = turn.book.lines
    calm = turn.topic != "distress" and course.comes_after_distress(lines.after_crisis)
    first = lines.after_crisis if calm else None
    if turn.topic in ("greeting", "meeting"):
        name = name_of(course.briefing.display_name)
        return [first, lines.hello.format(name=name) if name else lines.hello_nobody]
    if turn.topic == "boundary":
        return [first, *_refusal(turn)]
    if turn.topic in PLAIN:
        return [first, *_plain_opening(course, turn)]
    return [first, *_taken_up(course, turn), _recall(course, turn)]


def _refusal(turn: Turn) -> list[str | None]:
    lines = turn.book.lines
    if turn.boundary is None:
        return [turn.heard.refusal]
    referral = turn.boundary.referral
    refusal = turn.boundary.refusal
    return [
        lines.boundary.format(refusal=f"{refusal[0].lower()}{refusal[1:]}"),
        lines.referral.format(referral=referral) if referral else None,
    ]


def _plain_opening(course: Course, turn: Turn) -> list[str | None]:
    ups = turn.book.topics[turn.topic].takes_up
    opened = course.any_of(f"{turn.book.language}:up:{turn.topic}", ups) if ups else None
    story = story_of(course.briefing.story) if turn.topic == "about_you" else ""
    told = course.pick("story", [turn.book.lines.story.format(story=story)]) if story else None
    return [opened, told]


def _taken_up(course: Course, turn: Turn) -> list[str | None]:
    """What shows that the message was read: its feeling and its subject, and only sometimes its words."""
    language, lines, phrase = turn.book.language, turn.book.lines, turn.heard.phrase
    if turn.foreign:
        names = ", ".join(book.name for book in books().values())
        return [course.pick(f"{language}:foreign", [lines.foreign.format(languages=names)])]
    if course.said_before(turn.words):
        return [course.any_of(f"{language}:again", lines.again)]
    if phrase is None:
        return [course.any_of(f"{language}:wordless", lines.wordless)]
    if turn.goes_on and not turn.heard.asks:
        answered = course.pick(f"{language}:answering", lines.answering)
        if answered:
            return [answered.format(phrase=phrase)]
    feeling = turn.heard.feeling
    felt = course.pick(f"{language}:feeling:{feeling}", turn.book.feelings[feeling].lines) if feeling else None
    subject = course.pick(f"{language}:up:{turn.topic}", turn.book.topics[turn.topic].takes_up)
    if (felt or subject) and not turn.heard.is_detailed:
        return [felt, subject]
    quoted = course.any_of(f"{language}:openers", lines.openers).format(phrase=phrase)
    return [felt or subject, quoted]


def _recall(course: Course, turn: Turn) -> str | None:
    earlier = course.recalled()
    if not earlier or earlier == turn.heard.phrase or turn.foreign or len(course.turns) % 2 == 0:
        return None
    line = course.pick(f"{turn.book.language}:recalls", turn.book.lines.recalls)
    return line.format(earlier=earlier) if line else None


def _template(course: Course, variant: Variant) -> str:
    """The step, with the hours it may take only now and then."""
    return variant.step if len(course.turns) % HOURS_EVERY == 1 else variant.step.replace(HOURS, "")


def _step(course: Course, turn: Turn, step: str) -> str:
    lines, count = turn.book.lines, len(course.turns) - 1
    if turn.topic == "distress":
        return step
    sentences = [lines.next_step.format(step=step)]
    if turn.topic in QUIET:
        return sentences[0]
    if turn.heard.when:
        when = lines.before_then.format(when=turn.heard.when)
        sentences.append(course.pick(f"when:{turn.heard.when}", [when]) or "")
    # Said every time, these two would sound like a form letter.
    if count % 2 == 0:
        sentences += ["" if turn.topic in PLAIN else _tail(course, turn), _purpose(course, turn, count // 2)]
    return " ".join(sentence for sentence in sentences if sentence)


def _tail(course: Course, turn: Turn) -> str:
    for preference in course.briefing.preferences:
        for tail in turn.book.tails:
            if any(stem in preference.casefold() for stem in tail.stems):
                line = course.pick(f"tail:{tail.line}", [tail.line])
                if line:
                    return line
    return ""


def _purpose(course: Course, turn: Turn, number: int) -> str:
    """What the step is good for: the mission, the milestone and the goal take turns."""
    lines, briefing = turn.book.lines, course.briefing
    known = [
        (kind, pool, purpose)
        for kind, pool, text in (
            ("mission", lines.mission, briefing.mission),
            ("milestone", lines.milestone, briefing.milestone),
            ("goal", lines.goal, briefing.goal),
        )
        if (purpose := purpose_of(text))
    ]
    if not known:
        return ""
    kind, pool, purpose = known[number % len(known)]
    line = course.pick(f"{turn.book.language}:{kind}", pool)
    return line.format(purpose=purpose) if line else ""


def _question(course: Course, turn: Turn, question: str) -> str:
    if turn.topic in PLAIN or len(course.turns) % 3 != 1:
        return question
    style = (course.briefing.teaching_style or "").casefold()
    lead = next((lead for lead in turn.book.leads if any(stem in style for stem in lead.stems)), None)
    line = course.pick(f"{turn.book.language}:lead", lead.lines) if lead else None
    if line is None:
        return question
    lower = turn.book.lower_after_lead and not question.startswith("I ")
    return f"{line} {question[0].lower() if lower else question[0]}{question[1:]}"
