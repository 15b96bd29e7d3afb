"""The lists a person keeps when several phones edit them at once."""

from typing import Any

import pytest

from accounts.models import MOST_RECORDS, Education, Goal, Profile, User, UserSkill
from accounts.services.records import add_record, change_record, order_records, remove_record
from tests.factories.accounts import make_education, make_field, make_goal, make_skill
from tests.threads import at_once
from timetravelers.kit.errors import NotFound

pytestmark = pytest.mark.django_db(transaction=True)

SCHOOL = {"institution": "Night School", "level": "master"}


def test_only_one_gets_the_last_place(alice: User) -> None:
    for number in range(MOST_RECORDS - 1):
        make_education(alice, position=number)
    results = at_once(6, lambda _: add_record(Education, user=alice, values=SCHOOL))
    refused = [getattr(result, "code", None) for result in results if not isinstance(result, Education)]
    assert refused == ["records_full"] * 5
    assert Education.objects.count() == MOST_RECORDS


def test_first_records_at_once_all_get_places_of_their_own(charlie: User) -> None:
    at_once(6, lambda _: add_record(Education, user=charlie, values=SCHOOL))
    assert sorted(Education.objects.values_list("position", flat=True)) == list(range(6))
    assert Profile.objects.get(user=charlie).version == 6


def test_of_two_orders_one_is_the_last(alice: User) -> None:
    make_field("29-0000")
    uids = [make_goal(alice, position=number).uid for number in range(8)]
    orders = [uids[::-1], uids[4:] + uids[:4]]
    at_once(2, lambda number: order_records(Goal, user=alice, uids=orders[number]))
    assert list(Goal.objects.order_by("position").values_list("uid", flat=True)) in orders


def test_an_order_and_a_new_record_do_not_lose_each_other(alice: User) -> None:
    uids = [make_education(alice, position=number).uid for number in range(4)]
    acts: list[Any] = [
        lambda: order_records(Education, user=alice, uids=uids[::-1]),
        lambda: add_record(Education, user=alice, values=SCHOOL),
    ]
    refused = [result for result in at_once(2, lambda number: acts[number]()) if hasattr(result, "code")]
    assert [getattr(refusal, "code", None) for refusal in refused] in ([], ["order_stale"])
    rows = list(Education.objects.order_by("position").values_list("uid", flat=True))
    assert len(rows) == 5
    assert rows[:4] == (uids if refused else uids[::-1])


def test_one_skill_claimed_twice_at_once_is_one_skill(alice: User) -> None:
    make_skill("python")

    def claim(_: int) -> Any:
        try:
            return add_record(UserSkill, user=alice, values={"skill": "python", "level": 3})
        except Exception as refusal:  # noqa: BLE001 - the constraint's own error, mapped only at the door
            return type(refusal).__name__

    results = at_once(4, claim)
    assert sorted(str(result) for result in results if isinstance(result, str)) == ["IntegrityError"] * 3
    assert UserSkill.objects.count() == 1


def test_phones_that_edit_different_fields_of_a_record_both_survive(alice: User) -> None:
    school = make_education(alice)
    changes: list[dict[str, Any]] = [{"field_of_study": "Physics"}, {"end_year": 2020}, {"level": "doctorate"}]
    at_once(3, lambda number: change_record(Education, user=alice, uid=school.uid, values=changes[number]))
    row = Education.objects.values("field_of_study", "end_year", "level").get()
    assert row == {"field_of_study": "Physics", "end_year": 2020, "level": "doctorate"}


def test_what_is_removed_twice_is_removed_once(alice: User) -> None:
    school = make_education(alice)
    results = at_once(3, lambda _: remove_record(Education, user=alice, uid=school.uid))
    assert sorted(isinstance(result, NotFound) for result in results) == [False, True, True]
    assert Profile.objects.get(user=alice).version == 2
