"""What is found, and in which order, as people type."""

from statistics import fmean
from urllib.parse import urlsplit

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import AlternateTitle, Occupation, User
from accounts.selectors import occupations, skills
from accounts.services.search_terms import refresh_search_terms
from bench.judgement import Answer, mean_reciprocal_rank, read_judged
from tests.actors import Api, ApiClient
from tests.factories.accounts import make_occupation, make_skill
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(charlie: User, api: Api) -> ApiClient:
    """The phone of somebody who has only just signed up."""
    return api(charlie)


def titles(typed: str) -> list[str]:
    """Of the occupations found, the likeliest first."""
    return [row.title for row in occupations(search=typed)]


def codes(typed: str) -> list[str]:
    """Of the occupations found, the likeliest first; of all, if nothing is typed."""
    return [row.code for row in occupations(search=typed)]


def keys(typed: str) -> list[str]:
    """Of the skills found, the likeliest first."""
    return [row.key for row in skills(search=typed)]


def catalogue(*names: str | tuple[str, ...]) -> None:
    """Occupations by title, each with its other names behind it; coded in this order."""
    for number, name in enumerate(names):
        title, *others = (name,) if isinstance(name, str) else name
        make_occupation(f"15-{number:04}.00", title, alternate_titles=others)
    refresh_search_terms()


@pytest.mark.parametrize(("kind", "least"), [("occupations", 0.97), ("skills", 0.95)])
def test_the_judged_queries_find_what_is_meant_on_the_starting_content(
    searchable: None, kind: str, least: float
) -> None:
    search, known = (codes, codes("")) if kind == "occupations" else (keys, keys(""))
    queries = read_judged(kind, known)
    assert len(queries) >= 90
    answers = [Answer(query, search(query.typed.strip())[:26]) for query in queries]
    missed = {answer.query.typed: answer.found[:3] for answer in answers if answer.reciprocal_rank < 1}
    assert mean_reciprocal_rank(answers) >= least, missed
    assert fmean(answer.begins_well for answer in answers) >= least, missed


def test_the_title_itself_comes_first_then_what_ends_or_begins_so_then_the_words_anywhere() -> None:
    catalogue("Tall Engineers and Others", "Engineering Managers", "Wild Engineers", "Engineers")
    expected = ["Engineers", "Wild Engineers", "Engineering Managers", "Tall Engineers and Others"]
    assert titles("engineer") == titles("Engineers") == expected
    assert titles("engin")[0] == "Engineers"
    assert set(titles("engin")) == set(expected)


def test_a_title_counts_for_more_than_our_other_name_and_that_for_more_than_anothers() -> None:
    catalogue("Bees", ("Ants", "Pilot"), "Pilots")
    AlternateTitle.objects.create(occupation=Occupation.objects.get(title="Bees"), title="Pilot", source="onet")
    refresh_search_terms()
    assert titles("pilot") == ["Pilots", "Ants", "Bees"]


def test_an_exact_other_name_is_more_likely_meant_than_the_beginning_of_a_title() -> None:
    catalogue("Nurse Practitioners", ("Registered Nurses", "Nurse"))
    assert titles("nurse") == ["Registered Nurses", "Nurse Practitioners"]


def test_what_is_widely_held_comes_before_what_is_not_and_codes_settle_the_rest() -> None:
    catalogue("Rare Bakers", ("Cake Bakers", "Icer"), "Tart Bakers")
    Occupation.objects.filter(title="Rare Bakers").update(source="onet")
    refresh_search_terms()
    assert titles("bakers") == ["Cake Bakers", "Tart Bakers", "Rare Bakers"]


WAYS = """
    data scientists|Data Scientist|DATA SCI|  data   scien |scientist data|scien dat|datascientist|data-scientist
    |Dàta Scïentist|data scientst|data scienitst|dtaa scientist|ds|D.S.|ml engin|mle|the data scientist
    |data of scientist
"""


@pytest.mark.parametrize("typed", [way.strip("\n") for way in WAYS.split("|")])
def test_one_occupation_by_many_ways_to_type_it(typed: str) -> None:
    catalogue("Bakers", ("Data Scientists", "Machine Learning Engineer (MLE)", "ML Engineer"), "Carpenters")
    assert titles(typed) == ["Data Scientists"]


@pytest.mark.parametrize(
    ("typed", "key"), [("c", "c"), ("c+", "c-plus-plus"), ("c++", "c-plus-plus"), ("c#", "c-sharp")]
)
def test_the_signs_in_a_name_tell_it_from_its_neighbours(typed: str, key: str) -> None:
    for each, name in (("c-plus-plus", "C++"), ("c-sharp", "C#"), ("c", "C"), ("csound", "Csound")):
        make_skill(each, name=name)
    refresh_search_terms()
    assert keys(typed)[0] == key
    assert typed == "c" or keys(typed) == [key]


def test_one_or_two_letters_find_what_begins_so_and_no_slips() -> None:
    catalogue("Actors", "Bus Drivers", ("Chefs", "A Cook"))
    assert titles("a") == ["Actors", "Chefs"]
    assert titles("dr") == []
    assert titles("cat") == []


