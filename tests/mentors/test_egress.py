"""Receipts of what leaves: one a call, written with the intent, read by whom they are about and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import Consent, User
from accounts.services import withdraw_consent
from mentors.models import EgressRecord
from mentors.services.egress import record_egress
from tests.actors import ApiClient
from tests.factories.accounts import give_consent
from timetravelers.kit.clock import now
from timetravelers.kit.personal import erase
from timetravelers.kit.tags import Category

Api = Callable[[User | None], ApiClient]


def receipt(user: User, size: int = 12) -> EgressRecord:
    consent = Consent.objects.live().filter(user=user).first() or give_consent(user)
    with transaction.atomic():
        return record_egress(
            consent=consent,
            session=uuid4(),
            engine="manus",
            recipient="Manus",
            account=None,
            endpoint="task.create",
            categories={Category.CONVERSATION, Category.CAREER},
            size=size,
        )


def test_what_a_receipt_says(api: Api, alice: User) -> None:
    made = receipt(alice)
    answer = api(alice).get("/me/egress/")
    assert answer.status_code == 200
    (told,) = answer.json()["results"]
    assert told == {
        "uid": str(made.uid),
        "at": told["at"],
        "session": str(made.session_ref),
        "engine": "manus",
        "recipient": "Manus",
        "endpoint": "task.create",
        "categories": ["career", "conversation"],
        "consent_version": 1,
        "bytes": 12,
    }
    assert abs(now() - made.at) < timedelta(minutes=1)


def test_newest_first_in_pages(api: Api, alice: User) -> None:
    for size in range(5):
        receipt(alice, size)
    first = api(alice).get("/me/egress/", {"limit": 3}).json()
    rest = api(alice).get(first["next"].partition("/api/v1")[2]).json()
    assert [one["bytes"] for one in first["results"] + rest["results"]] == [4, 3, 2, 1, 0]


def test_others_see_only_their_own(api: Api, alice: User, bob: User) -> None:
    receipt(alice)
    assert api(bob).get("/me/egress/").json()["results"] == []
    assert api(None).get("/me/egress/").status_code == 401


def test_it_stays_when_consent_is_withdrawn(api: Api, alice: User) -> None:
    receipt(alice)
    withdraw_consent(user=alice, purpose="ai_provider")
    assert len(api(alice).get("/me/egress/").json()["results"]) == 1


@pytest.mark.django_db(transaction=True)
def test_it_stands_or_falls_with_the_intent(alice: User) -> None:
    give_consent(alice)
    consent = Consent.objects.get(user=alice)
    facts: dict[str, Any] = {"engine": "manus", "recipient": "Manus", "account": None, "endpoint": "x", "size": 1}
    with pytest.raises(RuntimeError):
        record_egress(consent=consent, session=uuid4(), categories={Category.CAREER}, **facts)
    assert not connection.in_atomic_block
    assert not EgressRecord.objects.exists()


def test_after_its_person_has_left_nobody_knows_whose_it_was(alice: User) -> None:
    made = receipt(alice)
    with transaction.atomic():
        erase(alice.pk)
    made.refresh_from_db()
    assert (made.user_id, made.session_ref) == (None, None)
    assert (made.categories, made.consent_version, made.size) == (["career", "conversation"], 1, 12)
