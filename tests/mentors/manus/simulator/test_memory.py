"""What a simulator with a data folder remembers, and the command that runs it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mentors.manus import errors
from mentors.manus.simulator.journal import JournalInUse
from mentors.manus.simulator.server import Settings, SimulatorServer
from tests.mentors.manus.conftest import KEY, StartSimulator, make_client, outcome_of
from tests.mentors.manus.inbox import receiving

PROJECT = Path(__file__).resolve().parents[4]


def test_a_restarted_simulator_knows_everything_again(start_simulator: StartSimulator, tmp_path: Path) -> None:
    first = start_simulator(data=tmp_path)
    client = make_client(first.url)
    with receiving() as inbox:
        client.create_webhook(inbox.url)
        project = client.create_project("Ada", "instruction").project
        task_id = client.create_task("hello", project_id=project.id).task_id
        outcome = outcome_of(client, task_id)
        gone = client.create_task("delete me").task_id
        outcome_of(client, gone)
        client.delete_task(gone)
        before = (
            client.events_after(task_id).events,
            client.list_tasks().data,
            client.list_projects().data,
            client.list_webhooks().data,
            client.list_usage().data,
            client.available_credits().data,
            client.webhook_public_key().public_key,
        )
        first.stop()
        client = make_client(start_simulator(data=tmp_path).url)
        after = (
            client.events_after(task_id).events,
            client.list_tasks().data,
            client.list_projects().data,
            client.list_webhooks().data,
            client.list_usage().data,
            client.available_credits().data,
            client.webhook_public_key().public_key,
        )
        assert after == before
        client.send_message(task_id, "I am back")
        assert "rehearsal simulator" not in outcome_of(client, task_id, outcome.newest_event_id).text
        assert client.create_task("new").task_id not in (task_id, gone)


def test_work_that_was_cut_short_is_finished_after_the_restart(start_simulator: StartSimulator, tmp_path: Path) -> None:
    first = start_simulator(data=tmp_path, think_seconds=600)
    task_id = make_client(first.url).create_task("hello").task_id
    first.stop()
    second = start_simulator(data=tmp_path)
    assert outcome_of(make_client(second.url), task_id).text


def test_a_torn_or_foreign_line_does_not_cost_the_rest(start_simulator: StartSimulator, tmp_path: Path) -> None:
    first = start_simulator(data=tmp_path)
    client = make_client(first.url)
    task_id = client.create_task("hello").task_id
    outcome_of(client, task_id)
    first.stop()
    journal = tmp_path / "journal.jsonl"
    noise = b'[]\n{"op":"odd"}\n{"op":"event","account":"x"}\n\xff\xfe\n{"op":"task","acc'
    journal.write_bytes(journal.read_bytes() + noise)
    second = start_simulator(data=tmp_path)
    assert outcome_of(make_client(second.url), task_id).text


def test_the_key_is_not_written_down_and_the_signing_key_is_private(
    start_simulator: StartSimulator, tmp_path: Path
) -> None:
    make_client(start_simulator(data=tmp_path).url).create_task("hello")
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert stat.S_IMODE((tmp_path / "webhook_key.pem").stat().st_mode) == 0o600


def test_a_spoilt_signing_key_is_replaced(start_simulator: StartSimulator, tmp_path: Path) -> None:
    (tmp_path / "webhook_key.pem").write_text("half a ke")
    key = make_client(start_simulator(data=tmp_path).url).webhook_public_key().public_key
    assert key.startswith("-----BEGIN PUBLIC KEY-----")


def test_one_folder_serves_one_simulator(start_simulator: StartSimulator, tmp_path: Path) -> None:
    start_simulator(data=tmp_path)
    with pytest.raises(JournalInUse):
        SimulatorServer(Settings(api_keys=[KEY], data=tmp_path)).start()


@contextmanager
def command(*arguments: str, key: str = KEY) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name != "MANUS_API_KEY"}
    if key:
        environment["MANUS_API_KEY"] = key
    process = subprocess.Popen(
        [sys.executable, "manage.py", "manus_simulator", *arguments],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    with command("--port", "0", "--think-seconds", "0", "--data", str(tmp_path / "new")) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Manus simulator on http://127.0.0.1:")
        client = make_client(line.split()[-1])
        assert outcome_of(client, client.create_task("hello").task_id).text
        process.send_signal(number)
        assert process.wait(timeout=60) == 0


def test_a_killed_command_leaves_its_tasks_behind(tmp_path: Path) -> None:
    with command("--port", "0", "--think-seconds", "0", "--data", str(tmp_path)) as process:
        assert process.stdout is not None
        client = make_client(process.stdout.readline().split()[-1])
        task_id = client.create_task("hello").task_id
        outcome_of(client, task_id)
    with command("--port", "0", "--data", str(tmp_path)) as process:
        assert process.stdout is not None
        assert outcome_of(make_client(process.stdout.readline().split()[-1]), task_id).text


def test_a_port_in_use_ends_the_command_with_one_clear_line(start_simulator: StartSimulator) -> None:
    taken = start_simulator().url.rsplit(":", 1)[1]
    with command("--port", taken) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "cannot start" in told
    assert "Traceback" not in told


def test_the_command_says_clearly_what_stops_it(
    start_simulator: StartSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_simulator(data=tmp_path)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("in the way")
    for arguments, key, expected in (
        (("--port", "0", "--data", str(tmp_path)), KEY, "Another simulator"),
        (("--port", "0", "--data", str(in_the_way)), KEY, "cannot start"),
        (("--port", "99999"), KEY, "cannot start"),
        (("--port", "0"), "", "needs a key"),
        (("--port", "0", "--rate-limits", "-1"), KEY, "above 0"),
        (("--port", "0", "--think-seconds", "nan"), KEY, "between 0"),
    ):
        monkeypatch.setenv("MANUS_API_KEY", key)
        with pytest.raises(CommandError, match=expected):
            call_command("manus_simulator", *arguments)


def test_deleting_while_running_is_refused(start_simulator: StartSimulator) -> None:
    client = make_client(start_simulator(think_seconds=600).url)
    task_id = client.create_task("hello").task_id
    with pytest.raises(errors.InvalidRequest):
        client.delete_task(task_id)
    client.stop_task(task_id)
    assert client.delete_task(task_id).deleted
    with pytest.raises(errors.NotFound):
        client.task_detail(task_id)
