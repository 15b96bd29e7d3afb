"""What the rehearsal mentor hears in a message: topic, a phrase to quote, options, a date, a skill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_HEARD = 4_000
LONGEST_PHRASE = 90
LAST_LATIN = 0x24F
MOST_WORDS_QUOTED = 12
MOST_SMALL_TALK = 5

# Order settles ties. The first three outrank everything else whatever the score.
URGENT = ("distress", "injection", "about_you")
SMALL_TALK = ("thanks", "greeting")
TOPICS: dict[str, tuple[str, ...]] = {
    "distress": (
        r"\b(kill|hurt|harm)(ing)? myself\b",
        r"\bsuicid\w*",
        r"\bend (my life|it all)\b",
        r"\bself[- ]harm\w*",
        r"\b(want|wish) to die\b",
        r"\bno reason to live\b",
    ),
    "injection": (
        r"\bignore (all |any |the |your |my )*(previous|above|prior)?\s*(instruction|rule|prompt)s?\b",
        r"\bsystem prompt\b",
        r"\b(reveal|print|repeat|show)\b.{0,30}\b(instructions|prompt|rules|briefing)\b",
        r"\byou are now\b",
        r"\bjailbreak\b",
        r"\bdeveloper mode\b",
        r"\bapi[- ]?key\b",
        r"\bdisregard\b.{0,30}\b(instruction|rule)s?\b",
    ),
    "about_you": (
        r"\bwho are you\b",
        r"\bwhat are you\b",
        r"\bare you (an? )?(ai|a\.i\.|bot|robot|human|real|machine)\b",
        r"\byour (story|background|career|own path|experience)\b",
        r"\bare you (really )?a person\b",
        r"\bhow did you (get|become|start|make)\b",
        r"\bchat ?gpt\b",
    ),
    "interview": (
        r"\binterview\w*",
        r"\bhiring manager\b",
        r"\bphone screen\b",
        r"\bwhiteboard\b",
        r"\bbehaviou?ral\b",
    ),
    "salary": (
        r"\bsalar\w+",
        r"\bnegotiat\w+",
        r"\braise\b",
        r"\bcompensation\b",
        r"\bpay (rise|cut|band)\b",
        r"\bunderpaid\b",
        r"\bhow much (should|can|do) i (ask|earn|make)\b",
        r"\bjob offer\b",
    ),
    "decision": (
        r"\bshould i\b.*\bor\b",
        r"\bbetween\b.+\band\b",
        r"\btwo (options|offers|jobs|paths)\b",
        r"\bdecid\w+",
        r"\bdecision\b",
        r"\bwhich (one|of|path|offer|is better)\b",
        r"\btorn\b",
        r"\beither\b.+\bor\b",
    ),
    "switch": (
        r"\b(switch|chang|mov|transition|pivot)\w*\b.{0,30}\b(career|field|job|role|industr|into|to)\w*",
        r"\bcareer (switch|change|pivot|break)\b",
        r"\bleave my (job|field)\b",
        r"\bquit\w*\b",
        r"\bstart over\b",
        r"\bnew (career|field|industry)\b",
        r"\b(want|hope|plan|dream|like|love)\w* (of |on )?(to be|to become|becoming|to work as)\b",
        r"\btoo (late|old)\b",
    ),
    "cv": (
        r"\bc\.?v\.?\b",
        r"\br[eé]sum[eé]s?\b",
        r"\bportfolio\w*",
        r"\bcover letter\b",
        r"\bgithub\b",
        r"\blinkedin profile\b",
        r"\bapplication\w*\b",
    ),
    "networking": (
        r"\bnetwork(ing|s)?\b",
        r"\bmeet people\b",
        r"\breach out\b",
        r"\breferr?al\w*",
        r"\bmeet-?ups?\b",
        r"\bconferenc\w+",
        r"\blinkedin\b",
        r"\bintroduc\w+",
        r"\bcold (e-?mail|message)\w*",
    ),
    "motivation": (
        r"\bburn\w*[- ]?out\b",
        r"\btired\b",
        r"\bexhaust\w+",
        r"\bmotivat\w+",
        r"\bstuck\b",
        r"\bgive up\b",
        r"\boverwhelm\w*",
        r"\bimpost[eo]r\b",
        r"\bprocrastinat\w+",
        r"\bstress\w*",
        r"\banxious\b",
        r"\bafraid\b",
        r"\bscared\b",
        r"\bhopeless\b",
        r"\bfrustrat\w+",
        r"\brejected\b",
        r"\bnot good enough\b",
    ),
    "skill": (
        r"\blearn\w*",
        r"\bstudy\w*",
        r"\bcourse\w*",
        r"\bpracti[cs]\w+",
        r"\bskills?\b",
        r"\btutorial\w*",
        r"\bbootcamp\w*",
        r"\bget better at\b",
        r"\bimprov\w+",
        r"\bcertificat\w+",
        r"\bhow do i (start|begin|build)\b",
    ),
    "thanks": (
        r"\bthank\w*",
        r"\bthx\b",
        r"\bappreciate\b",
        r"\bthat helps?( a lot)?\b",
        r"\bgreat advice\b",
    ),
    "greeting": (r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|greetings)\b", r"\bnice to meet you\b"),
}
PATTERNS = {topic: tuple(re.compile(one, re.IGNORECASE) for one in ones) for topic, ones in TOPICS.items()}
WHEN = re.compile(
    r"\b(tomorrow|tonight|next (?:week|month|year|monday|tuesday|wednesday|thursday|friday)"
    r"|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|(?:in|within) (?:a|an|one|two|three|four|five|six|\d{1,3}) (?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
OPTIONS = (
    re.compile(r"\bbetween (?P<a>[^.,;?!\n]{2,60}?) and (?P<b>[^.,;?!\n]{2,60})", re.IGNORECASE),
    re.compile(r"\beither (?P<a>[^.,;?!\n]{2,60}?) or (?P<b>[^.,;?!\n]{2,60})", re.IGNORECASE),
    re.compile(r"\bshould i (?P<a>[^.;?!\n]{2,60}?),? or (?P<b>[^.;?!\n]{2,60})", re.IGNORECASE),
)
SMALL_WORDS = frozenset(
    """
    a an the and or but so of to in on at for with from by as is am are was were be been do does did
    have has had i me my we our you your he she it its they them this that these those there here
    just really very some any what how why when who which can could would should will shall may
    might please hi hello hey thanks thank about into not no yes if then than too also get got
    """.split()  # noqa: SIM905 (a list of 90 quoted words would hide them)
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as the mentor understood it.

    `phrase` is None when there is nothing to quote; `foreign` tells of a script that is not Latin.
    """

    topic: str
    phrase: str | None
    when: str | None
    options: tuple[str, str] | None
    skill: str | None
    foreign: bool


