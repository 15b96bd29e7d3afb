"""Many at once on one person's matches: threads with connections of their own, and processes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from accounts.services.locking import lock_person
from accounts.services.profile import ProfileChanges, update_profile
from matching.catalogue import catalogue
from matching.models import Algorithm, Block, DeclineReason, Freshness, Match, MatchFeedback
from matching.services.blocking import block_traveler, unblock_traveler
from matching.services.deciding import accept_match, decline_match
from matching.services.proposing import proposals_for
from matching.services.sweeping import refresh_stale
from matching.services.weights import draft_weights, publish_weights, settled_weights
from mentors.models import Traveler
from tests.factories.accounts import make_user
from tests.factories.matching import make_algorithm
from tests.matching.people import make_dana, make_staff, make_three
from tests.threads import at_once

PROJECT = Path(__file__).parents[2]
REQUESTS, PROCESSES, THREADS = 250, 4, 16

races = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dana(transactional_db: None) -> User:
    make_three()
    return make_dana("dana@example.org")


def computed(user: User) -> int:
    return Freshness.objects.get(user=user).computed


@races
def test_many_requests_after_an_edit_compute_once(dana: User) -> None:
    proposals_for(user_id=dana.pk)
    for edit in range(3):
        update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": 10 + edit}))
        lists = at_once(12, lambda _: [one.score for one in proposals_for(user_id=dana.pk).results])
        assert all(one == lists[0] for one in lists)
        assert computed(dana) == edit + 2


@races
def test_the_very_first_requests_of_all_compute_once_and_store_one_version(dana: User) -> None:
    at_once(12, lambda _: proposals_for(user_id=dana.pk))
    assert computed(dana) == 1
    assert Algorithm.objects.get().state == "published"


PROGRAM = """
import sys, django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
from matching.services.proposing import proposals_for

def ask(_):
    try:
        return len(proposals_for(user_id=int(sys.argv[1])).results)
    finally:
        connection.close()

with ThreadPoolExecutor(int(sys.argv[3])) as pool:
    list(pool.map(lambda _: connection.close(), range(1)))
    print("ready", flush=True)
    input()
    print(set(pool.map(ask, range(int(sys.argv[2])))), flush=True)
"""


def start(user: User) -> "subprocess.Popen[str]":
    """A process of the house on this test's own database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + str(connection.settings_dict["NAME"])).geturl()
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "timetravelers.settings"}
    command = [sys.executable, "-c", PROGRAM, str(user.pk), str(REQUESTS), str(THREADS)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, env=environment, text=True, stdin=pipe, stdout=pipe)


