"""People and taxonomy in the Django admin."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Consent, Field, Occupation, Profile, Skill, TaxonomyRelease, User
from accounts.tokens import issue
from tests.actors import Api
from tests.factories.accounts import give_consent, make_sign_in, make_user
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db

MODELS = [User, Profile, Consent, Field, Skill, Occupation, TaxonomyRelease]


def page(model: Any, tail: str = "") -> str:
    return f"/admin/accounts/{model._meta.model_name}/{tail}"


@pytest.fixture(autouse=True)
def _release(db: None) -> None:
    TaxonomyRelease.objects.create(version="30.1", imported_at=now())


@pytest.fixture
def desk(staff: User) -> Client:
    """A browser in which a superuser has signed in."""
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_rows_can_be_looked_at(content: None, desk: Client, alice: User, model: Any) -> None:
    give_consent(alice)
    listed = desk.get(page(model), {"q": "alice@example.org" if model in {User, Profile, Consent} else "a"})
    assert listed.status_code == 200
    row = model.objects.first()
    assert desk.get(page(model, f"{row.pk}/change/")).status_code == 200


@pytest.mark.parametrize("model", [User, Consent, Occupation])
def test_lists_take_few_queries_however_long(
    content: None, desk: Client, model: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        give_consent(make_user())
    with django_assert_max_num_queries(12):
        desk.get(page(model))


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_or_deleted_here(content: None, desk: Client, alice: User, model: Any) -> None:
    give_consent(alice)
    row = model.objects.first()
    assert desk.get(page(model, "add/")).status_code == 403
    assert desk.post(page(model, f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_a_consent_cannot_be_changed(desk: Client, alice: User) -> None:
    given = give_consent(alice)
    desk.post(page(Consent, f"{given.pk}/change/"), {"version": 9})
    given.refresh_from_db()
    assert given.version == 1


def test_a_password_is_neither_shown_nor_set(desk: Client, alice: User) -> None:
    before = alice.password
    shown = desk.get(page(User, f"{alice.pk}/change/")).content.decode()
    assert before not in shown
    desk.post(page(User, f"{alice.pk}/change/"), {"is_active": "on", "password": "x", "is_superuser": "on"})
    alice.refresh_from_db()
    assert (alice.password, alice.is_superuser) == (before, False)


def test_shutting_a_person_out_revokes_their_tokens_for_good(desk: Client, alice: User, api: Api) -> None:
    phone = api(alice)
    phone.token = issue(alice, make_sign_in(alice)).access
    desk.post(page(User, f"{alice.pk}/change/"), {})
    alice.refresh_from_db()
    assert (alice.is_active, alice.epoch) == (False, 1)
    assert phone.get("/me/").status_code == 401
    desk.post(page(User, f"{alice.pk}/change/"), {"is_active": "on"})
    alice.refresh_from_db()
    assert alice.is_active
    assert phone.get("/me/").status_code == 401


def test_nobody_shuts_themselves_out(desk: Client, staff: User) -> None:
    assert desk.post(page(User, f"{staff.pk}/change/"), {}).status_code == 403
    staff.refresh_from_db()
    assert staff.is_active


@pytest.mark.parametrize("model", MODELS)
def test_people_who_are_not_staff_see_nothing(alice: User, model: Any) -> None:
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(page(model)).status_code == 302
