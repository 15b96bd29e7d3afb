"""Searching one's own history: what is found, how it is told, and what is nobody else's business."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from consciousness.models import Message, Session, Turn
from consciousness.selectors.search import finds_of
from consciousness.services.indexing import index_new_messages
from tests.actors import ApiClient
from tests.consciousness.test_api import assert_problem
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.clock import now

Api = Callable[[User | None], ApiClient]


def said(session: Session, text: str, author: str = "user", **facts: Any) -> Message:
    turn = Turn.objects.create(session=session, state="completed", due_at=now(), ended_at=now())
    return Message.objects.create(session=session, turn=turn, author=author, text=text, **facts)


def texts(actor: User, query: str, limit: int = 25) -> list[str]:
    return [one.snippet.text for one in finds_of(actor, query, limit=limit).results]


@pytest.fixture
def talk(alice: User) -> Session:
    """A session in which something was said, and read by search."""
    session = make_session(alice, title="About résumés", goal="Become a forecaster")
    for text in (
        "How do I learn statistics?",
        "Running regressions every day helped me.",
        "Don't panic\\ 'quoted' text",
    ):
        said(session, text)
    index_new_messages()
    return session


# What is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("statistics", 1),
        ("STATISTICS", 1),
        ("statis", 1),  # a word that is still being typed
        ("learn statis", 1),
        ("statis learn", 0),  # only the last one may be
        ("regression run", 1),  # other forms of the word
        ('"learn statistics"', 1),
        ('"statistics learn"', 0),
        ("statistics or regressions", 2),
        ("learn -statistics", 0),
        ("quoted", 1),
        ("résumés", 1),
        ("forecast", 1),  # a goal
        ("cello", 0),
    ],
)
def test_words_find_what_was_said(talk: Session, query: str, number: int) -> None:
    assert len(texts(talk.user, query)) == number


@pytest.mark.parametrize("query", ["-statistics", "-zebra"])
def test_what_is_only_missing_is_missing_from_ones_own_alone(talk: Session, bob: User, query: str) -> None:
    said(make_session(bob), "Bob's own words.")
    index_new_messages()
    assert all("Bob" not in text for text in texts(talk.user, query))
    assert texts(bob, query) == ["Bob's own words."]


def test_nobody_finds_anybody_elses_words(talk: Session, bob: User) -> None:
    assert texts(bob, "statistics") == texts(bob, "résumés") == []
    # Not by the name of the other's index either.
    assert texts(bob, f"u{talk.user.pk}.statistics") == texts(bob, f"u{talk.user.pk}") == []


def test_languages_change_words_in_their_own_way(alice: User) -> None:
    alice.profile.languages = ["de-DE"]
    alice.profile.save()
    said(make_session(alice), "Die Häuser meiner Freunde.")
    index_new_messages()
    assert len(texts(alice, "haus")) == len(texts(alice, "freund")) == 1


def test_replies_that_gave_way_are_not_found(talk: Session) -> None:
    gone = said(talk, "An outdated answer.", "traveler", stand_in=True, superseded_at=now())
    stands = Message.objects.create(session=talk, turn=gone.turn, author="traveler", text="A better answer.")
    index_new_messages()
    assert texts(talk.user, "answer") == [stands.text]


def test_the_best_comes_first(talk: Session) -> None:
    said(talk, "forecaster")
    index_new_messages()
    ranks = [one.rank for one in finds_of(talk.user, "forecaster", limit=10).results]
    assert ranks == sorted(ranks, reverse=True)
    assert len(ranks) == 2


def test_snippets_say_where(talk: Session) -> None:
    (found,) = finds_of(talk.user, "regressions", limit=5).results
    assert [found.snippet.text[begin:end] for begin, end in found.snippet.ranges] == ["regressions"]
    assert (found.kind, found.session, found.author) == ("message", talk.uid, "user")


def test_snippets_of_long_and_odd_texts(talk: Session) -> None:
    text = "<b>filler</b> 🦄 " * 400 + " needle & <script> " + "more words " * 400
    said(talk, text)
    index_new_messages()
    (found,) = finds_of(talk.user, "needle", limit=5).results
    assert len(found.snippet.text) < 1_000
    assert ["needle" in found.snippet.text[begin:end] for begin, end in found.snippet.ranges] == [True]


# The index ----------------------------------------------------------------------------------------------


def test_each_message_is_read_once(talk: Session) -> None:
    assert index_new_messages() == 0
    said(talk, "!!! ???")
    assert index_new_messages() == 1
    assert not Message.objects.filter(words=None).exists()


@pytest.mark.parametrize(
    "text", ["x" * 40_000, "é" * 3_000, "'; DROP TABLE --", "\\", "'", "\\'\\", "a'b\\c:1,2A", "日本語 テスト", ":*"]
)
def test_any_text_can_be_read(talk: Session, text: str) -> None:
    said(talk, text)
    assert index_new_messages() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_read_each_message_once(alice: User) -> None:
    session = make_session(alice)
    for number in range(40):
        said(session, f"Thought number {number}.")
    seen = at_once(3, lambda _: index_new_messages())
    assert sum(one for one in seen if isinstance(one, int)) == 40
    assert len(texts(alice, "thought", limit=100)) == 40


# The door -----------------------------------------------------------------------------------------------


def test_pages_lead_through_everything_once(api: Api, talk: Session) -> None:
    for number in range(7):
        said(talk, f"banana {number}")
    index_new_messages()
    phone, seen, url = api(talk.user), [], "/sessions/search/?q=banana&limit=3"
    while url:
        page = phone.get(url).json()
        seen += [one["message"] for one in page["results"]]
        url = (page["next"] or "").partition("/api/v1")[2]
    assert len(seen) == len(set(seen)) == 7


def test_a_find_over_the_api(api: Api, talk: Session) -> None:
    (found,) = api(talk.user).get("/sessions/search/", {"q": "statistics"}).json()["results"]
    assert found["snippet"] == {"text": "How do I learn statistics?", "ranges": [[15, 25]]}
    assert (found["title"], found["traveler"], found["archived"]) == (talk.title, talk.version.name, False)


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "x" * 201}, {"q": "a\u0000"}, {"q": "a", "limit": "0"}, {"q": "a", "x": "1"}]
)
def test_searches_that_are_none(api: Api, alice: User, query: dict[str, str]) -> None:
    assert_problem(api(alice).get("/sessions/search/", query), 422, "invalid")


@pytest.mark.parametrize(
    "cursor", ["x", "é", "WzEsMl0=", "bnVsbA==", "W251bGwsMSwxXQ==", "WzFlOTk5LCJ4IiwxXQ==", "WzEsIngiLDFlOTld"]
)
def test_cursors_that_are_none(api: Api, alice: User, cursor: str) -> None:
    assert_problem(api(alice).get("/sessions/search/", {"q": "a", "cursor": cursor}), 422, "invalid")


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.one_of(st.sampled_from("ab'\"\\-|&!():*<>. \t%_"), st.characters(exclude_categories=["Cs", "Cc"])),
        max_size=40,
    )
)
def test_whatever_is_typed_is_looked_for(alice: User, query: str) -> None:
    assert finds_of(alice, query, limit=5).results == []
