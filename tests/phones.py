"""A phone that signs in the way an app does: it keeps what allauth tells it to keep."""

import re
from typing import Any
from urllib.parse import unquote

from django.core.mail import EmailMessage

from tests.actors import ApiClient
from tests.factories.accounts import PASSWORD

ALLAUTH = "/_allauth/app/v1"
GOOD_PASSWORD = "seven otters on ice"
OTHER_PASSWORD = "nine herons at noon"


class Phone:
    """Holds the session token of allauth's routes and, once signed in, the tokens of everything else."""

    def __init__(self) -> None:
        self.session = ""
        self.access = ""
        self.refresh = ""

    def ask(
        self, method: str, path: str, body: Any = None, *, query: dict[str, Any] | None = None, **headers: str
    ) -> Any:
        """One request to allauth, with paths relative to it (`/auth/login`)."""
        if self.session:
            headers.setdefault("X_Session_Token", self.session)
        answer = ApiClient().send(method, ALLAUTH + path, body, query=query, headers=headers)
        self._keep(answer)
        return answer

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: Any) -> Any:
        return self.ask("GET", path, None, query=query, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        return self.ask("POST", path, body, **headers)

    def delete(self, path: str, body: Any = None) -> Any:
        return self.ask("DELETE", path, body)

    def api(self) -> ApiClient:
        """The phone as the rest of the API sees it."""
        client = ApiClient()
        client.token = self.access or None
        return client

    def can_use_the_house(self) -> bool:
        return bool(self.access) and self.api().get("/me/").status_code == 200

    def sign_up(self, email: str = "dora@example.org", password: str = GOOD_PASSWORD) -> Any:
        return self.post("/auth/signup", {"email": email, "password": password})

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        return self.post("/auth/login", {"email": email, "password": password})

    def reauthenticate(self, password: str = PASSWORD) -> Any:
        return self.post("/auth/reauthenticate", {"password": password})

    def renew(self) -> Any:
        """Trade the refresh token in, which needs nothing else."""
        return Phone().post("/tokens/refresh", {"refresh_token": self.refresh})

    def _keep(self, answer: Any) -> None:
        if not answer.headers.get("Content-Type", "").startswith("application/json"):
            return
        meta = answer.json().get("meta", {})
        self.session = meta.get("session_token", self.session)
        self.access = meta.get("access_token", self.access)
        self.refresh = meta.get("refresh_token", self.refresh)


def signed_in(email: str, password: str = PASSWORD) -> Phone:
    """A phone on which that person has just signed in."""
    phone = Phone()
    answer = phone.sign_in(email, password)
    assert answer.status_code == 200, answer.content
    return phone


def pending(answer: Any) -> set[str]:
    """The flows that an answer says are under way."""
    return {flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")}


def code_in(mail: EmailMessage) -> str:
    """The code in a mail, found as a person would: on a line of its own."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.body), re.MULTILINE)
    assert found, mail.body
    return found[1]


def link_key_in(mail: EmailMessage) -> str:
    """What the app finds in the mailed link that opened it."""
    found = re.search(r"timetravelers://verify-email/(\S+)", str(mail.body))
    assert found, mail.body
    return unquote(found[1])
