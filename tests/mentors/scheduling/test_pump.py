"""Whose turn it is, from real rows: users, lanes, accounts, and windows that are full."""

from collections import Counter
from uuid import UUID

import pytest
import redis
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import User
from mentors.events import PumpDue
from mentors.manus import accounts, windows
from mentors.models import ManusAccount, ProviderCall
from mentors.services import scheduling
from tests.factories.accounts import make_user
from tests.mentors.scheduling.calls import State, admitted, call_of, queue, serve, serve_admitted, state_of
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.conftest import Heard, MakeAccounts
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def owners(subjects: set[UUID]) -> Counter[str]:
    found = ProviderCall.objects.filter(subject__in=subjects).values_list("owner__email", flat=True)
    return Counter(address.split("@")[0] for address in found)


def test_a_flood_leaves_room_for_everybody_else(account: ManusAccount, alice: User) -> None:
    for _ in range(50):
        queue(alice)
    late = [queue(make_user()) for _ in range(9)]
    served = serve_admitted()
    assert len(served) == 10
    assert set(late) < served


def test_the_round_goes_on_where_it_stopped(account: ManusAccount, clock: FakeClock) -> None:
    users = [make_user(f"user-{number}@example.org") for number in range(6)]
    for user in users:
        for _ in range(5):
            queue(user)
    got: Counter[str] = Counter()
    for _ in range(3):
        got += owners(serve_admitted())
        clock.advance(63)
    assert sorted(got.values()) == [5, 5, 5, 5, 5, 5]


def test_within_a_users_queue_the_first_comes_first(account: ManusAccount, alice: User, clock: FakeClock) -> None:
    subjects = []
    for _ in range(25):
        subjects.append(queue(alice))
        clock.advance(0.01)
    assert serve_admitted() == set(subjects[:10])
    clock.advance(63)
    assert serve_admitted() == set(subjects[10:20])


def test_live_goes_before_insight_before_background(account: ManusAccount, alice: User) -> None:
    background = [queue(alice, lane="background") for _ in range(4)]
    insight = [queue(None, lane="insight") for _ in range(4)]
    live = [queue(alice) for _ in range(4)]
    served = serve_admitted()
    assert set(live) | set(insight) < served
    assert len(served & set(background)) == 2


def test_the_lanes_behind_get_their_slots_while_the_first_is_never_empty(
    account: ManusAccount, alice: User, clock: FakeClock
) -> None:
    for _ in range(10):
        queue(alice, lane="insight")
        queue(alice, lane="background")
    got: Counter[str] = Counter()
    for _ in range(5):
        for _ in range(12):
            queue(alice)
        got.update(call_of(subject).lane for subject in serve_admitted())
        clock.advance(63)
    assert got["insight"] >= 4
    assert got["background"] >= 4
    assert got["live"] >= 40


def test_creates_go_to_the_account_with_most_room(make_accounts: MakeAccounts, alice: User) -> None:
    first, second = make_accounts(2)
    windows.shared().warm([])
    windows.shared().reserve(first.pk, windows.CREATE, 10, 6)
    for _ in range(8):
        queue(alice)
    scheduling.pump()
    used = Counter(ProviderCall.objects.values_list("account", flat=True))
    assert used == {second.pk: 7, first.pk: 1}


def test_several_accounts_serve_several_times_as_many(make_accounts: MakeAccounts, alice: User) -> None:
    made = make_accounts(4)
    for _ in range(60):
        queue(alice)
    assert scheduling.pump().admitted == 40
    assert set(Counter(ProviderCall.objects.values_list("account", flat=True))) == {one.pk for one in made} | {None}


def test_a_full_account_blocks_only_those_who_need_it(make_accounts: MakeAccounts, alice: User, bob: User) -> None:
    full, free = make_accounts(2)
    windows.shared().warm([])
    windows.shared().reserve(full.pk, windows.SEND_MESSAGE, 10, 10)
    stuck = [queue(alice, account=full) for _ in range(5)]
    others = {queue(alice, account=free), queue(bob, account=free), queue(alice), queue(bob)}
    assert serve_admitted() == others
    assert {state_of(subject) for subject in stuck} == {State.QUEUED}


