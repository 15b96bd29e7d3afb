"""A short storm in every run of the suite; the long one is `make chaos`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HURTS = ("doors killed", "worker killed", "Valkey restarts", "webhook faults", "drops", "copies", "reconnects")


def chaos(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chaos", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=560,
        env={"PATH": os.environ["PATH"], **environment},
    )


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    done = chaos(
        "--runs", "30", "--at-once", "30", "--seed", "1", "--calm", "0.15", DATABASE_URL=os.environ["DATABASE_URL"]
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    figures = {name: int(number) for name, number in re.findall(r"^  (.+?) +(\d+)$", done.stdout, re.MULTILINE)}
    assert (figures["runs"], figures["losses"]) == (30, 0)
    assert all(figures[hurt] for hurt in HURTS), figures


def test_without_engines_it_says_so() -> None:
    done = chaos("--runs", "1")
    assert done.returncode == 2
    assert "DATABASE_URL is not set; `make chaos`" in done.stderr
