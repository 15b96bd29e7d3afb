"""Skills that people name, found by exact rules: rather none than one that was not meant. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from accounts.search_words import words_of

LONGEST_TERM = 6
LONGEST_HEARD = 4_000
# As many letters, and fewer, say anything: PM is an hour, too.
SHORTEST_BY_ITSELF = 3
# A name of more words is more than that of one thing: a word of "Microsoft Excel" is its name, too.
LONGEST_NAME = 2
LONGEST_CUE = 60
# Names of technologies that are words, or people, too.
EVERYDAY = frozenset({"angular", "go", "react", "rhino", "ruby", "rust", "spring", "swift"})

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*[+#]*")
_BREAK = re.compile(r"[.!?\u2026]+(?=\s|$)|\n+|[;:()\[\]{}\"\u201c\u201d]|,(?=\s)")
_SENTENCE_END = re.compile(r"[.!?\u2026]\s*$|\n\s*$|^\s*$")
_GLUED_BEFORE, _GLUED_AFTER = re.compile(r"[\w@/\\.#&-]$"), re.compile(r"[\w@\\&-]|/\w|\.\w|['\u2019]\w")
_AND = re.compile(r"\s*(?:,|/|&|\+|and|or|und|oder|y|o|et|ou|as well as|\s)+\s*", re.IGNORECASE)
_FILLER = (
    r"some|more|a bit of|about|how to use|how to|to use|the|my|your|our|basic|basics of|advanced|enough|proper"
    r"|etwas|mehr|ein wenig|die|das|den|mein|un poco de|m\u00e1s|algo de|la|el|mi|un peu de|le|les|du|de la|plus de"
)
_CUE = re.compile(
    r"(?<!\w)(?:"
    r"learn(?:ing|ed|t)?|study(?:ing)?|studied|practi[sc](?:e|ing|ed)|(?:teach|taught) myself|us(?:e|ing|ed)"
    r"|know(?:ing)?|knew|master(?:ing|ed)?|improv(?:e|ing)|(?:better|good|bad|great|strong) (?:at|in|with)"
    r"|skills? in|experience (?:in|with|of)|background in|(?:course|class|certificate|training|trained) (?:in|on)"
    r"|certified in|(?:program(?:ming)?|cod(?:e|ing)|writ(?:e|ing|ten)) in|work(?:ed|ing)? with"
    r"|lern(?:e|en|te)|gelernt|\u00fcben?|kann|beherrsche|kenntnisse in|erfahrung (?:mit|in)|kurs in|arbeite mit"
    r"|aprend(?:er|o|\u00ed|iendo)|estudi(?:o|ar|\u00e9)|practicar|us(?:o|ar|\u00e9)|s\u00e9|domin(?:o|ar)"
    r"|experiencia (?:en|con)|curso de"
    r"|appren(?:dre|ds)|appris|\u00e9tudi(?:e|er|\u00e9)|pratiquer|utilis(?:e|er|\u00e9)|ma\u00eetris(?:e|er)"
    rf"|exp\u00e9rience (?:en|avec)|cours (?:de|sur)) (?:(?:{_FILLER}) ){{0,2}}$",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r" (?:skills?|course|class|lessons?|certificate|certification|experience|training|bootcamp|tutorial|exam"
    r"|kenntnisse|kurs|pr\u00fcfung)(?!\w)",
    re.IGNORECASE,
)
_PROPER = re.compile(r"\w+(?:[A-Z0-9]|[+#])|[A-Z]+\d|[A-Z]{2}|[A-Z][+#]")


@dataclass(frozen=True, slots=True)
class Term:
    """What a skill is called: by words as search compares them, as it is spelled, and whether it may stand by itself.

    `sure` terms are meant wherever they stand, `proper` names where they are spelled so inside a sentence, and all
    others only where something is said of learning, knowing or using it.
    """

    name: str
    spelled: frozenset[str]
    sure: bool
    proper: bool


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    start: int
    end: int


def term_of(words: str, name: str, aliases: Sequence[str], *, is_technology: bool) -> Term:
    """How a term of the catalogue's is to be taken; `words` as its index has them."""
    parts = words.split()
    spelled = frozenset(one for one in (name, *aliases) if words_of(one) == parts)
    if len(parts) > 1:
        return Term(name, spelled, sure=name in spelled or (is_technology and _has_name(spelled)), proper=False)
    is_short = len(parts[0]) < SHORTEST_BY_ITSELF
    sure = not is_short and any(_PROPER.search(one) for one in spelled)
    of_name = parts[0] in words_of(name) and len(words_of(name)) <= LONGEST_NAME
    proper = is_technology and of_name and not is_short and parts[0] not in EVERYDAY
    return Term(name, spelled, sure=sure, proper=proper)


