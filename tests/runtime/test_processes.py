"""A supervised child seen from inside: its output line by line, its delays, its names for ends."""

import os
import signal
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.conftest import eventually
from timetravelers.runtime.errors import StartError
from timetravelers.runtime.processes import Backoff, Child, Command, describe

Lines = list[tuple[str, str]]


@pytest.fixture
def lines() -> Lines:
    return []


@pytest.fixture
def children() -> Iterator[list[Child]]:
    made: list[Child] = []
    yield made
    for child in made:
        child.kill()


def ended(code: str, lines: Lines, backoff: Backoff | None = None) -> tuple[Child, int]:
    command = Command("child", (sys.executable, "-c", code), dict(os.environ))
    child = Child(command, backoff or Backoff(), lambda name, line: lines.append((name, line)))
    assert child.start_if_due()
    while child.relay_output():
        pass
    return child, child.reap()


def test_output_comes_line_by_line_and_the_last_words_too(lines: Lines) -> None:
    _, code = ended("import sys; print('one'); sys.stderr.write('two\\r\\nthree')", lines)
    assert code == 0
    assert sorted(lines) == [("child", "one"), ("child", "three"), ("child", "two")]


def test_bytes_that_are_no_text_do_no_harm(lines: Lines) -> None:
    ended(r"import os; os.write(1, b'\xff\xfe\x00 here\n')", lines)
    assert lines == [("child", "\ufffd\ufffd\x00 here")]


def test_an_endless_line_does_not_fill_the_memory(lines: Lines) -> None:
    ended("print('x' * 300_000)", lines)
    assert sum(len(line) for _, line in lines) == 300_000
    assert max(len(line) for _, line in lines) <= 2 * 65_536


def test_a_living_child_is_not_started_twice(lines: Lines, children: list[Child]) -> None:
    command = Command("child", (sys.executable, "-c", "import time; time.sleep(60)"), dict(os.environ))
    child = Child(command, Backoff(), lambda *line: lines.append(line))
    children.append(child)
    assert child.start_if_due()
    pid = child.pid
    assert not child.start_if_due()
    assert child.pid == pid


def test_a_child_leads_a_session_of_its_own(lines: Lines) -> None:
    """Or a terminal's Ctrl-C would reach it before its turn."""
    ended("import os; print(os.getsid(0) == os.getpid())", lines)
    assert lines == [("child", "True")]


def test_killing_takes_grandchildren_along(lines: Lines) -> None:
    code = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
    child = Child(
        Command("child", (sys.executable, "-c", code), dict(os.environ)), Backoff(), lambda *w: lines.append(w)
    )
    child.start_if_due()
    eventually(lambda: child.relay_output() and lines)
    grandchild = int(lines[0][1])
    child.kill()
    eventually(lambda: not _lives(grandchild), "the end of the grandchild")


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123 - a zombie counts as gone
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_that_is_not_there_is_said(lines: Lines) -> None:
    child = Child(Command("web", ("/no/such/program",), {}), Backoff(), lambda *line: lines.append(line))
    with pytest.raises(StartError, match="web cannot be started"):
        child.start_if_due()
    assert child.pid is None


def test_it_waits_before_it_starts_again(lines: Lines) -> None:
    child, code = ended("raise SystemExit(3)", lines, Backoff(first_delay=60.0, longest_delay=60.0))
    assert child.plan_restart(code) == 60.0
    assert not child.start_if_due()


def test_early_deaths_in_a_row_are_hopeless(lines: Lines) -> None:
    child, code = ended("raise SystemExit(3)", lines, Backoff(tries=2))
    child.plan_restart(code)
    child.plan_restart(code)
    with pytest.raises(StartError, match=r"child keeps failing \(exit 3, 3 times in a row\)"):
        child.plan_restart(code)


def test_a_long_life_is_forgiven(lines: Lines) -> None:
    child, code = ended("raise SystemExit(3)", lines, Backoff(tries=1, healthy_after=0.0))
    for _ in range(10):
        assert child.plan_restart(code) == 0.2


@given(st.floats(0.01, 10), st.floats(0.01, 100), st.lists(st.integers(0, 10_000), min_size=2))
def test_delays_grow_and_stay_bounded(first: float, longest: float, failures: list[int]) -> None:
    backoff = Backoff(first_delay=first, longest_delay=longest)
    delays = [backoff.delay(count) for count in sorted(failures)]
    assert all(0 < delay <= longest for delay in delays)
    assert all(earlier <= later for earlier, later in pairwise(delays))


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "exit 0"), (3, "exit 3"), (-signal.SIGKILL, "killed by SIGKILL"), (-250, "killed by signal 250")],
)
def test_ends_have_names(code: int, words: str) -> None:
    assert describe(code) == words
