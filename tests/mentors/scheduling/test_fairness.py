"""The fair queue by itself: nothing waits beside a free slot, nobody waits for more than their share of others."""

from collections import Counter, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.fairness import PATIENCE, FairQueue, Flow, LaneQueue, Waiting

# By user, the costs of their calls in order.
queues = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=8), min_size=1, max_size=6)
lanes = st.lists(queues, min_size=1, max_size=3)


def lane(name: str, users: list[list[int]], *, first_key: int = 0) -> LaneQueue:
    """Users 1, 2, …; keys count up in the order of users and their calls."""
    keys = iter(range(first_key, 1_000_000))
    flows = [
        Flow(user, deque(Waiting(next(keys), cost) for cost in costs), place=user)
        for user, costs in enumerate(users, 1)
    ]
    return LaneQueue(name, deque(flows))


def fair(*found: list[list[int]], quantum: int = 1, patience: int = PATIENCE) -> FairQueue:
    return FairQueue(
        [lane(str(at), users, first_key=1000 * at) for at, users in enumerate(found)],
        quantum=quantum,
        patience=patience,
    )


def taken(queue: FairQueue, most: int = 10_000) -> list[int]:
    return [call.key for call in queue.drain(most)]


@given(lanes, st.integers(1, 3), st.integers(1, 5))
def test_everything_that_waits_is_taken_once_and_then_nothing(
    found: list[list[list[int]]], quantum: int, patience: int
) -> None:
    queue = fair(*found, quantum=quantum, patience=patience)
    total = sum(len(costs) for users in found for costs in users)
    keys = [queue.take() for _ in range(total)]
    assert None not in keys, "a slot was left free while somebody waited"
    assert len({call.key for call in keys if call}) == total
    assert queue.take() is None


@given(queues, st.integers(1, 3))
def test_each_users_calls_come_in_their_order(users: list[list[int]], quantum: int) -> None:
    order = taken(fair(users, quantum=quantum))
    at = 0
    for costs in users:
        own = [key for key in order if at <= key < at + len(costs)]
        assert own == sorted(own)
        at += len(costs)


@given(lanes, st.integers(1, 3))
def test_the_same_queue_gives_the_same_order(found: list[list[list[int]]], quantum: int) -> None:
    assert taken(fair(*found, quantum=quantum)) == taken(fair(*found, quantum=quantum))


@given(st.lists(st.integers(1, 30), min_size=2, max_size=8))
def test_while_two_users_wait_neither_gets_more_than_one_call_ahead(lengths: list[int]) -> None:
    queue = fair([[1] * length for length in lengths])
    owners = [user for user, length in enumerate(lengths) for _ in range(length)]
    got: Counter[int] = Counter()
    for key in taken(queue):
        got[owners[key]] += 1
        waiting = [user for user, length in enumerate(lengths) if got[user] < length]
        served = [got[user] for user in waiting]
        assert not served or max(served) - min(served) <= 1


@given(queues, st.integers(1, 3))
def test_costs_are_shared_out_within_one_quantum_and_one_call(users: list[list[int]], quantum: int) -> None:
    """Shreedhar and Varghese's bound, between any two who wait throughout."""
    queue = fair(users, quantum=quantum)
    owner = {key: user for user, keys in enumerate(_keys(users)) for key in keys}
    spent, left = Counter[int](), {user: len(costs) for user, costs in enumerate(users)}
    while call := queue.take():
        spent[owner[call.key]] += call.cost
        left[owner[call.key]] -= 1
        backlogged = [spent[user] for user in left if left[user]]
        assert not backlogged or max(backlogged) - min(backlogged) <= quantum + 2 * 3


def _keys(users: list[list[int]]) -> list[list[int]]:
    keys, at = [], 0
    for costs in users:
        keys.append(list(range(at, at + len(costs))))
        at += len(costs)
    return keys


@given(st.integers(1, 40), st.integers(1, 300))
def test_a_flood_costs_others_one_call_each_round(others: int, flood: int) -> None:
    """Nobody with one call waits for more than one call of each other user: half of twice their share."""
    order = taken(fair([[1] * flood, *[[1]] * others]))
    assert all(order.index(key) <= others for key in range(flood, flood + others))


def test_the_first_lane_goes_first() -> None:
    assert taken(fair([[1, 1]], [[1]], [[1]])) == [0, 1, 1000, 2000]


@given(st.integers(1, 5), st.integers(30, 60))
def test_a_lane_that_waits_is_not_passed_over_for_ever(patience: int, busy: int) -> None:
    order = taken(fair([[1] * busy], [[1] * busy], [[1] * busy], patience=patience), busy)
    for name in (1, 2):
        places = [at for at, key in enumerate(order) if key // 1000 == name]
        gaps = [later - earlier for earlier, later in zip([-1, *places], [*places, busy], strict=True)]
        # One more for the other lane that may be due at the same time.
        assert max(gaps) <= patience + 2


def test_live_calls_have_at_least_eight_slots_in_ten() -> None:
    order = taken(fair([[1] * 100], [[1] * 100], [[1] * 100]), 100)
    assert Counter(key // 1000 for key in order)[0] >= 79


def test_who_comes_back_after_idling_has_saved_nothing_up() -> None:
    queue = LaneQueue("live", deque([Flow(1, deque([Waiting(1)]), place=1), Flow(2, deque([Waiting(2)] * 3), place=2)]))
    assert queue.take(5).key == 1
    assert [flow.user for flow in queue.flows] == [2]


def test_a_refund_is_one_call_more_at_the_front_and_no_second_one() -> None:
    flows = [
        Flow(1, deque(Waiting(key) for key in (1, 2, 3)), place=0, deficit=1),
        Flow(2, deque([Waiting(9)]), place=1),
    ]
    assert taken(FairQueue([LaneQueue("live", deque(flows))])) == [1, 9, 2, 3]


def test_an_interrupted_visit_goes_on_where_it_was() -> None:
    queue = fair([[1, 1, 1], [1, 1, 1]], quantum=2)
    first = taken(queue, 1)
    flows = queue.lanes[0].flows
    again = FairQueue([LaneQueue("0", deque(flows))], quantum=2)
    assert first + taken(again) == taken(fair([[1, 1, 1], [1, 1, 1]], quantum=2)) == [0, 1, 3, 4, 2, 5]


@pytest.mark.parametrize(("quantum", "patience"), [(0, 9), (1, 0)])
def test_a_round_that_gives_nothing_is_refused(quantum: int, patience: int) -> None:
    with pytest.raises(ValueError, match="a round"):
        FairQueue([], quantum=quantum, patience=patience)
