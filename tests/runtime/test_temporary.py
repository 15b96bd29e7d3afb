"""Engines for one run: `python -m timetravelers.runtime exec`, the pytest plugin, and who cleans up after whom."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.runtime.conftest import PROJECT, eventually

BARE = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
ASK = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).close(); print(os.environ['REDIS_URL'][:6])"


@pytest.fixture
def scratch(folder: Path) -> Mapping[str, str]:
    """A process environment without engines, whose temporary files are ours to look at."""
    return {**BARE, "TMPDIR": str(folder)}


def run_exec(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "timetravelers.runtime", "exec", "--", *command],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "engines" in path.name]


def test_a_command_finds_engines_and_its_exit_code_comes_back(scratch: Mapping[str, str], folder: Path) -> None:
    done = run_exec(scratch, sys.executable, "-c", f"{ASK}; raise SystemExit(7)")
    assert (done.returncode, done.stdout) == (7, "redis:\n"), done.stderr
    assert left_behind(folder) == []


def test_engines_that_are_given_are_used(folder: Path) -> None:
    given = {**BARE, "TMPDIR": str(folder), "DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c/0"}
    done = run_exec(given, sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])")
    assert done.stdout == "postgres://a/b\n"


def test_a_command_that_is_not_there_is_said(scratch: Mapping[str, str]) -> None:
    done = run_exec(scratch, "no-such-program")
    assert (done.returncode, done.stderr) == (127, "error: cannot run no-such-program: No such file or directory\n")


def test_no_command_is_a_usage_error(scratch: Mapping[str, str]) -> None:
    assert run_exec(scratch).returncode == 2


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_command_and_engines(
    scratch: Mapping[str, str], folder: Path, signum: signal.Signals, code: int
) -> None:
    process = _sleeping(scratch)
    process.send_signal(signum)
    assert process.wait(30) == code
    assert left_behind(folder) == []


def test_what_a_killed_predecessor_left_is_swept(scratch: Mapping[str, str], folder: Path) -> None:
    process = _sleeping(scratch)
    process.kill()
    process.wait()
    (old,) = left_behind(folder)
    alive = _sleeping(scratch)
    try:
        assert old not in left_behind(folder)
        assert run_exec(scratch, "true").returncode == 0
        assert len(left_behind(folder)) == 1  # the one that lives keeps its own
    finally:
        alive.terminate()
        alive.wait()


def _sleeping(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    ready = Path(tempfile.mkdtemp(dir=environment["TMPDIR"])) / "ready"
    process = subprocess.Popen(
        [sys.executable, "-m", "timetravelers.runtime", "exec", "--", "sh", "-c", f"touch {ready}; exec sleep 30"],
        env=environment,
        cwd=PROJECT,
    )
    eventually(ready.exists, "the command")
    return process


PASSING = """
import os, psycopg
def test_engine():
    psycopg.connect(os.environ["DATABASE_URL"]).close()
def test_other():
    assert os.environ["REDIS_URL"].startswith("redis://")
"""


def run_pytest(
    folder: Path, environment: Mapping[str, str], code: str, *options: str
) -> subprocess.CompletedProcess[str]:
    (folder / "suite").mkdir()
    (folder / "suite" / "test_it.py").write_text(code)
    (folder / "suite" / "pytest.ini").write_text("[pytest]\n")
    plugins = ["-p", "timetravelers.runtime.pytest_engines", "-p", "no:django", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options, str(folder / "suite")],
        env={**environment, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_plugin_gives_every_process_the_engines(scratch: Mapping[str, str], folder: Path) -> None:
    done = run_pytest(folder, scratch, PASSING, "-n", "2")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout.splitlines()[-1]  # the summary stays the last word
    assert done.stderr == ""
    assert left_behind(folder) == []


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("import nothing_like_this", 2), ("def test_it():\n    raise KeyboardInterrupt", 2)],
)
def test_the_plugin_cleans_up_however_the_run_ends(
    scratch: Mapping[str, str], folder: Path, code: str, exit_code: int
) -> None:
    assert run_pytest(folder, scratch, code).returncode == exit_code
    assert left_behind(folder) == []


def test_listing_tests_starts_nothing(scratch: Mapping[str, str], folder: Path) -> None:
    code = "import os\nassert 'DATABASE_URL' not in os.environ\ndef test_it(): pass"
    assert run_pytest(folder, scratch, code, "--collect-only").returncode == 0


def test_engines_that_cannot_start_are_one_line(scratch: Mapping[str, str], folder: Path) -> None:
    (folder / "suite").mkdir()
    broken = "import timetravelers.runtime.programs as p; p._wheel = lambda name: p.Path('/nowhere')"
    script = f"{broken}\nimport sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
    plugins = ["-p", "timetravelers.runtime.pytest_engines", "-p", "no:django", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-c", script, *plugins, str(folder / "suite")],
        env={**scratch, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    assert "no server for this machine" in done.stderr
    assert "Traceback" not in done.stderr
