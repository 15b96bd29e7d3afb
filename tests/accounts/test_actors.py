"""The actors themselves: what every permission test rests on."""

import pytest

from accounts.authentication import authenticate_token
from accounts.models import User
from tests.actors import Api


@pytest.mark.django_db
def test_an_actor_carries_a_token_that_the_house_accepts(alice: User, api: Api) -> None:
    assert authenticate_token(api(alice).token or "").pk == alice.pk
    assert alice.check_password("a long walk in the rain")