@races
@pytest.mark.timeout(600)
def test_a_thousand_requests_over_four_processes_compute_once(dana: User) -> None:
    proposals_for(user_id=dana.pk)
    update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": 30}))
    processes = [start(dana) for _ in range(PROCESSES)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        with ThreadPoolExecutor(PROCESSES) as pool:
            said = list(pool.map(lambda process: process.communicate("begin\n", timeout=500)[0], processes))
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert said == ["{3}\n"] * PROCESSES
    assert computed(dana) == 2


@races
def test_two_phones_decide_at_once(dana: User) -> None:
    match = proposals_for(user_id=dana.pk).results[0].match
    assert match is not None

    def decide(side: int) -> Match:
        if side % 2:
            return decline_match(match=match.uid, actor=dana, reason=DeclineReason.OTHER)
        return accept_match(match=match.uid, actor=dana)

    at_once(6, decide)
    row, kept = Match.objects.get(pk=match.pk), MatchFeedback.objects.get(user=dana)
    assert row.state == kept.kind
    assert row.rank is None or row.state == "accepted"


@races
def test_deciding_while_the_list_is_made_anew(dana: User) -> None:
    matches = [one.match for one in proposals_for(user_id=dana.pk).results]

    def act(side: int) -> object:
        match = matches[side % 3]
        assert match is not None
        if side < 3:
            return decline_match(match=match.uid, actor=dana, reason=DeclineReason.OTHER)
        if side < 6:
            return update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": side}))
        return proposals_for(user_id=dana.pk)

    at_once(12, act)
    assert proposals_for(user_id=dana.pk).results == ()
    assert Match.objects.filter(user=dana, state="declined", rank=None).count() == 3


@races
def test_sweeps_share_the_work(transactional_db: None) -> None:
    make_three()
    people = [make_user() for _ in range(8)]
    for person in people:
        update_profile(user=person, changes=ProfileChanges(facts={"weekly_hours": 5}))
    settled_weights()
    at_once(4, lambda _: refresh_stale())
    assert list(Freshness.objects.values_list("computed", flat=True)) == [1] * 8
    assert not Freshness.objects.filter(stale_since__isnull=False).exists()


@races
def test_of_versions_published_at_once_one_is_live(transactional_db: None) -> None:
    staff = make_staff()
    drafts = [make_algorithm(preview={"people": 0}) for _ in range(4)]
    at_once(4, lambda side: publish_weights(actor=staff, algorithm=drafts[side].uid))
    assert Algorithm.objects.filter(state="published").count() == 1
    assert Algorithm.objects.filter(state="retired").count() == 3


@races
def test_drafts_made_at_once_have_numbers_of_their_own(transactional_db: None) -> None:
    staff = make_staff()
    letters = {"time": 20, "expertise": 45, "learning_style": 10, "longitude": 25}
    at_once(6, lambda _: draft_weights(actor=staff, weights={"letters": letters}))
    assert sorted(Algorithm.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


@races
def test_leaving_while_matches_are_made(dana: User) -> None:
    user_id = dana.pk

    @transaction.atomic
    def leave() -> None:
        # As erasure goes about it.
        lock_person(user_id, no_key=False).delete()

    def act(side: int) -> object:
        return leave() if side == 0 else proposals_for(user_id=user_id)

    at_once(6, act)
    assert not Match.objects.exists()
    assert not Freshness.objects.exists()


# Whatever is done in whatever order -------------------------------------------------------------------------

NUMBERS = st.integers(0, 2)


class Deciding(RuleBasedStateMachine):
    """A model beside the rows: what was decided on each of three Travelers, and who is blocked."""

    def __init__(self) -> None:
        super().__init__()
        Match.objects.all().delete()
        Block.objects.all().delete()
        MatchFeedback.objects.all().delete()
        catalogue.clear()
        self.user = make_dana()
        self.travelers = list(Traveler.objects.order_by("slug")) or make_three()
        self.uids = {one.traveler.pk: one.match for one in proposals_for(user_id=self.user.pk).results}
        self.states = dict.fromkeys(range(3), "offered")
        self.blocked: set[int] = set()

    def _uid(self, number: int) -> Match | None:
        return Match.objects.filter(user=self.user, traveler=self.travelers[number]).first()

    @rule(number=NUMBERS)
    def accept(self, number: int) -> None:
        if match := self._uid(number):
            assert accept_match(match=match.uid, actor=self.user).state == "accepted"
            self.states[number] = "accepted"

    @rule(number=NUMBERS, reason=st.sampled_from(list(DeclineReason)))
    def decline(self, number: int, reason: DeclineReason) -> None:
        if match := self._uid(number):
            assert decline_match(match=match.uid, actor=self.user, reason=reason).reason == reason
            self.states[number] = "declined"

    @rule(number=NUMBERS)
    def block(self, number: int) -> None:
        block_traveler(traveler=self.travelers[number].uid, actor=self.user)
        self.blocked.add(number)

    @rule(number=NUMBERS)
    def unblock(self, number: int) -> None:
        unblock_traveler(traveler=self.travelers[number].uid, actor=self.user)
        self.blocked.discard(number)

    @rule(hours=st.integers(1, 40))
    def edit(self, hours: int) -> None:
        update_profile(user=self.user, changes=ProfileChanges(facts={"weekly_hours": hours}))

    @invariant()
    def the_list_is_what_was_decided(self) -> None:
        found = proposals_for(user_id=self.user.pk).results
        shown = {one.traveler.slug: one.match.state for one in found if one.match}
        assert shown == {
            self.travelers[number].slug: state
            for number, state in self.states.items()
            if state == "accepted" or (state == "offered" and number not in self.blocked)
        }
        ranks = [one.match.rank for one in found if one.match and one.match.rank]
        assert sorted(ranks) == list(range(1, len(ranks) + 1))

    @invariant()
    def each_decision_is_kept_once(self) -> None:
        kept = MatchFeedback.objects.filter(user=self.user)
        told = {row.traveler.slug: row.kind for row in kept.select_related("traveler")}
        decided = {number: state for number, state in self.states.items() if state != "offered"}
        assert told == {self.travelers[number].slug: state for number, state in decided.items()}
        assert kept.count() == len(decided)


@pytest.mark.django_db
def test_moves_in_any_order() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Deciding,
        settings=settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=checks),
    )
