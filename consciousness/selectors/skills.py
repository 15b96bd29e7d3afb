"""Skills of the taxonomy by what people call them."""

from collections.abc import Iterable, Sequence

from accounts.models import Skill, SkillTerm
from accounts.search_words import words_of
from consciousness.mentions import Term, mentioned, term_of
from mentors.minutes import Minute

MOST_HEARD = 200


def skills_named(names: Sequence[str]) -> dict[str, int]:
    """The keys of those skills that are surely meant by these names; the likeliest where several are called so."""
    wanted = {f" {' '.join(words)} ": name for name in names if (words := words_of(name))}
    terms = SkillTerm.objects.filter(text__in=wanted, skill__retired_at__isnull=True)
    found = terms.order_by("weight", "skill__standing", "-skill").values_list("text", "skill")
    return {wanted[text]: skill for text, skill in found}


def skills_mentioned(said: Iterable[Minute]) -> dict[str, list[int]]:
    """By the taxonomy's name: in which of these minutes the person names a skill; what the mentor says is not heard.

    Of very many minutes the newest are read.
    """
    own = [one for one in said if one.by_person][-MOST_HEARD:]
    terms = _terms() if own else {}
    found: dict[str, list[int]] = {}
    for one in own:
        for name in mentioned(one.text, terms):
            found.setdefault(name, []).append(one.number)
    return found


def _terms() -> dict[str, Term]:
    """All that skills are called; of several that are called the same, the likeliest."""
    rows = SkillTerm.objects.filter(skill__retired_at__isnull=True).order_by("weight", "skill__standing", "-skill")
    facts = rows.values_list("text", "skill__name", "skill__aliases", "skill__kind")
    return {
        words: term_of(words, name, aliases, is_technology=kind == Skill.Kind.TECHNOLOGY)
        for text, name, aliases, kind in facts
        if (words := text.strip())
    }
