"""`up` from outside: started, hurt in every way we could think of, and stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.runtime.conftest import OWN_ENGINES, PROJECT, StartHouse, eventually, gone
from tests.runtime.house import BROKEN, DEAF, WEB
from timetravelers.runtime.state import read_state


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything_in_order(start_house: StartHouse, signum: signal.Signals) -> None:
    house = start_house()
    house.until_ready()
    family = house.family()
    assert len(family) == 2
    assert house.end(signum) == 0
    assert gone(family)
    assert house.lines[-3:] == ["web       | web leaves", "worker    | worker leaves", house.lines[-1]]
    assert house.lines[-1].startswith("Stopped.")
    assert not (house.data / "runtime.json").exists()


def test_addresses_are_announced_and_recorded(start_house: StartHouse) -> None:
    house = start_house()
    state = house.until_ready()
    assert f"admin     {state.web_url}/admin/" in house.output
    assert state.ready
    assert set(state.pids) == {"web", "worker"}
    assert state.environment["DATABASE_URL"] == os.environ["DATABASE_URL"]
    assert (house.data / "runtime.json").stat().st_mode & 0o777 == 0o600


def test_a_killed_child_comes_back(start_house: StartHouse) -> None:
    house = start_house()
    before = house.until_ready().pids
    os.kill(before["worker"], signal.SIGKILL)
    after = eventually(
        lambda: (pids := house.state().pids).get("worker", before["worker"]) != before["worker"] and pids
    )
    assert after
    assert after["web"] == before["web"]
    assert "worker ended (killed by SIGKILL); starting it again in 0.2 s" in house.lines


def test_a_child_that_keeps_failing_ends_it_all(start_house: StartHouse) -> None:
    house = start_house(children={"web": WEB, "worker": BROKEN})
    assert house.process.wait(60) == 1
    assert "worker    | the worker cannot find its tools" in house.lines
    assert house.lines[-1].startswith("error: worker keeps failing (exit 1, 6 times in a row)")
    assert "Traceback" not in house.output


def test_no_child_outlives_a_killed_supervisor(start_house: StartHouse) -> None:
    house = start_house(children={"web": WEB, "worker": DEAF}, configured=OWN_ENGINES)
    house.until_ready()
    family = house.family()
    assert {"postgres", "valkey-server"} <= {process.name() for process in family}
    house.end(signal.SIGKILL)
    eventually(lambda: gone(family), "the end of all children")
    assert read_state(house.data) is None


def test_a_second_start_after_a_kill_finds_the_data_again(start_house: StartHouse) -> None:
    first = start_house(configured=OWN_ENGINES)
    state = first.until_ready()
    with psycopg.connect(state.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")
    with redis.Redis.from_url(state.redis_url) as queue:
        queue.lpush("waiting", "message")
        time.sleep(1.2)  # the append-only file is flushed every second
    first.end(signal.SIGKILL)
    state = start_house(configured=OWN_ENGINES).until_ready()
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]
    with redis.Redis.from_url(state.redis_url) as queue:
        assert queue.lrange("waiting", 0, -1) == [b"message"]


def test_dead_engines_come_back_at_their_address(start_house: StartHouse) -> None:
    house = start_house(configured=OWN_ENGINES)
    state = house.until_ready()
    for process in house.family():
        if process.name() in {"postgres", "valkey-server"} and process.ppid() == house.process.pid:
            process.kill()
    eventually(lambda: house.output.count("had died; it runs again") == 2, "both engines")
    psycopg.connect(state.database_url).close()
    with redis.Redis.from_url(state.redis_url) as queue:
        assert queue.ping()
    assert house.end(signal.SIGINT) == 0


def test_a_second_one_on_the_same_folder_is_refused(start_house: StartHouse) -> None:
    first = start_house()
    state = first.until_ready()
    second = start_house()
    assert second.process.wait(60) == 1
    assert len(second.lines) == 1
    assert f"already runs on {first.data} (process {first.process.pid}, {state.web_url})" in second.output
    assert first.process.poll() is None


def test_a_taken_port_is_said(start_house: StartHouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        house = start_house(port=port)
        assert house.process.wait(60) == 1
    assert house.lines == [
        f"error: Another program already listens on 127.0.0.1:{port}; stop it, or choose another port with --port."
    ]


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_is_said(start_house: StartHouse, port: int) -> None:
    house = start_house(port=port)
    assert house.process.wait(60) == 1
    assert house.lines[-1].startswith(f"error: Cannot listen on 127.0.0.1:{port}")
    assert "Traceback" not in house.output


def test_a_folder_that_cannot_be_made_is_said(start_house: StartHouse, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    house = start_house(data=folder / "file" / "data")
    assert house.process.wait(60) == 1
    assert len(house.lines) == 1
    assert "Cannot write to the data folder" in house.output


@pytest.mark.parametrize(("options", "said"), [("size=16m", "No space is left"), ("ro", "Read-only file system")])
def test_a_full_and_a_read_only_disk_are_said(folder: Path, options: str, said: str) -> None:
    done = _on_a_disk_of_its_own(folder, options)
    assert done.returncode == 1, done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in done.stdout


def _on_a_disk_of_its_own(folder: Path, options: str) -> subprocess.CompletedProcess[str]:
    """Run a house on a small or read-only file system that only its own mount namespace sees."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    disk = folder / "disk"
    disk.mkdir()
    scenario = {"data": str(disk / "data"), "port": 0, "project": "/", "configured": OWN_ENGINES}
    (folder / "scenario.json").write_text(json.dumps({**scenario, "children": {}, "steps": {}}))
    script = 'mount -t tmpfs -o "$1" none "$2" && exec "$3" -m tests.runtime.house "$4"'
    arguments = [options, str(disk), sys.executable, str(folder / "scenario.json")]
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_deaf_child_is_killed_when_somebody_is_impatient(start_house: StartHouse) -> None:
    house = start_house(children={"web": WEB, "worker": DEAF})
    house.until_ready()
    family = house.family()
    begun = time.monotonic()
    assert house.end(signal.SIGINT, signal.SIGINT) == 0
    assert time.monotonic() - begun < 25  # its grace is 30
    assert "worker does not stop; killing it" in house.lines
    assert gone(family)


