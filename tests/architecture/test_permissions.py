"""Every door, every role: who is let in is what the committed matrix says.

After a change that is meant: `RECORD_BASELINES=1 pytest tests/architecture/test_permissions.py`, then read the diff.
"""

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connections

from tests.actors import ApiClient
from tests.architecture.doors import METHODS, Actor, actors, knock, routes
from tests.factories.accounts import make_user
from tests.factories.sessions import make_session
from timetravelers.front import application
from timetravelers.kit.live.database import close_pool, open_pool

BASELINES = Path(__file__).parent.parent / "baselines"
RECORDING = bool(os.environ.get("RECORD_BASELINES"))
Matrix = dict[str, dict[str, str]]


def compare(name: str, found: Matrix) -> None:
    """Check against, or on purpose renew, a committed matrix."""
    path = BASELINES / name
    if RECORDING:
        lines = ",\n".join(f"  {json.dumps(door)}: {json.dumps(found[door])}" for door in sorted(found))
        path.write_text("{\n" + lines + "\n}\n")
    committed = json.loads(path.read_text())
    assert {door: found.get(door) for door in committed} == committed
    assert sorted(found) == sorted(committed), "a door that nobody has decided on"


@pytest.mark.django_db
def test_every_door_lets_in_whom_the_matrix_says(monkeypatch: pytest.MonkeyPatch) -> None:
    no_limit = {"per_minute": 1_000_000, "local": True}
    monkeypatch.setattr(settings, "THROTTLE_SCOPES", dict.fromkeys(settings.THROTTLE_SCOPES, no_limit))
    everybody = actors()
    found: Matrix = {}
    for route in routes():
        for method in METHODS:
            # A method that the door does not have is the same to all.
            if knock(everybody[-1], method, route) != "405":
                found[f"{method} /{route}"] = {who.name: knock(who, method, route) for who in everybody}
    compare("permissions.json", found)


@pytest.mark.django_db(transaction=True)
def test_sockets_and_long_polls_let_in_the_owner_alone() -> None:
    everybody = actors()
    owner = next(who for who in everybody if who.name == "user")
    assert owner.phone.user is not None
    session = str(make_session(owner.phone.user).uid)
    stranger = Actor("another user", ApiClient(make_user()), owner.browser)
    found = asyncio.run(_knock_live([*everybody, stranger], session))
    compare("permissions-live.json", found)


async def _knock_live(everybody: list[Actor], session: str) -> Matrix:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    await open_pool()
    try:
        return {
            "GET /api/v1/sessions/<uuid:uid>/events/": {who.name: await _poll(who, session) for who in everybody},
            "/ws/v1/sessions/<uuid:uid>/": {who.name: await _connect(who, session) for who in everybody},
        }
    finally:
        await close_pool()
        # The loop's one thread has a connection that only itself can close.
        await loop.run_in_executor(None, connections.close_all)


def _papers(who: Actor) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {who.phone.token}".encode())] if who.phone.token else []


async def _poll(who: Actor, session: str) -> str:
    sent: list[dict[str, object]] = []
    path = f"/api/v1/sessions/{session}/events/"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"wait=0", "headers": _papers(who)}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    await asyncio.wait_for(application(scope, receive, send), timeout=20)
    status = sent[0]["status"]
    return "in" if status == 200 else str(status)


async def _connect(who: Actor, session: str) -> str:
    scope = {
        "type": "websocket",
        "path": f"/ws/v1/sessions/{session}/",
        "query_string": b"",
        "headers": _papers(who),
        "subprotocols": ["timetravelers.v1"],
    }
    socket: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]  # asgiref has no types
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(timeout=20)
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(timeout=20)
    return "in" if answer["type"] == "websocket.accept" else "refused"
