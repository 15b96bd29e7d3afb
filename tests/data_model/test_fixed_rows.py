"""Ledgers and records are only added to; the admin says what the API says when the database refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import RoleChange, User
from mentors.models import CreditEntry, ManusAccount, TravelerVersion
from missions.models import Reward
from tests.data_model.rows import SAMPLES
from tests.data_model.samples import Table
from tests.factories.mentors import make_account
from timetravelers.kit.constraints import broken_constraint

pytestmark = pytest.mark.django_db

FIXED: list[tuple[Table, str, dict[str, Any]]] = [
    (CreditEntry, "credit_entry_fixed", {"amount": 6}),
    (Reward, "reward_fixed", {"points": 41}),
    (RoleChange, "role_change_fixed", {"after": "admin"}),
    (TravelerVersion, "traveler_version_fixed", {"note": "Better so."}),
]


@pytest.mark.parametrize(("table", "rule", "change"), FIXED, ids=lambda part: getattr(part, "__name__", None))
def test_a_row_that_stays_is_never_changed(table: Table, rule: str, change: dict[str, Any]) -> None:
    row = SAMPLES[table].make()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        table._default_manager.filter(pk=row.pk).update(**change)
    assert broken_constraint(caught.value) == rule
    assert not table._default_manager.filter(pk=row.pk, **change).exists()


@pytest.mark.parametrize(
    ("table", "person"), [(CreditEntry, "owner"), (RoleChange, "actor"), (TravelerVersion, "author")]
)
def test_but_a_person_who_leaves_is_forgotten(table: Table, person: str) -> None:
    row = SAMPLES[table].make()
    getattr(row, person).delete()
    row.refresh_from_db()
    assert getattr(row, person) is None


def test_erasure_forgets_where_the_credits_went() -> None:
    row: Any = SAMPLES[CreditEntry].make()
    CreditEntry.objects.filter(pk=row.pk).update(owner=None, session_ref=None)
    row.refresh_from_db()
    assert (row.owner, row.session_ref, row.amount) == (None, None, 5)


def test_nobody_is_put_in_the_place_of_another() -> None:
    row: Any = SAMPLES[CreditEntry].make()
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.objects.filter(pk=row.pk).update(owner=SAMPLES[User].make())


def test_the_admin_says_what_the_api_says(client: Client, staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(account: Any, **_: Any) -> None:
        ManusAccount.objects.filter(uid=account).update(limits=[])

    monkeypatch.setattr("mentors.admin.accounts.set_limits", careless)
    account = make_account()
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    form = {"is_active": "on", "limits": '{"task.create": 5}', "new_key": ""}
    uses = {"uses-TOTAL_FORMS": "0", "uses-INITIAL_FORMS": "0"}
    page = f"/admin/mentors/manusaccount/{account.pk}/change/"
    answer = client.post(page, {**form, **uses}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "Limits are figures by endpoint." in answer.content.decode()
    account.refresh_from_db()
    assert account.limits == {}
