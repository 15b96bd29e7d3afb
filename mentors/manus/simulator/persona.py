"""The rehearsal mentor: turns a briefing and what was said so far into a reply worth answering."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import yaml

from mentors.manus.simulator.listening import Heard, hear, plain_line
from mentors.manus.simulator.reading import Read

PHRASES = Path(__file__).with_name("phrases.yaml")
WITHOUT_OPTIONS = "skill"

OPENERS = (
    "You said “{phrase}”.",
    "I hear “{phrase}” in what you write.",
    "Let me stay with “{phrase}” for a moment.",
    "“{phrase}”: that is where I would begin, too.",
)
WORDLESS = (
    "I could not find words to hold on to in that message, so I begin from what I know of you.",
    "There was nothing in that message I could read, so let me start from where you are heading.",
)
RECALLS = (
    "Earlier you told me “{earlier}”; keep the two side by side.",
    "It ties in with “{earlier}”, which you brought up before.",
    "I have not forgotten “{earlier}”.",
)
LEARNING_TAILS = {
    (
        "hands",
        "doing",
        "practi",
        "active",
        "experiment",
        "project",
        "build",
    ): "Since you like to learn by doing, begin before you feel ready.",
    (
        "reflect",
        "alone",
        "journal",
        "think",
    ): "Since you like to think things through, leave a night between doing it and judging it.",
    ("visual", "diagram", "picture", "video"): "Since you like to see things, draw it on one page first.",
    (
        "read",
        "verbal",
        "writ",
        "text",
    ): "Since you learn well from the written word, put it in writing before you talk about it.",
    (
        "example",
        "concrete",
        "sens",
        "case",
        "fact",
    ): "Since examples help you, find one real case first and copy its shape.",
    (
        "theor",
        "intuit",
        "concept",
        "abstract",
        "principle",
    ): "Since you like to see the principle first, write down the rule you expect, then try to break it.",
    (
        "global",
        "big picture",
        "overview",
    ): "Since you like the whole picture first, sketch where this step sits in it.",
    (
        "sequen",
        "step",
        "structure",
        "order",
    ): "Since you like order, split it into three ticks and do them in a row.",
    (
        "group",
        "social",
        "together",
        "discuss",
        "peer",
    ): "Since you learn well with others, do it with somebody watching.",
}
QUESTION_LEADS = {
    ("socrat", "question"): "Take your time with this one:",
    ("direct", "blunt", "challeng", "demand"): "Be blunt with yourself:",
    ("story", "stories", "narrat"): "Answer me with a story:",
    ("structur", "method", "step"): "In one sentence, if you can:",
}
QUIET_TOPICS = frozenset({"distress", "injection"})
NOT_RECALLED = QUIET_TOPICS | {"greeting", "thanks", "about_you"}
LONGEST_PURPOSE = 90
VOWELS = "aeiouAEIOU"


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One idea, one step and one question on a topic."""

    idea: str
    step: str
    question: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a reply depends on; the same situation always gets the same reply.

    `earlier` holds what the person said in the turns before, oldest first.
    """

    briefing: Read
    words: str
    earlier: tuple[str, ...] = ()
    seed: int = 0


@cache
def phrases() -> Mapping[str, tuple[Variant, ...]]:
    """The phrase book, checked; raises msgspec.ValidationError if the file is not what it should be."""
    raw = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return msgspec.convert(raw, type=dict[str, tuple[Variant, ...]])


def reply_to(situation: Situation) -> str:
    """The mentor's answer to any text: says in the first turn that it is simulated, never merely repeats."""
    briefing = situation.briefing
    heard = hear(situation.words, _skill_names(briefing))
    variant = _variant(heard, situation)
    slots = _slots(briefing, heard)
    parts = [
        _disclosure(briefing) if not situation.earlier else "",
        " ".join(part for part in (_opening(heard, situation), variant.idea.format_map(slots)) if part),
        _next_step(variant.step.format_map(slots), heard, briefing, turn=len(situation.earlier)),
        _question(variant.question.format_map(slots), heard, briefing),
    ]
    return "\n\n".join(part for part in parts if part)


def title_for(words: str) -> str:
    """A task title made of what was said, as Manus does when none is given."""
    return hear(words).phrase or "Conversation"


def _skill_names(briefing: Read) -> list[str]:
    return [*briefing.missing, *(name for name, _ in briefing.skills)]


def _variant(heard: Heard, situation: Situation) -> Variant:
    topic = WITHOUT_OPTIONS if heard.topic == "decision" and heard.options is None else heard.topic
    choices = phrases()[topic]
    before = sum(1 for words in situation.earlier if hear(words).topic == heard.topic)
    if topic == "greeting" and situation.briefing.target is None:
        return phrases()["meeting"][0]
    if topic == "greeting":
        return choices[min(len(situation.earlier), len(choices) - 1)]
    return choices[before % len(choices)]


def _disclosure(briefing: Read) -> str:
    name = f"{plain_line(briefing.name)}, " if briefing.name else ""
    return f"({name}played by the rehearsal simulator: I am a simulated mentor, no real Traveler has read this.)"


