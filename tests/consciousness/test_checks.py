"""Readiness says when turns stand still."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consciousness.models import Turn
from tests.factories.sessions import make_session


@pytest.mark.parametrize(("minutes_overdue", "status"), [(1, 200), (3, 503)])
def test_a_turn_overdue_for_long_means_that_nobody_works(minutes_overdue: int, status: int, alice: User) -> None:
    session = make_session(alice)
    Turn.objects.create(session=session, due_at=timezone.now() - timedelta(minutes=minutes_overdue))
    answer = Client().get("/healthz/ready")
    assert (answer.status_code, answer.json()["checks"]["turns"] == "ok") == (status, status == 200)