def test_slips_are_forgiven_only_where_nothing_well_known_matches() -> None:
    catalogue("Painters", "Printers")
    assert titles("painters") == ["Painters"]
    assert titles("paintrs") == ["Painters"]
    make_skill("excel", name="Excel")
    make_skill("exele", name="Exele TopView", source="onet")
    refresh_search_terms()
    assert keys("exel") == ["exele", "excel"]


def test_where_no_term_has_all_the_words_some_are_better_than_none() -> None:
    catalogue("Graphic Designers", "Carpenters", "Product Testers")
    assert set(titles("product designer")) == {"Graphic Designers", "Product Testers"}


def test_what_an_occupation_is_not_does_not_find_it() -> None:
    catalogue("Kindergarten Teachers, Except Special Education", "Special Education Teachers")
    assert titles("special education") == ["Special Education Teachers"]


def test_a_plural_may_be_the_beginning_of_a_longer_word() -> None:
    make_skill("photography")
    make_skill("photoshop")
    refresh_search_terms()
    assert keys("photos") == ["photoshop", "photography"]


def test_retired_rows_are_not_found_and_do_not_keep_slips_from_being_forgiven() -> None:
    catalogue("Painters", "Paintrs")
    Occupation.objects.filter(title="Paintrs").update(retired_at=now())
    assert titles("paintrs") == ["Painters"]
    make_skill("python", retired_at=now())
    refresh_search_terms()
    assert keys("python") == []


def test_search_goes_with_the_other_filters() -> None:
    make_occupation("15-2051.00", "Data Scientists")
    make_occupation("29-2072.00", "Data Keepers")
    refresh_search_terms()
    assert [row.code for row in occupations(search="data", field="29-0000")] == ["29-2072.00"]
    assert [row.code for row in occupations(search="data", minor_group="15-2000")] == ["15-2051.00"]


@pytest.mark.parametrize("path", ["/taxonomy/occupations/", "/taxonomy/skills/"])
def test_a_search_is_one_query_and_none_for_text_without_a_word(
    reader: ApiClient, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    catalogue("Registered Nurses")
    reader.get(path)
    for typed in ("nurse", "nusre", "n", "data scientist of the year", "asdfgh", "%"):
        with django_assert_num_queries(0 if typed == "%" else 1):
            assert reader.get(path, {"search": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["nurse", "driver truck", "nusre"])
def test_indexes_serve_terms_and_words(searchable: None, typed: str) -> None:
    with connection.cursor() as cursor:  # small tables are read whole, if nothing forbids it
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off")
    plan = occupations(search=typed).explain()
    for index in ("occupation_term_prefix", "occupation_term_trigrams", "search_word_trigrams", "search_word_once"):
        assert index in plan


def test_pages_of_a_search_hold_everything_once_in_order(reader: ApiClient) -> None:
    catalogue(*[f"Painter of {number}" for number in range(7)])
    found: list[str] = []
    path, query = "/taxonomy/occupations/", {"search": "painter", "limit": "3"}
    for _ in range(5):
        page = reader.get(path, query).json()
        found += [row["title"] for row in page["results"]]
        if page["next"] is None:
            break
        after, query = urlsplit(page["next"]), {}
        path = f"{after.path}?{after.query}"
    assert found == titles("painter")
    assert len(found) == 7


def test_the_shapes_are_those_of_the_catalogue(reader: ApiClient) -> None:
    make_occupation("15-2051.00", "Data Scientists", alternate_titles=["ML Engineer", "Data Analyst"])
    make_skill("javascript", name="JavaScript", aliases=["ECMAScript", "JS"])
    refresh_search_terms()
    [found] = reader.get("/taxonomy/occupations/", {"search": "ml engin"}).json()["results"]
    assert found == {
        "code": "15-2051.00",
        "title": "Data Scientists",
        "field": {"code": "15-0000", "name": "Field 15"},
        "job_zone": 4,
    }
    [skill] = reader.get("/taxonomy/skills/", {"search": "ecma"}).json()["results"]
    assert skill["key"] == "javascript"
    assert set(skill) == {"key", "name", "kind", "description", "aliases"}


WITHOUT_A_WORD = ["%", "_", '","', "{", "\\", "$$", "+", "###", "🦦", "\u200d", "\u0301" * 100]
WITH_WORDS = ["' OR 1=1 --", "%%s", "%(x)s", "{0}", "%a_", "\ufdfa" * 100, "a " * 50, "x" * 100, "c++" * 33, "ss" * 50]


@pytest.mark.parametrize("path", ["/taxonomy/occupations/", "/taxonomy/skills/"])
def test_signs_of_the_query_language_are_only_signs(searchable: None, reader: ApiClient, path: str) -> None:
    answers = {typed: reader.get(path, {"search": typed}) for typed in [*WITHOUT_A_WORD, *WITH_WORDS]}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [typed for typed in WITHOUT_A_WORD if answers[typed].json()["results"]] == []
    plain = reader.get(path, {"search": "or 1 1"}).json()["results"]
    assert answers["' OR 1=1 --"].json()["results"] == plain


@configured(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=100) | st.text("aeinrst c+#'%_\\-.", max_size=30))
def test_whatever_is_typed_finds_rows_once_and_in_the_same_order_again(searchable: None, typed: str) -> None:
    for search in (titles, keys):
        found = search(typed)
        assert found == search(typed)
        assert not typed or len(found) == len(set(found))
