"""Standing in the queue: once per subject, taken back, put back, and never lost."""

from uuid import uuid4

import pytest
from django.db import transaction

from accounts.events import AccountErasing
from accounts.models import User
from mentors.events import CallAdmitted, PumpDue
from mentors.models import FairShare, ManusAccount, ProviderCall
from mentors.services import scheduling
from tests.factories.accounts import make_user
from tests.mentors.scheduling.calls import State, admitted, call_of, make_call, queue, serve_admitted, state_of
from tests.mentors.scheduling.clock import FakeClock
from tests.mentors.scheduling.conftest import Heard, MakeAccounts
from timetravelers.kit.events import publish

pytestmark = pytest.mark.usefixtures("clock", "account")


def test_a_call_that_nobody_is_before_is_admitted_at_once(alice: User, account: ManusAccount) -> None:
    subject = queue(alice)
    assert scheduling.admission(subject) is None
    pumped = scheduling.pump()
    assert (pumped.admitted, pumped.refused, pumped.pause) == (1, 0, None)
    leave = scheduling.admission(subject)
    assert leave is not None
    assert (leave.account, leave.started) == (account.pk, False)


def test_an_empty_queue_is_no_work() -> None:
    assert scheduling.pump() == scheduling.pumping.Pumped()


def test_queueing_twice_is_queueing_once(alice: User, heard: Heard) -> None:
    subject = queue(alice)
    first = call_of(subject).enqueued_at
    queue(alice, subject=subject)
    assert ProviderCall.objects.count() == 1
    assert call_of(subject).enqueued_at == first
    assert heard == [PumpDue()]


def test_what_waits_may_turn_out_to_need_another_call_and_keeps_its_place(
    alice: User, account: ManusAccount, clock: FakeClock
) -> None:
    subject = queue(alice)
    first = call_of(subject).enqueued_at
    clock.advance(5)
    queue(alice, subject=subject, account=account)
    call = call_of(subject)
    assert (call.kind, call.account, call.enqueued_at) == ("send", account, first)


def test_an_admitted_call_is_not_queued_again(alice: User) -> None:
    subject = queue(alice)
    scheduling.pump()
    queue(alice, subject=subject)
    assert state_of(subject) == State.ADMITTED


def test_a_call_that_ended_can_stand_in_line_anew(alice: User, clock: FakeClock) -> None:
    subject = queue(alice)
    serve_admitted()
    assert state_of(subject) == State.DONE
    clock.advance(100)
    queue(alice, subject=subject)
    assert (state_of(subject), call_of(subject).enqueued_at) == (State.QUEUED, clock.moment())
    assert serve_admitted() == {subject}


def test_nobody_hears_of_a_call_whose_transaction_was_undone(alice: User) -> None:
    with transaction.atomic():
        queue(alice)
        transaction.set_rollback(True)
    assert scheduling.pump().admitted == 0


def test_a_cancelled_call_is_never_admitted(alice: User) -> None:
    kept, taken_back = queue(alice), queue(alice)
    assert scheduling.cancel(taken_back)
    scheduling.pump()
    assert admitted() == {kept}
    assert state_of(taken_back) == State.CANCELLED
    assert not scheduling.cancel(taken_back)
    assert not scheduling.cancel(uuid4())


def test_an_admitted_call_can_still_be_cancelled_and_is_then_not_made(alice: User) -> None:
    subject = queue(alice)
    scheduling.pump()
    assert scheduling.cancel(subject)
    with pytest.raises(scheduling.NotAdmitted):
        make_call(subject)
    assert scheduling.admission(subject) is None


def test_the_slot_of_a_cancelled_call_stays_counted(alice: User, clock: FakeClock) -> None:
    subjects = [queue(alice) for _ in range(10)]
    scheduling.pump()
    for subject in subjects:
        scheduling.cancel(subject)
    queue(alice)
    assert scheduling.pump().admitted == 0
    clock.advance(61)
    assert scheduling.pump().admitted == 1


