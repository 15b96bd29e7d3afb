"""Stale matches are refreshed in chunks: claimed, shared among workers, taken up again, and counted."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import generate_latest

from accounts.models import Profile, User
from matching.models import Freshness, Match
from matching.selectors.comparisons import comparisons_of, world_now
from matching.selectors.staleness import number_stale
from matching.services import sweeping
from matching.services.holding import mark_stale
from matching.services.proposing import proposals_for
from matching.services.refreshing import remake_all, remake_matches
from matching.services.sweeping import LEASE, claim_stale, refresh_stale
from matching.services.weights import settled_weights
from matching.tasks import refresh_stale_matches
from mentors.models import Traveler
from tests.factories.accounts import make_user
from tests.factories.mentors import make_traveler
from tests.matching.people import make_dana
from timetravelers.kit.clock import now


@pytest.fixture
def people(db: None, three: list[Traveler]) -> list[User]:
    """Five people with matches of this moment."""
    made = [make_dana(weekly_hours=number + 1) for number in range(5)]
    for person in made:
        proposals_for(user_id=person.pk)
    return made


def stale_of_all() -> int:
    return number_stale(world_now())


def test_nothing_stale_is_nothing_to_do(people: list[User]) -> None:
    swept = refresh_stale()
    assert (swept.refreshed, swept.failed, swept.is_full) == (0, 0, False)
    assert set(Freshness.objects.values_list("computed", flat=True)) == {1}


def test_a_new_traveler_makes_everybody_stale(people: list[User]) -> None:
    make_traveler("dee")
    assert stale_of_all() == 5
    assert refresh_stale().refreshed == 5
    assert stale_of_all() == 0
    assert Match.objects.filter(traveler__slug="dee").count() == 5
    proposals_for(user_id=people[0].pk)
    assert Freshness.objects.get(user=people[0]).computed == 2


def test_who_changed_comes_first_then_whom_the_world_left_behind(people: list[User]) -> None:
    make_traveler("dee")
    mark_stale([people[3].pk])
    first = claim_stale(1)
    assert first == [people[3].pk]
    assert set(claim_stale(10)) == {person.pk for person in people} - {people[3].pk}


def test_what_one_has_claimed_another_leaves_until_the_lease_is_over(people: list[User]) -> None:
    mark_stale([person.pk for person in people])
    mine = claim_stale(3)
    assert len(mine) == 3
    assert len(claim_stale(10)) == 2
    assert claim_stale(10) == []
    Freshness.objects.filter(pk__in=mine).update(claimed_until=now() - timedelta(seconds=1))
    assert sorted(claim_stale(10)) == sorted(mine)
    held = Freshness.objects.get(pk=mine[0]).claimed_until
    assert held is not None
    assert held <= now() + LEASE


def test_marking_is_once_and_for_accounts_that_are_there(people: list[User]) -> None:
    mark_stale([people[0].pk, 10**9])
    marked = Freshness.objects.get(user=people[0]).stale_since
    mark_stale([people[0].pk])
    assert Freshness.objects.get(user=people[0]).stale_since == marked
    assert stale_of_all() == 1


def test_one_failure_stops_nobody_else(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    mark_stale([person.pk for person in people])
    unlucky, usual = people[2].pk, remake_all

    def refresh(*, user_ids: Sequence[int]) -> None:
        if unlucky in user_ids:
            raise RuntimeError("no luck")
        usual(user_ids=user_ids)

    monkeypatch.setattr(sweeping, "remake_all", refresh)
    swept = refresh_stale()
    assert (swept.refreshed, swept.failed) == (4, 1)
    left = Freshness.objects.get(pk=unlucky)
    assert left.stale_since is not None
    assert left.claimed_until is not None
    assert left.claimed_until > now()


def test_lists_made_together_are_those_made_alone(people: list[User], three: list[Traveler]) -> None:
    stranger = make_user()
    decline(people[1], three[0])
    make_traveler("dee")
    everybody = [*(person.pk for person in people), stranger.pk]
    mark_stale(everybody)
    assert refresh_stale().refreshed == 6
    for user_id in everybody:
        together = figures_of(user_id)
        Freshness.objects.filter(pk=user_id).update(inputs_hash="made otherwise")
        remake_matches(user_id=user_id)
        assert figures_of(user_id) == together


def decline(person: User, traveler: Traveler) -> None:
    declined = {"state": "declined", "reason": "other", "rank": None, "decided_at": now()}
    Match.objects.filter(user=person, traveler=traveler).update(**declined)


def figures_of(user_id: int) -> list[Any]:
    columns = ("traveler", "rank", "score", "low", "high", "contributions", "input_hash", "traveler_as")
    return list(Match.objects.filter(user=user_id).order_by("pk").values_list(*columns))


def test_twice_as_many_people_are_read_by_as_many_queries(
    people: list[User], django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    comparisons_of([people[0].pk])
    with CaptureQueriesContext(connection) as asked:
        comparisons_of([people[0].pk])
    with django_assert_num_queries(len(asked)):
        assert len(comparisons_of([person.pk for person in people])) == 5


def test_many_lists_are_stored_by_as_many_queries_as_one(
    people: list[User], three: list[Traveler], django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    decline(people[3], three[0])
    make_traveler("dee")
    remake_all(user_ids=[people[0].pk])
    Profile.objects.update(weekly_hours=40)
    with CaptureQueriesContext(connection) as asked:
        remake_all(user_ids=[people[1].pk])
    with django_assert_num_queries(len(asked)):
        remake_all(user_ids=[person.pk for person in people[2:]])
    assert [len(figures_of(person.pk)) for person in people] == [4] * 5


def test_who_left_meanwhile_stops_nobody(people: list[User]) -> None:
    settled_weights()
    mark_stale([person.pk for person in people])
    assert len(claim_stale(10)) == 5
    people[0].delete()
    Freshness.objects.update(claimed_until=None)
    assert refresh_stale().refreshed == 4


def test_a_full_chunk_goes_on(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "CHUNK", 2)
    sent: list[Any] = []
    monkeypatch.setattr(refresh_stale_matches, "apply_async", lambda **options: sent.append(options))
    mark_stale([person.pk for person in people])
    assert [refresh_stale_matches() for _ in range(4)] == [2, 2, 1, 0]
    assert len(sent) == 2


def test_prometheus_sees_how_many_wait(people: list[User]) -> None:
    mark_stale([people[0].pk, people[1].pk])
    assert b"tt_matches_stale 2.0" in generate_latest()
    refresh_stale()
    assert b"tt_matches_stale 0.0" in generate_latest()
