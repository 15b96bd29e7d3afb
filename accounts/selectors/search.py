"""Finding occupations and skills as people type: one ranked query for both."""

from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    FloatField,
    Func,
    Max,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression, RawSQL
from django.db.models.functions import Length

from accounts.models import SearchTerm
from accounts.search_words import SHORTEST_SET_RIGHT, plain_words, swapped, telling, words_of

Row = TypeVar("Row", bound=Model)

# Points of a term by how it matches; to them come those for who calls it so (SearchTerm.Weight), for how much of it
# was typed, and for how often the row is what people mean (its standing).
EXACT, LITERAL, INITIALS, ENDING, BEGINNING, WORDS, SLIP = 80.0, 65.0, 78.0, 58.0, 55.0, 35.0, 40.0
COVERAGE = 20.0
SHORTEST_WITHIN = 3  # letters; fewer are only looked for where a term begins, and take no slips
WELL_KNOWN = 10  # a standing: if nobody known that well matches, slips are forgiven
NEAREST = 5  # words that a word may be a slip of

# Patterns for the words that the typed ones may be slips of: letters that changed places, or alike by trigrams.
NEAR = """ARRAY(
    SELECT '%% ' || word || ' %%' FROM accounts_searchword WHERE word = ANY (%s)
    UNION ALL
    SELECT '%% ' || near.word || ' %%' FROM unnest(%s::text[]) AS typed (word), LATERAL (
        SELECT known.word FROM accounts_searchword AS known WHERE known.word %% typed.word
        ORDER BY similarity(known.word, typed.word) DESC, known.word LIMIT %s
    ) AS near
)"""


def best_matches(rows: "QuerySet[Row]", typed: str) -> "QuerySet[Row]":
    """Those of `rows` (occupations or skills) that have a term for what was typed, the likeliest first.

    A term matches if it begins with what was typed, or if its words begin with all the typed ones, in any order;
    case, accents, punctuation and plural do not count. Where nothing well known matches, slips are forgiven: terms
    with a word near to a typed one (letters that changed places, or alike by trigrams) follow, by likeness. Text
    without a word finds nothing. The order is total, so that pages neither overlap nor leave out.
    """
    words = words_of(typed)
    if not words:
        return rows.none()
    model: type[Any] = rows.model
    points = Max(_points(words, plain_words(typed))) + F("standing")
    found: QuerySet[Any] = rows.filter(_found(model, words)).annotate(points=points)
    return found.order_by("-points", *model._meta.ordering)


def _found(model: type[Any], words: list[str]) -> Q:
    match = _exact(words) | _beginning(words)
    if len("".join(words)) < SHORTEST_WITHIN:
        return match
    match |= _with_words(words)
    sure = _exact(words) | Q(standing__gte=WELL_KNOWN)
    return match | _with_slips(words, unless=Exists(model.objects.live().filter(match, sure)))


def _exact(words: list[str]) -> Q:
    return Q(search_terms__compact="".join(words))


def _beginning(words: list[str]) -> Q:
    return Q(search_terms__compact__startswith="".join(words)) & _spelt_out()


def _with_words(words: list[str]) -> Q:
    wanted = _spelt_out()
    for word in telling(words):
        wanted &= Q(search_terms__text__contains=f" {word}")
    return wanted


def _spelt_out() -> Q:
    return Q(search_terms__weight__gt=SearchTerm.Weight.INITIALS)


def _with_slips(words: list[str], *, unless: Exists) -> Q:
    """Terms with a word near to a typed one; none, without a look at an index, if `unless` holds."""
    wanted = [word for word in telling(words) if len(word) >= SHORTEST_SET_RIGHT]
    meant = [other for word in wanted for other in swapped(word)]
    near = RawSQL(NEAR, (meant, wanted, NEAREST), output_field=ArrayField(TextField()))  # noqa: S611 - constant text
    return Q(LikeAny(F("search_terms__text"), Case(When(unless, then=None), default=near)))


class LikeAny(Func):
    """Whether a text is like one of the patterns of an array; false for no array."""

    arg_joiner = " LIKE ANY ("
    template = "(%(expressions)s))"
    output_field = BooleanField()


def _points(words: list[str], plain: list[str]) -> Case:
    weight = F("search_terms__weight")
    covered = Value(COVERAGE * len("".join(words))) / Length("search_terms__compact", output_field=FloatField())
    alike = TrigramSimilarity("search_terms__text", " ".join(words)) * Value(SLIP)
    return Case(
        When(_exact(words) & ~_spelt_out(), then=Value(INITIALS)),
        *_longer(words, plain, then=weight + covered + Value(LITERAL)),
        When(_exact(words), then=weight + Value(EXACT + COVERAGE)),
        When(Q(search_terms__text__endswith=f" {' '.join(words)} "), then=weight + covered + Value(ENDING)),
        When(_beginning(words), then=weight + covered + Value(BEGINNING)),
        When(_with_words(words), then=weight + covered + Value(WORDS)),
        default=weight + alike,
        output_field=FloatField(),
    )


def _longer(words: list[str], plain: list[str], *, then: CombinedExpression) -> list[When]:
    """What looks like a plural may be the beginning of a longer word: photos, photoshop."""
    if plain[-1] == words[-1]:
        return []
    return [When(search_terms__text__startswith=f" {' '.join([*words[:-1], plain[-1]])}", then=then)]
