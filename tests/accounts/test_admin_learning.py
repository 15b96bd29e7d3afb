"""Assessments and corrected career stages in the Django admin."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import CareerStageCorrection, LearningAssessment, User
from accounts.services import correct_career_stage
from tests.accounts.answering import BANK, finish, sheet
from tests.actors import Api
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

MODELS = [LearningAssessment, CareerStageCorrection]


def page(model: Any, tail: str = "") -> str:
    return f"/admin/accounts/{model._meta.model_name}/{tail}"


@pytest.fixture
def desk(staff: User) -> Client:
    """A browser in which a superuser has signed in."""
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def rows(alice: User, api: Api) -> None:
    """A finished assessment of Alice's, and her word on her stage."""
    finish(api(alice), sheet())
    correct_career_stage(user=alice, stage="growth", recycling=False)


@pytest.mark.parametrize("model", MODELS)
def test_rows_are_found_by_address_and_looked_at(rows: None, desk: Client, model: Any) -> None:
    listed = desk.get(page(model), {"q": "alice@example.org"})
    assert listed.status_code == 200
    assert "1 " in listed.content.decode()
    assert desk.get(page(model), {"q": "nobody@example.org"}).status_code == 200
    row = model.objects.get()
    shown = desk.get(page(model, f"{row.pk}/change/"))
    assert shown.status_code == 200
    if model is LearningAssessment:
        assert BANK.items[0].key in shown.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_changed_or_deleted_here(rows: None, desk: Client, model: Any) -> None:
    row = model.objects.get()
    before = model.objects.values().get()
    assert desk.get(page(model, "add/")).status_code == 403
    assert desk.post(page(model, f"{row.pk}/change/"), {"stage": "maintenance", "bank_version": 9}).status_code == 403
    assert desk.post(page(model, f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
    assert model.objects.values().get() == before


def test_lists_take_as_many_queries_for_many_rows(rows: None, desk: Client, api: Api) -> None:
    def queries(model: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page(model)).status_code == 200
        return len(captured)

    few = [queries(model) for model in MODELS]
    for _ in range(5):
        person = make_user()
        api(person).post("/me/learning-assessments/")
        correct_career_stage(user=person, stage="growth", recycling=False)
    assert [queries(model) for model in MODELS] == few


@pytest.mark.parametrize("model", MODELS)
def test_people_who_are_not_staff_see_nothing(alice: User, model: Any) -> None:
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(page(model)).status_code == 302
