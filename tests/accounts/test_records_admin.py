"""What people keep lists of, as staff see it: to look at, and never as markup."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Education, Experience, Goal, Profile, User, UserSkill
from tests.factories.accounts import give_skill, make_education, make_experience, make_goal, make_user

pytestmark = pytest.mark.django_db

MODELS = [Goal, Experience, Education, UserSkill]
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fill(user: User) -> None:
    """One of everything, with markup wherever people may write."""
    make_goal(user, motivation=MARKUP)
    make_experience(user, title=MARKUP, employer=MARKUP, description=MARKUP)
    make_education(user, institution=MARKUP, field_of_study=MARKUP)
    give_skill(user, "python")
    UserSkill.objects.create(user=user, name=MARKUP, level=1)


@pytest.mark.parametrize("model", MODELS)
def test_they_are_looked_at_and_not_changed(desk: Client, alice: User, model: Any) -> None:
    fill(alice)
    at = f"/admin/accounts/{model._meta.model_name}/"
    row = model.objects.last()
    for path in (f"{at}?q=alice@example.org", f"{at}{row.pk}/change/"):
        shown = desk.get(path)
        assert shown.status_code == 200
        assert "<script>alert" not in shown.content.decode()
    assert "&lt;script&gt;alert(1)" in desk.get(f"{at}{row.pk}/change/").content.decode()
    assert desk.post(f"{at}{row.pk}/change/", {"level": 5}).status_code == 403
    assert desk.post(f"{at}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{at}add/").status_code == 403


def test_a_profile_is_shown_as_text(desk: Client, alice: User) -> None:
    Profile.objects.filter(user=alice).update(headline=MARKUP, bio=MARKUP, display_name=MARKUP)
    shown = desk.get(f"/admin/accounts/profile/{alice.pk}/change/").content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_few_queries_however_long(
    desk: Client, model: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(10):
        fill(make_user())
    with django_assert_max_num_queries(12):
        assert desk.get(f"/admin/accounts/{model._meta.model_name}/").status_code == 200