def _has_name(spelled: Iterable[str]) -> bool:
    """Whether it is no phrase of plain words: "Google Sheets", "Node.js"."""
    return any(
        " " not in one or any(word[0].isupper() or _PROPER.search(word) for word in one.split()[1:]) for one in spelled
    )


def mentioned(text: str, terms: Mapping[str, Term]) -> list[str]:
    """Names of the skills that a text names, each once, in order; the longest term counts where several begin."""
    heard = text[:LONGEST_HEARD]
    found: dict[str, None] = {}
    last = -1  # where the last one that was found ends
    for clause in _clauses(heard):
        place = 0
        while place < len(clause):
            taken = _longest(heard, clause, place, terms, last)
            if taken is None:
                place += 1
                continue
            name, count = taken
            found[name] = None
            place += count
            last = clause[place - 1].end
    return list(found)


def _clauses(text: str) -> Iterator[list[_Word]]:
    begin = 0
    for end, after in [*((found.start(), found.end()) for found in _BREAK.finditer(text)), (len(text), len(text))]:
        words = [
            _Word(plain[0], begin + found.start(), begin + found.end())
            for found in _WORD.finditer(text[begin:end])
            if len(plain := _plain(found[0])) == 1
        ]
        yield words
        begin = after


@lru_cache(maxsize=20_000)
def _plain(word: str) -> list[str]:
    """As the catalogue has it; people say few words often."""
    return words_of(word)


def _longest(
    text: str, clause: Sequence[_Word], place: int, terms: Mapping[str, Term], last: int
) -> tuple[str, int] | None:
    for count in range(min(LONGEST_TERM, len(clause) - place), 0, -1):
        words = clause[place : place + count]
        term = terms.get(" ".join(word.plain for word in words))
        if term is not None and _is_meant(text, words[0].start, words[-1].end, term, last):
            return term.name, count
    return None


def _is_meant(text: str, start: int, end: int, term: Term, last: int) -> bool:
    written = text[start:end]
    if _is_glued(text, start, end, term):
        return False
    if " " in written and term.sure:
        return True
    is_spelled = written in term.spelled or text[max(0, start - 1) : end] in term.spelled
    if is_spelled and _stands_by_itself(text, start, term):
        return True
    if last >= 0 and _AND.fullmatch(text[last:start]):
        return True
    before = text[max(0, start - LONGEST_CUE) : start]
    return _CUE.search(before) is not None or _CUE_AFTER.match(text, end) is not None


def _stands_by_itself(text: str, start: int, term: Term) -> bool:
    """Whether capitals say that a name is meant; at the beginning of a sentence they do not."""
    if _is_shouted(text, start):
        return False
    return term.sure or (term.proper and _SENTENCE_END.search(text[:start]) is None)


def _is_glued(text: str, start: int, end: int, term: Term) -> bool:
    """Whether it is a part of something longer: of an address, a path, or a word with a hyphen."""
    before = text[max(0, start - 1) : start]
    if f"{before}{text[start:end]}" in term.spelled:  # .NET
        before = text[max(0, start - 2) : start - 1]
    return bool(_GLUED_BEFORE.match(before) and before != "/") or _GLUED_AFTER.match(text, end) is not None


def _is_shouted(text: str, start: int) -> bool:
    """Whether capitals mean nothing here."""
    around = text[max(0, start - 40) : start + 40]
    return not any(one.islower() for one in around) and len(around.split()) > 1
