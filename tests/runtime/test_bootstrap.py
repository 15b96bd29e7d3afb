"""The set-up behind `make`: from nothing, from half, from before, and from a machine that lacks something."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.runtime.conftest import PROJECT

WHEEL = "tinypackage-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: tinypackage\nVersion: 1.0\n"
TAGS = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def lock_line(folder: Path, digest: str = "") -> str:
    """A requirement that needs no network: a wheel of our own, with its hash."""
    wheel = folder / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tinypackage.py", "WORD = 'installed'\n")
        archive.writestr("tinypackage-1.0.dist-info/METADATA", METADATA)
        archive.writestr("tinypackage-1.0.dist-info/WHEEL", TAGS)
        archive.writestr("tinypackage-1.0.dist-info/RECORD", "")
    digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"tinypackage @ {wheel.as_uri()} --hash=sha256:{digest}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci" / "bootstrap.py", tmp_path / ".ci")
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(lock_line(tmp_path))
    return tmp_path


# As on a Debian without python3.11-venv; pip of the outer Python stands in, which is quicker, too.
WITHOUT_ENSUREPIP = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "ensurepip" else find(name, *rest)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def command(project: Path, lock: str, *, ensurepip: bool) -> list[str]:
    script = [str(project / ".ci" / "bootstrap.py"), lock]
    return [sys.executable, *script] if ensurepip else [sys.executable, "-c", WITHOUT_ENSUREPIP, *script]


def bootstrap(
    project: Path, lock: str = "requirements.txt", *, ensurepip: bool = False
) -> subprocess.CompletedProcess[str]:
    words = command(project, lock, ensurepip=ensurepip)
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def word(project: Path) -> str:
    ask = [str(project / ".venv" / "bin" / "python"), "-c", "import tinypackage; print(tinypackage.WORD)"]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()


def test_it_installs_once_and_then_does_nothing(project: Path) -> None:
    first = bootstrap(project, "requirements-dev.txt", ensurepip=True)
    assert (first.returncode, word(project)) == (0, "installed"), first.stderr
    assert len(first.stdout.splitlines()) == 1
    for lock in ("requirements-dev.txt", "requirements.txt"):  # the larger lock counts for both
        again = bootstrap(project, lock)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_changed_lock_is_installed(project: Path) -> None:
    (project / "requirements.txt").write_text("# nothing yet\n")
    assert bootstrap(project).returncode == 0
    assert word(project) == ""
    (project / "requirements.txt").write_text(lock_line(project))
    assert bootstrap(project).returncode == 0
    assert word(project) == "installed"


@pytest.mark.parametrize("state", ["empty folder", "no python", "cut short"])
def test_a_half_made_environment_is_made_anew(project: Path, state: str) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "rubbish").touch()
    if state == "no python":
        (project / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    if state == "cut short":
        (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done = bootstrap(project)
    assert (done.returncode, word(project)) == (0, "installed"), done.stderr
    assert not (project / ".venv" / "rubbish").exists()


def test_a_wrong_hash_is_refused_and_leaves_no_stamp(project: Path) -> None:
    (project / "requirements.txt").write_text(lock_line(project, "0" * 64))
    done = bootstrap(project)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: pip could not install requirements.txt")
    assert "Traceback" not in done.stderr
    (project / "requirements.txt").write_text(lock_line(project))
    assert bootstrap(project).returncode == 0


def test_two_at_a_time_wait_for_each_other(project: Path) -> None:
    words = command(project, "requirements.txt", ensurepip=False)
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(len(text.splitlines()) for text in said) == [0, 1]


def test_a_missing_lock_is_said(project: Path) -> None:
    (project / "requirements.txt").unlink()
    done = bootstrap(project)
    assert done.returncode == 1
    assert re.fullmatch(r"error: .*requirements\.txt is missing; .*\n", done.stderr)


def make(project: Path, *words: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words], cwd=project, env={"PATH": path, "HOME": "/"}, capture_output=True, text=True, check=False
    )


def test_help_lists_every_target_with_words_of_its_own(project: Path) -> None:
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", make(project).stdout, re.MULTILINE))
    checks, pages = {"test", "check", "lint", "types"}, {"openapi", "asyncapi", "catalogue", "data-model", "plans"}
    assert set(listed) == {"help", "run", "lock", "bench", "demo", "chaos", *checks, *pages}


def test_without_python_there_is_a_clear_line(project: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("make", "sh"):
        (tools / name).symlink_to(shutil.which(name) or "")
    done = make(project, "run-venv", path=str(tools))
    assert done.returncode == 2
    assert done.stderr.startswith("error: Python 3.11 was not found; install it")
