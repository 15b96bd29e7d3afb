"""A phone at allauth's doors: signs in, refreshes, signs out."""

from typing import Any

from tests.actors import ApiClient
from tests.factories.accounts import PASSWORD

AUTH = "/_allauth/app/v1/auth"
REFRESH = "/_allauth/app/v1/tokens/refresh"


def phone(token: str | None = None) -> ApiClient:
    """A phone that holds an access token, or none."""
    client = ApiClient()
    client.token = token
    return client


def try_to_sign_in(email: str, password: str = PASSWORD, **headers: Any) -> Any:
    """The answer, whatever it is."""
    return phone().post(f"{AUTH}/login", {"email": email, "password": password}, **headers)


def sign_in(email: str, **headers: Any) -> dict[str, Any]:
    """What allauth says of a person who has signed in: `access_token`, `refresh_token`, `session_token`."""
    answer = try_to_sign_in(email, **headers)
    assert answer.status_code == 200, answer.content
    return dict(answer.json()["meta"])


def refresh(token: str, **headers: Any) -> Any:
    """The answer to a refresh."""
    return phone().post(REFRESH, {"refresh_token": token}, **headers)


def works(access_token: str) -> bool:
    """Whether an access token opens one's own profile."""
    return bool(phone(access_token).get("/me/").status_code == 200)
