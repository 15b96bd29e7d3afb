"""No log line carries a secret, an address or what somebody wrote, not even when something breaks."""

import json
import re

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from tests.actors import Api, ApiClient
from tests.factories.accounts import PASSWORD
from tests.kit.logs import LogLines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probing")]

AUTH = "/_allauth/app/v1/auth"
EMAIL, SECRET, WORDS = "dora.the.otter@example.org", "seven otters on ice", "I want to leave my horrid boss"


def nothing_of(log_lines: LogLines, *secrets: str | None) -> None:
    """No log line holds any of these; and something was logged at all."""
    lines = json.dumps(log_lines(), ensure_ascii=False).lower()
    assert '"request"' in lines
    for secret in secrets:
        assert secret is not None
        assert len(secret) > 4
        assert secret.lower() not in lines, secret


def test_signing_up_and_verifying(mailoutbox: list[EmailMessage], log_lines: LogLines) -> None:
    phone = ApiClient()
    meta = phone.post(f"{AUTH}/signup", {"email": EMAIL, "password": SECRET}).json()["meta"]
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mailoutbox[0].body), re.MULTILINE)
    assert found
    code = found[1]
    verified = phone.post(f"{AUTH}/email/verify", {"key": code}, X_Session_Token=meta["session_token"])
    tokens = verified.json()["meta"]
    nothing_of(log_lines, EMAIL, SECRET, code, meta["session_token"], tokens["access_token"], tokens["refresh_token"])


def test_signing_in_refreshing_and_failing_to(alice: User, log_lines: LogLines) -> None:
    phone = ApiClient()
    assert phone.post(f"{AUTH}/login", {"email": alice.email, "password": SECRET}).status_code == 400
    meta = phone.post(f"{AUTH}/login", {"email": alice.email, "password": PASSWORD}).json()["meta"]
    phone.post("/_allauth/app/v1/tokens/refresh", {"refresh_token": meta["refresh_token"]})
    phone.post("/_allauth/app/v1/tokens/refresh", {"refresh_token": meta["refresh_token"] + "x"})
    nothing_of(log_lines, alice.email, PASSWORD, SECRET, meta["access_token"], meta["refresh_token"])


def test_changing_a_profile(alice: User, api: Api, log_lines: LogLines) -> None:
    client = api(alice)
    assert client.patch("/me/", {"goal": WORDS, "display_name": "Dora Otter"}).status_code == 200
    assert client.patch("/me/", {"goal": WORDS, "years_experience": WORDS}).status_code == 422
    assert client.patch("/me/", raw=f'{{"goal": "{WORDS}'.encode()).status_code == 400
    assert client.patch("/me/", {WORDS: 1}).status_code == 422
    nothing_of(log_lines, WORDS, "Dora Otter", client.token, alice.email)


def test_a_query_string(alice: User, api: Api, log_lines: LogLines) -> None:
    assert api(alice).get("/taxonomy/skills/", {"search": WORDS}).status_code == 200
    nothing_of(log_lines, WORDS, "horrid")


def test_a_stolen_or_wrong_token(api: Api, log_lines: LogLines) -> None:
    phone = ApiClient()
    phone.token = "header." + "payload" * 20 + ".signature"
    assert phone.get("/me/").status_code == 401
    nothing_of(log_lines, phone.token, "payloadpayload")


@pytest.mark.parametrize("kind", ["twin", "range"])
def test_what_the_database_refuses(
    alice: User, api: Api, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """PostgreSQL quotes the row in its message; the log names the constraint and leaves the row out."""
    monkeypatch.setattr("timetravelers.kit.constraints._meanings", {})
    assert api(None).get(f"/probe/database/{kind}/", {"email": alice.email}).status_code in {409, 422}
    nothing_of(log_lines, alice.email, "xxxxxxxx")
    assert any("exception" in line for line in log_lines())