def hear(words: str, skills: Iterable[str] = ()) -> Heard:
    """Understand any text whatever; only its first 4,000 characters are listened to."""
    text = words[:LONGEST_HEARD]
    date = WHEN.search(text)
    return Heard(
        topic=_topic(text),
        phrase=_phrase(text),
        when=date.group().lower() if date else None,
        options=_options(text),
        skill=_named_skill(text, skills),
        foreign=_mostly_not_latin(text),
    )


def plain_line(text: str) -> str:
    """`text` on one line, without control, format and unpaired characters and without Markdown's own."""
    kept = "".join(" " if unicodedata.category(one).startswith("C") else one for one in text)
    return " ".join(re.sub(r"[*_`#<>\[\]{}|\\~]+", " ", kept).split())


def _topic(text: str) -> str:
    scores = {topic: sum(1 for one in patterns if one.search(text)) for topic, patterns in PATTERNS.items()}
    for topic in URGENT:
        if scores[topic]:
            return topic
    substance = {topic: score for topic, score in scores.items() if topic not in SMALL_TALK and score}
    if substance:
        return max(substance, key=lambda topic: substance[topic])
    small_talk = next((topic for topic in SMALL_TALK if scores[topic]), None)
    return small_talk if small_talk and len(_telling_words(text)) <= MOST_SMALL_TALK else "unknown"


def _telling_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w[\w'\u2019+#.-]*", text.lower()) if word not in SMALL_WORDS]


def _phrase(text: str) -> str | None:
    """The clause that says most, shortened to a quotation."""
    clauses = [plain_line(clause) for clause in re.split(r"[.!?;\n\u3002\uff01\uff1f\uff1b]+|,\s", text)]
    telling = [clause for clause in clauses if any(one.isalnum() for one in clause)]
    if not telling:
        return None
    return _shortened(max(telling, key=_weight))


def _weight(clause: str) -> float:
    """Telling words, with a diminishing return, so that a rambling clause does not win by length alone."""
    telling = len(_telling_words(clause))
    return telling / (1 + 0.05 * max(0, len(clause.split()) - MOST_WORDS_QUOTED))


def _shortened(clause: str) -> str:
    words = clause.split()
    kept = words[:MOST_WORDS_QUOTED]
    while len(words) > len(kept) > 1 and kept[-1].lower() in SMALL_WORDS:
        kept.pop()
    cut = " ".join(kept).strip(" ,:-\"'“”")
    if len(cut) > LONGEST_PHRASE:
        cut = cut[:LONGEST_PHRASE].rstrip()
    elif len(words) <= MOST_WORDS_QUOTED:
        return cut
    return cut + "…"


def _options(text: str) -> tuple[str, str] | None:
    for pattern in OPTIONS:
        found = pattern.search(text)
        if found:
            first, second = _shortened(plain_line(found["a"])), _shortened(plain_line(found["b"]))
            return (first, second) if first and second else None
    return None


def _named_skill(text: str, skills: Iterable[str]) -> str | None:
    lowered = text.casefold()
    named = [skill for skill in skills if len(skill) > 1 and _mentions(lowered, skill.casefold())]
    return max(named, key=len, default=None)


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _mostly_not_latin(text: str) -> bool:
    letters = [one for one in text[:200] if one.isalpha()]
    return 2 * sum(1 for one in letters if ord(one) > LAST_LATIN) > len(letters)
