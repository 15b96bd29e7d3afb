"""Readiness says when turns stand still."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consciousness.models import Session, Turn
from tests.factories.mentors import make_traveler


@pytest.mark.parametrize(("minutes_overdue", "status"), [(1, 200), (3, 503)])
def test_a_turn_overdue_for_long_means_that_nobody_works(minutes_overdue: int, status: int, alice: User) -> None:
    session = Session.objects.create(user=alice, traveler=make_traveler(), traveler_version=1, consent_version=1)
    Turn.objects.create(session=session, due_at=timezone.now() - timedelta(minutes=minutes_overdue))
    answer = Client().get("/healthz/ready")
    assert (answer.status_code, answer.json()["checks"]["turns"] == "ok") == (status, status == 200)
