"""A creating request sent twice happens once, whatever happens to the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection

from accounts.models import Skill, User
from tests.actors import Api, ApiClient
from tests.kit import probes
from timetravelers.kit.api.idempotency import MAX_KEY_LENGTH, creates_once
from timetravelers.kit.models import IdempotentAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]


def make(client: ApiClient, key: str | None = "a-key", then: str = "") -> Any:
    """Ask for a row to be made; `key` None sends none."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.send("POST", "/probe/make/", {"key": "otters", "then": then}, headers=headers)


def test_the_second_time_gives_the_first_answer(api: Api, alice: User) -> None:
    first, second = make(api(alice)), make(api(alice))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert ("Idempotent-Replay" in first.headers, second.headers["Idempotent-Replay"]) == (False, "true")
    assert Skill.objects.count() == 1


def test_the_order_of_fields_makes_no_other_body(api: Api, alice: User) -> None:
    client = api(alice)
    first = client.post("/probe/make/", raw=b'{"key": "otters", "then": ""}', Idempotency_Key="k")
    second = client.post("/probe/make/", raw=b'{ "then":"", "key":"otters" }', Idempotency_Key="k")
    assert second.content == first.content


def test_the_same_key_with_another_body_is_refused(api: Api, alice: User) -> None:
    make(api(alice))
    response = make(api(alice), then="x")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Skill.objects.count() == 1


def test_the_same_key_of_another_person_is_another_key(api: Api, alice: User, bob: User) -> None:
    make(api(alice))
    response = api(bob).post("/probe/make/", {"key": "beavers"}, Idempotency_Key="a-key")
    assert response.status_code == 201
    assert set(Skill.objects.values_list("key", flat=True)) == {"otters", "beavers"}


@pytest.mark.django_db(transaction=True)
def test_without_a_key_each_request_stands_alone(api: Api, alice: User) -> None:
    assert make(api(alice), key=None).status_code == 201
    assert make(api(alice), key=None).status_code == 409
    assert IdempotentAnswer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_request_that_failed_leaves_nothing_and_may_be_tried_again(api: Api, alice: User) -> None:
    assert make(api(alice), then="fail").status_code == 409
    assert (Skill.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert make(api(alice)).status_code == 201


def test_a_body_that_is_refused_keeps_no_answer(api: Api, alice: User) -> None:
    response = api(alice).post("/probe/make/", {"key": 5}, Idempotency_Key="a-key")
    assert (response.status_code, IdempotentAnswer.objects.count()) == (422, 0)
    assert make(api(alice)).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_what_was_killed_in_the_middle_is_undone_and_may_be_tried_again(api: Api, alice: User) -> None:
    assert make(api(alice), then="die").status_code == 503
    close_old_connections()
    assert (Skill.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert make(api(alice)).status_code == 201


@pytest.mark.parametrize("key", ["", "\xe9", "a\tb", "\x7f", "x" * (MAX_KEY_LENGTH + 1)])
def test_what_is_no_key(api: Api, alice: User, key: str) -> None:
    response = api(alice).post("/probe/make/", {"key": "otters"}, Idempotency_Key=key)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "idempotency_key"
    assert Skill.objects.count() == 0


@pytest.mark.parametrize("key", ["x", "x" * MAX_KEY_LENGTH, "'; DROP TABLE users; --", "%s:{}", " a b "])
def test_odd_keys_are_keys(api: Api, alice: User, key: str) -> None:
    first, second = make(api(alice), key=key), make(api(alice), key=key)
    assert (first.status_code, second.content) == (201, first.content)


def test_nobody_known_makes_nothing(api: Api) -> None:
    assert make(api(None)).status_code == 401


def in_a_thread(work: Callable[[], Any]) -> Any:
    """Do it with connections of the thread's own, and give them back."""
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_running_the_second_is_told_to_wait(api: Api, alice: User) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_a_thread, lambda: make(api(alice), then="wait"))
        try:
            assert probes.INSIDE.wait(10)
            second = make(api(alice), then="wait")
        finally:
            probes.GATE.set()
        assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_flight")
        assert second.headers["Retry-After"] == "1"
        assert first.result(10).status_code == 201
    assert make(api(alice), then="wait").content == first.result().content
    assert Skill.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_makes_the_row(api: Api, alice: User) -> None:
    client = api(alice)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: in_a_thread(lambda: make(client)), range(10)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_in_flight"}
    assert (Skill.objects.count(), IdempotentAnswer.objects.count()) == (1, 1)


def test_the_wrapper_can_be_seen() -> None:
    assert creates_once(probes.MakeView.post)
    assert not creates_once(probes.EchoView.post)


def test_answers_go_with_their_person(api: Api, charlie: User) -> None:
    make(api(charlie))
    charlie.delete()
    assert IdempotentAnswer.objects.count() == 0
