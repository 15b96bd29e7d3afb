"""What Manus told us, in the admin: looked at and never edited."""

import pytest
from django.test import Client

from accounts.models import User
from mentors.models import WebhookDelivery


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_nothing_is_added_by_hand(desk: Client) -> None:
    assert desk.get("/admin/mentors/webhookdelivery/add/").status_code == 403


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