def _opening(heard: Heard, situation: Situation) -> str:
    if heard.topic in QUIET_TOPICS or heard.topic == "greeting":
        return _address(situation.briefing) if heard.topic == "greeting" else ""
    choice = _chooser(situation)
    if heard.phrase is None:
        return _pick(WORDLESS, choice)
    opening = _pick(OPENERS, choice).format(phrase=heard.phrase)
    if heard.foreign:
        opening += " (In rehearsal I only speak English.)"
    earlier = _recalled(situation)
    if earlier and earlier != heard.phrase:
        opening += " " + _pick(RECALLS, choice).format(earlier=earlier)
    return opening


def _recalled(situation: Situation) -> str | None:
    """What the person last said of substance before now."""
    past = (hear(words) for words in reversed(situation.earlier[-4:]))
    return next((one.phrase for one in past if one.phrase and one.topic not in NOT_RECALLED), None)


def _address(briefing: Read) -> str:
    return f"Hello {plain_line(briefing.display_name)}." if briefing.display_name else "Hello."


def _next_step(step: str, heard: Heard, briefing: Read, *, turn: int) -> str:
    if heard.topic in QUIET_TOPICS:
        return step
    sentences = [f"One next step: {step}"]
    if heard.when:
        sentences.append(f"You spoke of {heard.when}, so do it before then.")
    # Said every time, these two would sound like a form letter.
    if turn % 2 == 0 and heard.topic not in NOT_RECALLED:
        sentences.append(_learning_tail(briefing.preferences))
    if turn % 3 == 0:
        sentences.append(_purpose(briefing))
    return " ".join(sentence for sentence in sentences if sentence)


def _purpose(briefing: Read) -> str:
    if briefing.mission:
        return f"It also moves your mission on: “{_brief(briefing.mission)}”."
    return f"It serves what you came for: “{_brief(briefing.goal)}”." if briefing.goal else ""


def _question(question: str, heard: Heard, briefing: Read) -> str:
    style = (briefing.teaching_style or "").casefold()
    if heard.topic in NOT_RECALLED:
        return question
    leads = (lead for stems, lead in QUESTION_LEADS.items() if any(stem in style for stem in stems))
    lead = next(leads, None)
    return f"{lead} {question[0].lower()}{question[1:]}" if lead and not question.startswith("I") else question


def _learning_tail(preferences: Sequence[str]) -> str:
    for preference in preferences:
        for stems, tail in LEARNING_TAILS.items():
            if any(stem in preference.casefold() for stem in stems):
                return tail
    return f"Shape it the way you like to learn: {plain_line(preferences[0])}." if preferences else ""


def _slots(briefing: Read, heard: Heard) -> dict[str, str]:
    first, second = heard.options or ("the one", "the other")
    return {
        "target": _with_article(briefing.target),
        "skill": _skill(briefing, heard),
        "gap": _gap(briefing, heard),
        "slot": _slot(briefing.weekly_hours),
        "horizon": _horizon(briefing.horizon_months),
        "era": str(briefing.era_years) if briefing.era_years else "some",
        "trade": _with_article(briefing.occupation, "a mentor"),
        "a": first,
        "b": second,
    }


def _skill(briefing: Read, heard: Heard) -> str:
    gap = _gap(briefing, heard)
    names = (plain_line(name) for name, _ in briefing.skills)
    return next((name for name in names if name and name != gap), "what you already do well")


def _gap(briefing: Read, heard: Heard) -> str:
    chosen = heard.skill or next(iter(briefing.missing), None)
    return plain_line(chosen or "") or "the skill you feel least sure of"


def _with_article(title: str | None, otherwise: str = "the professional you want to be") -> str:
    """An occupation as people say it: "a data scientist", where taxonomies write "Data Scientists"."""
    words = [_lowered(word) for word in plain_line(title or "").split()]
    if not words:
        return otherwise
    words[-1] = _singular(words[-1])
    return f"{'an' if words[0][0] in VOWELS else 'a'} {' '.join(words)}"


def _lowered(word: str) -> str:
    return word.lower() if word.istitle() else word


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is", "ics", "S")) or not word.endswith("s"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _slot(weekly_hours: float | None) -> str:
    if not weekly_hours:
        return "an hour will do"
    hours = max(1, math.ceil(min(weekly_hours, 100) / 3))
    return f"about {hours} of your {weekly_hours:g} hours this week"


def _horizon(months: int | None) -> str:
    if not months:
        return "the time you have given yourself"
    return "one month" if months == 1 else f"{months} months"


def _brief(text: str) -> str:
    line = plain_line(text)
    return line if len(line) <= LONGEST_PURPOSE else line[:LONGEST_PURPOSE].rstrip() + "…"


def _chooser(situation: Situation) -> int:
    material = f"{situation.seed}:{len(situation.earlier)}:{situation.words}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha256(material).digest()[:4], "big")


def _pick(choices: Sequence[str], choice: int) -> str:
    return choices[choice % len(choices)]
