"""How well and how fast occupations and skills are found, over queries with our own judgement, also half typed."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import fmean, median, quantiles
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model, Q, QuerySet

from accounts.models import Occupation, Skill
from accounts.search_words import words_of
from accounts.selectors import occupations, skills
from accounts.services.onet import import_onet
from bench.harness import Bench, Contenders, Figure, Pair, Say
from bench.judgement import Answer, by_sort, mean_reciprocal_rank, read_judged

# The text files of a full release, which are not part of this house.
RELEASE = Path(os.environ.get("ONET_RELEASE") or settings.BASE_DIR / "data" / "onet")
PAGE = 26  # what the API asks for: a page, and whether there is another one
REPEATS = 5
SLOWEST = 30.0  # ms
LEAST_MRR = 0.9

Search = Callable[[str], "QuerySet[Any]"]
Statement = tuple[str, Any]


def figures(say: Say) -> list[Figure]:
    """Agreement and time on the starting content, then on the full release if its files are there."""
    measured = list(_figures_on("starter"))
    if _import_release(say):
        measured += _figures_on("release")
    return measured


def _import_release(say: Say) -> bool:
    if not (RELEASE / "Occupation Data.txt").is_file():
        say(f"  no release of O*NET in {RELEASE} (or where ONET_RELEASE says): only the starting content is searched")
        return False
    if not Occupation.objects.filter(source="onet").exists():
        say("  importing the release of O*NET")
        import_onet(folder=RELEASE, progress=lambda _table: None)
    return True


def _figures_on(content: str) -> Iterator[Figure]:
    for name, search, model, key in _kinds():
        queries = read_judged(name, set(model._default_manager.values_list(key, flat=True)))
        answers = [Answer(query, [getattr(row, key) for row in search(query.typed)[:PAGE]]) for query in queries]
        about = f"{content} {name}"
        yield Figure(f"{about}: MRR of {len(answers)} queries", mean_reciprocal_rank(answers), at_least=LEAST_MRR)
        yield Figure(f"{about}: right or good at first", fmean(answer.begins_well for answer in answers))
        for sort, some in by_sort(answers).items():
            yield Figure(f"{about}: MRR of {len(some)} {sort}", mean_reciprocal_rank(some))
        yield from _times(f"{about}: whole queries", [query.typed for query in queries], search)
        halves = sorted({query.typed[:end] for query in queries for end in range(1, len(query.typed))})
        yield from _times(f"{about}: {len(halves)} beginnings", halves, search)


def _kinds() -> Iterator[tuple[str, Search, type[Model], str]]:
    yield "occupations", _by_search(occupations), Occupation, "code"
    yield "skills", _by_search(skills), Skill, "key"


def _by_search(selector: Callable[..., "QuerySet[Any]"]) -> Search:
    return lambda typed: selector(search=typed.strip())


def _times(name: str, typed: Sequence[str], search: Search) -> Iterator[Figure]:
    """Median and 95th percentile of the time at the database, each query's own being the least disturbed one."""
    times = [_milliseconds(_statement(search(words))) for words in typed if words_of(words)]
    yield Figure(f"{name}, p50", median(times), "ms")
    yield Figure(f"{name}, p95", quantiles(times, n=20)[-1], "ms", at_most=SLOWEST)


def _statement(rows: "QuerySet[Any]") -> Statement:
    statement: Statement = rows[:PAGE].query.sql_with_params()
    return statement


def _milliseconds(statement: Statement) -> float:
    times = []
    for _ in range(REPEATS):
        started = perf_counter()
        _ask(statement)
        times.append(1000 * (perf_counter() - started))
    return min(times)


def _ask(statement: Statement) -> None:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        cursor.fetchall()


def _plain_occupations(typed: str) -> "QuerySet[Occupation]":
    found = Q(title__icontains=typed) | Q(pk__in=Occupation.objects.filter(title_rows__title__icontains=typed))
    return Occupation.objects.live().select_related("field").filter(found)


def _plain_skills(typed: str) -> "QuerySet[Skill]":
    return Skill.objects.live().filter(Q(name__icontains=typed) | Q(aliases__icontains=typed))


@contextmanager
def contenders() -> Iterator[Contenders]:
    """The judged queries as ready statements: our ranked search, and the substring search that most would write."""
    plain: dict[str, Search] = {"occupations": _plain_occupations, "skills": _plain_skills}
    ours, stock = [], []
    for name, search, model, key in _kinds():
        for query in read_judged(name, set(model._default_manager.values_list(key, flat=True))):
            ours.append(_statement(search(query.typed)))
            stock.append(_statement(plain[name](query.typed.strip())))
    yield {"ours": partial(_rate, ours), "icontains": partial(_rate, stock)}


def _rate(statements: Sequence[Statement]) -> float:
    started = perf_counter()
    for statement in statements:
        _ask(statement)
    return len(statements) / (perf_counter() - started)


BENCH = Bench(
    name="search",
    question="are occupations and skills found as people type, and as fast as by a plain substring search?",
    unit="queries/s at the database",
    pairs=(Pair("ours", "icontains", at_least=1.0),),
    contenders=contenders,
    figures=figures,
)