def test_steps_run_first_and_what_the_last_one_says_is_shown(start_house: StartHouse) -> None:
    login = "print('login: first@example.org')"
    house = start_house(steps={"migrate": "import sys; print('old', file=sys.stderr)", "admin": login})
    house.until_ready()
    assert house.lines[1:4] == ["running migrate", "migrate   | old", "running admin"]
    assert "            login: first@example.org" in house.lines


def test_a_failing_step_ends_it_with_its_last_line(start_house: StartHouse) -> None:
    house = start_house(steps={"migrate": "raise SystemExit('tables are locked')"})
    assert house.process.wait(60) == 1
    assert house.lines[-1] == "error: migrate failed (exit 1): tables are locked"


def test_a_signal_during_a_step_stops_it(start_house: StartHouse) -> None:
    house = start_house(configured=OWN_ENGINES, steps={"migrate": "import time; time.sleep(600)"})
    eventually(lambda: "running migrate" in house.output)
    family = eventually(house.family)
    assert house.end(signal.SIGINT) == 0
    assert gone(family)


@pytest.mark.parametrize(
    ("name", "address"),
    [("DATABASE_URL", "postgres://me:secret@127.0.0.1:1/none"), ("REDIS_URL", "redis://127.0.0.1:1/0")],
)
def test_a_silent_server_of_yours_is_said(start_house: StartHouse, name: str, address: str) -> None:
    house = start_house(configured={**os.environ, name: address})
    assert house.process.wait(60) == 1
    assert f"of {name} does not answer" in house.lines[-1]
    assert "secret" not in house.output


def test_a_stale_record_kills_nobody_else(start_house: StartHouse) -> None:
    """The ids in it may have been given to other people's processes since."""
    first = start_house()
    first.until_ready()
    record = json.loads((first.data / "runtime.json").read_text())
    first.end(signal.SIGKILL)
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        record["processes"] = {"worker": {"pid": stranger.pid, "started": time.time() - 60}}
        (first.data / "runtime.json").write_text(json.dumps(record))
        start_house().until_ready()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_stale_record_ends_what_it_names(start_house: StartHouse) -> None:
    """Where the kernel does not end the children with their parent, the next start does."""
    first = start_house()
    first.until_ready()
    record = json.loads((first.data / "runtime.json").read_text())
    first.end(signal.SIGKILL)
    survivor = subprocess.Popen(["sleep", "600"], start_new_session=True)
    record["processes"] = {"worker": {"pid": survivor.pid, "started": psutil.Process(survivor.pid).create_time()}}
    (first.data / "runtime.json").write_text(json.dumps(record))
    start_house().until_ready()
    assert survivor.wait(20) == -signal.SIGTERM
