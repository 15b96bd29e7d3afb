"""Travelers in the admin: looked at, shown and hidden, never edited."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mentors.models import Traveler, WebhookDelivery
from tests.factories.mentors import make_traveler


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_staff_find_a_traveler(desk: Client) -> None:
    make_traveler("ada", skills={"python": 5})
    make_traveler("bo")
    page = desk.get("/admin/mentors/traveler/", {"q": "ada"}).content.decode()
    assert "1 traveler" in page
    assert ">Ada<" in page


def test_the_list_does_not_query_per_row(desk: Client, django_assert_max_num_queries: Any) -> None:
    desk.get("/admin/mentors/traveler/")
    for _ in range(10):
        make_traveler()
    with django_assert_max_num_queries(8):
        assert desk.get("/admin/mentors/traveler/").status_code == 200


def test_staff_hide_a_traveler_and_change_nothing_else(desk: Client) -> None:
    traveler = make_traveler("ada")
    path = f"/admin/mentors/traveler/{traveler.pk}/change/"
    assert "I counted pallets" in desk.get(path).content.decode()
    forms = {"skill_links-TOTAL_FORMS": "0", "skill_links-INITIAL_FORMS": "0"}
    assert desk.post(path, {"name": "Eve", **forms}).status_code == 302
    after = Traveler.objects.get()
    assert (after.name, after.is_published) == ("Ada", False)
    assert after.updated_at > traveler.updated_at


@pytest.mark.parametrize("path", ["traveler/add/", "webhookdelivery/add/"])
def test_nothing_is_added_by_hand(desk: Client, path: str) -> None:
    assert desk.get(f"/admin/mentors/{path}").status_code == 403


def test_deliveries_are_only_looked_at(desk: Client) -> None:
    delivery = WebhookDelivery.objects.create(digest=b"x" * 32, event_type="task_stopped", task_id="t-1")
    assert "t-1" in desk.get("/admin/mentors/webhookdelivery/").content.decode()
    path = f"/admin/mentors/webhookdelivery/{delivery.pk}/"
    assert desk.get(f"{path}change/").status_code == 200
    assert desk.post(f"{path}change/", {"task_id": "t-2"}).status_code == 403
    assert desk.post(f"{path}delete/", {"post": "yes"}).status_code == 403


def test_people_have_no_business_here(client: Client, alice: User) -> None:
    client.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/admin/mentors/traveler/").status_code == 302
