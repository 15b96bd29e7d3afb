"""What search looks at, kept in step with the titles and names it is derived from."""

from collections.abc import Iterable

from django.db import connection

from accounts.models import AlternateTitle, Occupation, OccupationTerm, SearchTerm, SearchWord, Skill, SkillTerm, Source
from accounts.search_words import SHORTEST_SET_RIGHT, initials, spellings, words_of
from accounts.services.standing import refresh_standing
from timetravelers.kit.upserts import Tally, upsert

Weight = SearchTerm.Weight
Terms = dict[tuple[int, str], Weight]  # by primary key and text


def refresh_search_terms() -> Tally:
    """Make the terms of every occupation and skill exactly what their titles and names say; set their standing.

    For the services that write those, at their end: runs in their transaction, under their lock.
    """
    refresh_standing()
    occupations, skills = _occupation_terms(), _skill_terms()
    tally = _keep_occupation_terms(occupations) + _keep_skill_terms(skills) + _keep_words({*occupations, *skills})
    if tally.created or tally.changed or tally.removed:
        tell_the_planner()
    return tally


def tell_the_planner() -> None:
    """Count the tables that search reads, as the database would only later: without, it takes them for empty.

    It would then go through the terms once for each occupation.
    """
    with connection.cursor() as cursor:
        for model in (Occupation, Skill, OccupationTerm, SkillTerm, SearchWord):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _keep_occupation_terms(terms: Terms) -> Tally:
    wanted = (
        OccupationTerm(occupation_id=pk, text=text, compact=text.replace(" ", ""), weight=weight)
        for (pk, text), weight in terms.items()
    )
    return upsert(OccupationTerm.objects.all(), wanted, key=["occupation_id", "text"], values=["weight"], prune=True)


def _keep_skill_terms(terms: Terms) -> Tally:
    wanted = (
        SkillTerm(skill_id=pk, text=text, compact=text.replace(" ", ""), weight=weight)
        for (pk, text), weight in terms.items()
    )
    return upsert(SkillTerm.objects.all(), wanted, key=["skill_id", "text"], values=["weight"], prune=True)


def _keep_words(terms: Iterable[tuple[int, str]]) -> Tally:
    words = {word for _, text in terms for word in text.split() if len(word) >= SHORTEST_SET_RIGHT}
    wanted = (SearchWord(word=word) for word in sorted(words))
    return upsert(SearchWord.objects.all(), wanted, key=["word"], values=[], prune=True)


def _occupation_terms() -> Terms:
    terms: Terms = {}
    for pk, title, source in AlternateTitle.objects.values_list("occupation", "title", "source"):
        _add(terms, pk, title, Weight.OUR_OTHER_NAME if source == Source.STARTER else Weight.OTHER_NAME)
    for pk, title in Occupation.objects.values_list("pk", "title"):
        _add(terms, pk, title, Weight.TITLE)
        if short := initials(words_of(title)):
            terms.setdefault((pk, _text([short])), Weight.INITIALS)
    return terms


def _skill_terms() -> Terms:
    terms: Terms = {}
    for pk, name, aliases in Skill.objects.values_list("pk", "name", "aliases"):
        _add(terms, pk, name, Weight.TITLE)
        for alias in aliases:
            _add(terms, pk, alias, Weight.OUR_OTHER_NAME)
    return terms


def _add(terms: Terms, pk: int, title: str, weight: Weight) -> None:
    """The spellings of a title, each with the greatest weight that anybody gives it."""
    for spelling in spellings(title):
        if words := words_of(spelling):
            key = (pk, _text(words))
            terms[key] = max(weight, terms.get(key, weight))


def _text(words: list[str]) -> str:
    return f" {' '.join(words)} "