def test_one_admission_is_one_call(alice: User) -> None:
    subject = queue(alice)
    with pytest.raises(scheduling.NotAdmitted):
        make_call(subject)
    scheduling.pump()
    make_call(subject)
    with pytest.raises(scheduling.NotAdmitted):
        make_call(subject)


def test_a_call_put_back_goes_before_its_owners_other_calls(alice: User, clock: FakeClock) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    clock.advance(1)
    later = [queue(alice) for _ in range(20)]
    assert scheduling.put_back(subject)
    assert not scheduling.put_back(later[0])
    scheduling.pump()
    assert subject in admitted()
    assert len(admitted()) == 9  # the slot of the first attempt is used up
    assert call_of(subject).attempts == 2


def test_a_create_that_is_put_back_may_go_to_another_account(alice: User, make_accounts: MakeAccounts) -> None:
    subject = queue(alice)
    scheduling.pump()
    scheduling.put_back(subject)
    assert call_of(subject).account is None


def test_finishing_is_done_once(alice: User) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    scheduling.finish(subject, credits=7)
    scheduling.finish(subject, credits=9)
    scheduling.finish(uuid4(), credits=9)
    assert (call_of(subject).credits, state_of(subject)) == (7, State.DONE)


def test_finishing_what_still_waits_takes_it_out_of_the_queue(alice: User) -> None:
    subject = queue(alice)
    scheduling.finish(subject)
    assert state_of(subject) == State.CANCELLED
    assert scheduling.pump().admitted == 0


# Workers that die --------------------------------------------------------------------------------------


def test_an_admission_whose_worker_died_goes_to_the_head_of_the_queue(alice: User, bob: User, clock: FakeClock) -> None:
    first = [queue(alice) for _ in range(10)]
    scheduling.pump()
    for subject in first[1:]:
        make_call(subject)
    others = [queue(bob) for _ in range(30)] + [queue(alice) for _ in range(30)]
    clock.advance(61)
    scheduling.pump()
    assert first[0] in admitted()
    assert len(admitted() & set(others)) == 0, "only the slot that was not used is free by now"


def test_a_call_that_may_have_been_made_is_not_made_again_by_the_queue(alice: User, clock: FakeClock) -> None:
    subject = queue(alice)
    scheduling.pump()
    make_call(subject)
    clock.advance(3600)
    scheduling.pump()
    assert state_of(subject) == State.ADMITTED
    assert admitted() == set()


def test_a_worker_that_comes_late_to_a_lapsed_admission_does_not_call(alice: User, clock: FakeClock) -> None:
    subject = queue(alice)
    scheduling.pump()
    clock.advance(70)
    for _ in range(10):
        queue(make_user())
    scheduling.pump()
    leave = scheduling.admission(subject)
    assert leave is not None, "it was at the head"
    make_call(subject)
    with pytest.raises(scheduling.NotAdmitted):
        make_call(subject)


# People who leave --------------------------------------------------------------------------------------


def test_who_leaves_waits_for_nothing_any_more(alice: User, bob: User) -> None:
    mine, theirs = [queue(alice) for _ in range(3)], queue(bob)
    scheduling.pump()
    mine.append(queue(alice))
    publish(AccountErasing(alice.pk, uuid4()))
    assert {state_of(subject) for subject in mine} == {State.CANCELLED}
    assert state_of(theirs) == State.ADMITTED


def test_places_in_the_round_are_forgotten_with_the_queue(alice: User, bob: User) -> None:
    for user in (alice, bob):
        for _ in range(8):
            queue(user)
    scheduling.pump()
    assert set(FairShare.objects.values_list("owner", flat=True)) == {alice.pk, bob.pk}
    ProviderCall.objects.filter(owner=bob, state=State.QUEUED).update(state=State.CANCELLED, ended_at="2026-11-23T00Z")
    scheduling.pump()
    assert set(FairShare.objects.values_list("owner", flat=True)) == {alice.pk}


def test_admissions_are_announced(alice: User, heard: Heard) -> None:
    subject = queue(alice)
    scheduling.pump()
    assert CallAdmitted(subject) in heard
