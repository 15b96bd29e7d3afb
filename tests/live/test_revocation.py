"""Rights that are taken back: open sockets close within two seconds, whichever process took them."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from demo.house import PROJECT
from demo.phone import Phone
from tests.live.conftest import sign_up
from tests.live.stack import Stack
from tests.live.talk import ask, closed_with, new_session, raw_socket

pytestmark = pytest.mark.xdist_group("live")

PASSWORD = "a long walk in the rain"  # as `sign_up` chooses it
AT_MOST = 2.0  # seconds
LOGIN = "/_allauth/app/v1/auth/login"


@pytest.fixture
def person(running: Stack) -> Iterator[Phone]:
    """Somebody who will not be let in for long."""
    somebody = sign_up(running)
    yield somebody
    somebody.close()


def signed_in_again(stack: Stack, person: Phone) -> tuple[Phone, str]:
    """The same person on another phone, and its session token."""
    other = Phone(stack.base_url)
    other.email = person.email
    answer = other.send("POST", LOGIN, {"email": person.email, "password": PASSWORD}).json()
    other.access_token, other.refresh_token = answer["meta"]["access_token"], answer["meta"]["refresh_token"]
    return other, answer["meta"]["session_token"]


def by_staff(stack: Stack, deed: str) -> float:
    """Have another process of the house do something to `person`; when it was committed (monotonic)."""
    code = f"""
import time
from accounts.models import Role, User
from accounts.services.roles import ban, change_role
actor = User.objects.get(is_superuser=True)
{deed}
print("DONE", time.monotonic(), flush=True)
time.sleep(1)
"""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    run = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), "shell", "--no-imports", "-c", code],
        env={**kept, "DATA_DIR": str(stack.house.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    done = [line for line in run.stdout.splitlines() if line.startswith("DONE")]
    assert done, run.stderr[-2000:]
    return float(done[0].split()[1])


def assert_closed(connection: ClientConnection, since: float | None = None) -> None:
    began = time.monotonic() if since is None else since
    assert closed_with(connection, seconds=10) == 4401
    assert time.monotonic() - began < AT_MOST


def assert_open(connection: ClientConnection) -> None:
    assert ask(connection, "ping")["type"] == "pong"


def test_signing_out_closes_the_sockets_of_that_sign_in(running: Stack, person: Phone) -> None:
    other, session_token = signed_in_again(running, person)
    session = new_session(person)
    with raw_socket(person, session) as here, raw_socket(other, session) as there:
        assert_open(here)
        assert_open(there)
        other.send("DELETE", "/_allauth/app/v1/auth/session", headers={"X-Session-Token": session_token})
        assert_closed(there)
        assert_open(here)
    assert person.send("GET", "/me/").status_code == 200


def test_ending_a_device_from_another_closes_its_sockets(running: Stack, person: Phone) -> None:
    other, _ = signed_in_again(running, person)
    with raw_socket(other, new_session(person)) as there:
        assert_open(there)
        assert person.post("/me/sign-ins/revoke-others/") == {"ended": 1}
        assert_closed(there)


def test_a_changed_password_closes_every_socket(running: Stack, person: Phone) -> None:
    other, session_token = signed_in_again(running, person)
    session = new_session(person)
    with raw_socket(person, session) as here, raw_socket(other, session) as there:
        assert_open(here)
        assert_open(there)
        change = {"current_password": PASSWORD, "new_password": "another walk in the snow"}
        answer = other.send(
            "POST", "/_allauth/app/v1/account/password/change", change, {"X-Session-Token": session_token}
        )
        assert answer.status_code == 200, answer.text
        changed = time.monotonic()
        assert_closed(here, changed)
        assert_closed(there, changed)


@pytest.mark.parametrize(
    "deed",
    [
        'ban(actor=actor, user=User.objects.get(email="{email}").uid)',
        'change_role(actor=actor, user=User.objects.get(email="{email}").uid, role=Role.MENTOR)',
    ],
    ids=["ban", "role"],
)
def test_a_ban_and_a_new_role_close_every_socket(running: Stack, person: Phone, deed: str) -> None:
    with raw_socket(person, new_session(person)) as connection, ThreadPoolExecutor(1) as pool:
        assert_open(connection)
        closing = pool.submit(lambda: (closed_with(connection, seconds=45), time.monotonic()))
        committed = by_staff(running, deed.format(email=person.email))
        code, closed = closing.result()
    assert code == 4401
    assert closed - committed < AT_MOST
    assert person.send("GET", "/me/").status_code == 401


def test_a_waiting_poll_tells_nothing_to_who_may_not_hear_it(running: Stack, person: Phone) -> None:
    other, session_token = signed_in_again(running, person)
    session = new_session(person)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other.send, "GET", f"/sessions/{session}/events/?after=0&wait=5")
        time.sleep(0.5)
        other.send("DELETE", "/_allauth/app/v1/auth/session", headers={"X-Session-Token": session_token})
        answer = waiting.result()
    assert answer.status_code == 401


def test_fifty_refreshes_at_once_over_real_http(running: Stack, person: Phone) -> None:
    def refresh(_: int) -> Any:
        phone = Phone(running.base_url)
        try:
            return phone.send("POST", "/_allauth/app/v1/tokens/refresh", {"refresh_token": person.refresh_token})
        finally:
            phone.close()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(refresh, range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 50}
    assert len({answer.json()["data"]["refresh_token"] for answer in answers}) == 1
    person.access_token = answers[-1].json()["data"]["access_token"]
    assert person.send("GET", "/me/").status_code == 200
    rows = running.sql(
        "SELECT s.generation, s.ended_at IS NULL FROM accounts_signin s"
        " JOIN accounts_user u ON u.id = s.user_id WHERE u.email = %s",
        person.email,
    )
    assert rows == [(1, True)]
