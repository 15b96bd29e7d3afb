"""Accounts that never showed an address to be theirs go, and nobody else does."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction

from accounts.models import User
from accounts.services import purging
from accounts.services.purging import purge_unverified
from tests.accounts.leaving import leave
from tests.factories.accounts import make_user
from tests.threads import at_once
from timetravelers.kit.clock import now
from timetravelers.kit.expiry import run_job

WEEK = timedelta(days=7)


def unverified(email: str = "dora@example.org", *, days: int = 8) -> User:
    """Somebody who signed up that long ago and did nothing since."""
    user = make_user(email)
    EmailAddress.objects.filter(user=user).update(verified=False)
    User.objects.filter(pk=user.pk).update(created_at=now() - timedelta(days=days))
    return user


def emails() -> set[str]:
    return set(User.objects.values_list("email", flat=True))


@pytest.mark.django_db
def test_the_old_go_and_the_young_stay(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(created_at=now() - timedelta(days=900))
    unverified("old@example.org", days=8)
    unverified("young@example.org", days=6)
    assert purge_unverified(older_than=WEEK) == 1
    assert emails() == {"alice@example.org", "young@example.org"}
    assert not EmailAddress.objects.filter(email="old@example.org").exists()


@pytest.mark.django_db
def test_whoever_got_in_another_way_stays() -> None:
    SocialAccount.objects.create(user=unverified("social@gmail.com"), provider="google", uid="1")
    User.objects.filter(pk=unverified("staff@example.org").pk).update(is_staff=True)
    User.objects.filter(pk=unverified("root@example.org").pk).update(is_superuser=True)
    User.objects.filter(pk=unverified("was-in@example.org").pk).update(last_login=now())
    assert purge_unverified(older_than=WEEK) == 0
    assert len(emails()) == 4


@pytest.mark.django_db
def test_the_admins_log_outlives_whoever_stands_in_it(staff: User, alice: User) -> None:
    LogEntry.objects.create(user=staff, object_id=str(alice.pk), object_repr="somebody", action_flag=2)
    leave(staff)
    User.objects.exclude(pk=alice.pk).update(created_at=now() - timedelta(days=8))
    assert purge_unverified(older_than=WEEK) == 0
    assert LogEntry.objects.get().user.email == "former-staff@deleted.invalid"


@pytest.mark.django_db
def test_an_account_without_any_address_goes() -> None:
    EmailAddress.objects.filter(user=unverified()).delete()
    assert purge_unverified(older_than=WEEK) == 1


@pytest.mark.django_db
def test_many_go_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for number in range(5):
        unverified(f"p{number}@example.org")
    assert purge_unverified(older_than=WEEK) == 5
    assert purge_unverified(older_than=WEEK) == 0


@pytest.mark.django_db
def test_the_job_takes_the_age_from_the_settings() -> None:
    unverified("old@example.org", days=settings.UNVERIFIED_ACCOUNT_AGE.days + 1)
    unverified("young@example.org", days=settings.UNVERIFIED_ACCOUNT_AGE.days - 1)
    assert run_job("accounts.user:unverified") == 1
    assert emails() == {"young@example.org"}


@pytest.mark.django_db(transaction=True)
def test_who_is_being_verified_at_this_moment_stays() -> None:
    late, other = unverified("late@example.org"), unverified("other@example.org")
    with transaction.atomic():
        EmailAddress.objects.filter(user=late).update(verified=True)
        assert at_once(1, lambda _: purge_unverified(older_than=WEEK)) == [1]
    assert emails() == {late.email}
    assert EmailAddress.objects.get(user=late).verified
    assert not User.objects.filter(pk=other.pk).exists()


@pytest.mark.django_db
def test_who_was_verified_since_the_list_was_made_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    late = unverified("late@example.org")
    monkeypatch.setattr(purging, "_candidates", lambda *_, after: [late.pk] if after == 0 else [])
    EmailAddress.objects.filter(user=late).update(verified=True)
    assert purge_unverified(older_than=WEEK) == 0
    assert emails() == {late.email}
