"""`make demo` against the running house, and what it says when something is wrong."""

import subprocess
import sys

from demo.house import PROJECT
from tests.live.stack import Stack


def run_demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "demo", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_journey(stack: Stack) -> None:
    done = run_demo("--url", stack.base_url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].startswith("All 14 steps passed in ")
    told = ("403 consent_required", "learning_style", "simulated: true", "resumed after", "points;", "would be told")
    for words in told:
        assert words in done.stdout


def test_it_finds_the_running_house(stack: Stack) -> None:
    done = run_demo("--data", str(stack.house.data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{stack.base_url}, running on" in done.stdout


def test_a_step_that_fails_is_named_and_the_exit_code_says_so(stack: Stack) -> None:
    stack.arm("task.create", "400")  # words that Manus will not take are handed to nobody else
    done = run_demo("--url", stack.base_url)
    assert done.returncode == 1
    assert "FAILED at “Connect the websocket with a ticket, and say something”" in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stdout + done.stderr


def test_nobody_there() -> None:
    done = run_demo("--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "the server does not answer" in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stdout + done.stderr