def test_a_send_never_goes_to_another_account(make_accounts: MakeAccounts, alice: User) -> None:
    mine, _other = make_accounts(2)
    for _ in range(15):
        queue(alice, account=mine)
    assert scheduling.pump().admitted == 10
    assert set(ProviderCall.objects.values_list("account", flat=True)) == {mine.pk}


def test_an_account_that_is_switched_off_is_not_called(
    make_accounts: MakeAccounts, alice: User, heard: Heard, clock: FakeClock
) -> None:
    off, on = make_accounts(2)
    waiting = queue(alice, account=off)
    ManusAccount.objects.filter(pk=off.pk).update(is_active=False)
    accounts.forget()
    create = queue(alice)
    assert serve_admitted() == {create}
    assert call_of(create).account == on
    standing = scheduling.standing(waiting)
    assert standing == scheduling.Standing(1, None)


def test_an_account_has_its_own_limits(make_accounts: MakeAccounts, alice: User) -> None:
    (one,) = make_accounts(1)
    ManusAccount.objects.filter(pk=one.pk).update(limits={"task.create": 3})
    accounts.forget()
    for _ in range(5):
        queue(alice)
    assert scheduling.pump().admitted == 3


def test_the_pump_says_when_it_is_worth_pumping_again(
    account: ManusAccount, alice: User, clock: FakeClock, heard: Heard
) -> None:
    for _ in range(12):
        queue(alice)
    scheduling.pump()
    serve(admitted())
    clock.advance(10)
    pumped = scheduling.pump()
    assert pumped.admitted == 0
    assert pumped.pause == pytest.approx(52)
    assert heard[-1] == PumpDue(pumped.pause or 0)
    clock.advance(pumped.pause or 0)
    pumped = scheduling.pump()
    assert (pumped.admitted, pumped.pause) == (2, None)


def test_without_valkey_nothing_is_admitted_and_nothing_is_lost(
    account: ManusAccount, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = queue(alice)
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    with monkeypatch.context() as gone:
        gone.setattr(windows, "shared", lambda: windows.Windows(client=lambda: nowhere))
        with pytest.raises(redis.RedisError):
            scheduling.pump()
        assert scheduling.standing(subject) == scheduling.Standing(1, None)
    nowhere.close()
    assert state_of(subject) == State.QUEUED
    assert serve_admitted() == {subject}


@pytest.mark.django_db(transaction=True)
def test_who_finds_another_process_pumping_leaves_it_to_that_one(
    account: ManusAccount, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = queue(alice)
    monkeypatch.setattr(scheduling.pumping, "LOCK_PATIENCE", "20ms")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [scheduling.pumping.LOCK])
        assert at_once(1, lambda _: scheduling.pump()) == [scheduling.pumping.Pumped()]
    assert state_of(subject) == State.QUEUED
    assert serve_admitted() == {subject}


def test_slots_reserved_for_a_call_that_another_transaction_holds_are_given_back(
    account: ManusAccount, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(alice)
    monkeypatch.setattr(scheduling.pumping, "_admit_one", lambda *_: None)
    assert scheduling.pump().admitted == 0
    assert windows.shared().free_in({(account.pk, windows.CREATE): 10})[account.pk, windows.CREATE] == [0.0] * 10


def test_the_work_grows_with_the_users_who_wait_and_not_with_what_was_served(
    account: ManusAccount, alice: User, bob: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            scheduling.pump()
        return len(captured)

    windows.shared().warm([])
    windows.shared().reserve(account.pk, windows.CREATE, 10, 10)
    queue(alice)
    few = queries()
    for user in [bob, *(make_user() for _ in range(20))]:
        for _ in range(3):
            queue(user)
    assert queries() <= few + 2


def test_more_waits_than_anybody_looks_at_and_all_of_it_is_served(
    account: ManusAccount, alice: User, clock: FakeClock
) -> None:
    subjects = {queue(alice) for _ in range(65)}
    served: set[UUID] = set()
    for _ in range(7):
        served |= serve_admitted()
        clock.advance(63)
    assert served == subjects
