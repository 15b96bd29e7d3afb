"""The control endpoints, the keys, and the options of the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

from mentors.manus.simulator.control import Control
from mentors.manus.simulator.exchange import Request
from mentors.manus.simulator.keys import KeyRing, named, unnamed
from mentors.manus.simulator.scripts import committed_scripts
from tests.mentors.manus.conftest import KEY, StartSimulator
from tests.mentors.manus.simulator.wire import still

PROJECT = Path(__file__).resolve().parents[4]


def test_a_committed_script_is_armed_by_name(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    assert wire.control("scripts").json()["scripts"] == committed_scripts()
    (armed,) = wire.control("scripts", {"script": "429-storm"}).json()["faults"]
    assert (armed["fault"], armed["lasts"]) == ("429", 90)
    refused: list[object] = [{"script": "nothing"}, {"script": "../../../etc/passwd"}, {}, [], {"script": 5}]
    for wrong in refused:
        assert wire.control("scripts", wrong).status_code == 400


def test_a_task_is_lost_and_a_key_rotated_on_demand(start_simulator: StartSimulator) -> None:
    wire = still(start_simulator)
    task_id = wire.create()
    account = next(iter(wire.server.world.memory.accounts))
    assert wire.control("lost-tasks", {"account": account, "task_id": task_id}).json()["tasks"] == 0
    assert wire.get("task.detail", task_id=task_id).status_code == 404
    before = wire.get("webhook.publicKey").json()["public_key"]
    after = wire.control("signing-keys", {}).json()["public_key"]
    assert wire.get("webhook.publicKey").json()["public_key"] == after != before


def test_a_rotated_key_is_kept(start_simulator: StartSimulator, tmp_path: Path) -> None:
    first = still(start_simulator, data=tmp_path)
    rotated = first.control("signing-keys", {}).json()["public_key"]
    first.server.stop()
    assert still(start_simulator, data=tmp_path).get("webhook.publicKey").json()["public_key"] == rotated


@pytest.mark.parametrize("path", ["clock", "faults", "accounts", "calls", "scripts", "health"])
def test_nobody_but_this_machine_controls_it(start_simulator: StartSimulator, path: str) -> None:
    server = still(start_simulator).server
    control = Control(server.world, server.faults, server.calls, agenda=None)  # type: ignore[arg-type]  # not used by what is asked
    far = Request("GET", f"/_simulator/{path}", {}, {}, b"", from_loopback=False)
    assert control.answer(far).status == 404


@pytest.mark.parametrize("path", ["clock", "faults", "accounts", "scripts", "projects", "lost-tasks"])
def test_nonsense_is_refused_and_harms_nothing(start_simulator: StartSimulator, path: str) -> None:
    wire = still(start_simulator)
    for body in (b"", b"\xff", b"{", b"[]", b"null", b'{"account": "x", "task_id": 1}', b"1" * 5_000):
        answer = requests.post(f"{wire.server.url}/_simulator/{path}", data=body, timeout=20)
        assert answer.status_code == (200 if (path, body) == ("faults", b"[]") else 400), body
    assert wire.get("task.list").status_code == 200


def test_keys_are_told_apart() -> None:
    ring = KeyRing([("one", "a"), ("two", "b"), ("one", "c")])
    assert ring.accounts == ["one", "two"]
    assert [ring.account_of({"k": key}, "k") for key in ("a", "b", "c", "d", "")] == ["one", "two", "one", None, None]
    assert ring.account_of({}, "k") is None
    for pairs in ([], [("one", "")], [("one", "a"), ("two", "a")]):
        with pytest.raises(ValueError, match="key"):
            KeyRing(pairs)


def test_an_account_is_named_or_goes_by_a_digest() -> None:
    assert named("second=b=c") == ("second", "b=c")
    assert "sk-secret" not in unnamed("sk-secret")[0]
    for text in ("nameless", "Upper=a", "=a", "a=", "padded==", ""):
        with pytest.raises(ValueError, match="name=key") as caught:
            named(text)
        assert not text or text not in str(caught.value)


def test_the_command_takes_what_the_house_is_configured_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANUS_API_KEY", "first=a, second")
    with pytest.raises(CommandError, match="name=key pairs"):
        call_command("manus_simulator", "--port", "0")


def test_the_command_takes_accounts_faults_and_a_speed() -> None:
    arguments = ["--account", "first=key-a", "--account", "second=key-b", "--speed", "100", "--faults", "403"]
    environment = {name: value for name, value in os.environ.items() if name != "MANUS_API_KEY"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "manus_simulator", "--port", "0", "--int64-strings", *arguments],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            headers = {"x-manus-api-key": "key-b"}
            body = {"message": {"content": "x"}}
            assert requests.post(f"{url}/v2/task.create", json=body, headers=headers, timeout=20).status_code == 403
            assert requests.get(f"{url}/_simulator/clock", timeout=20).json()["speed"] == 100
            created = requests.post(f"{url}/v2/project.create", json={"name": "x"}, headers=headers, timeout=20)
            assert created.json()["project"]["created_at"].isdigit()
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--faults", "nothing"), "no such fault script"),
        (("--account", "first=a", "--account", "second=a"), "cannot use these keys"),
        (("--account", "nameless"), "name=key"),
        (("--speed", "-1"), "between 0 and"),
        (("--speed", "fast"), "invalid"),
    ],
)
def test_the_command_says_what_it_can_not_do(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.setenv("MANUS_API_KEY", KEY)
    with pytest.raises(CommandError, match=told) as caught:
        call_command("manus_simulator", "--port", "0", *arguments)
    assert KEY not in str(caught.value)


def test_the_store_is_part_of_the_address_that_is_told(start_simulator: StartSimulator) -> None:
    world = start_simulator(public_url="https://simulator.example/").world
    file = world.files.announce(next(iter(world.memory.accounts.values())), "a.txt")
    assert world.files.address_of(file).startswith(f"https://simulator.example/_bucket/{file.id}/")
