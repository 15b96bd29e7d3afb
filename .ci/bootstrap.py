"""Makes `.venv` hold what a hashed lock names; standard library only, run by the machine's Python 3.11.

    python3.11 .ci/bootstrap.py requirements-dev.txt

Does nothing, and needs no network, when the lock has not changed since the last complete installation. An
installation that was cut short is begun again from nothing. Two of these at a time wait for each other.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
STAMP = VENV / "installed.json"
PYTHON = VENV / "bin" / "python"
RUN_LOCK, DEV_LOCK = "requirements.txt", "requirements-dev.txt"
PIP_OPTIONS = ("-qq", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes")


def main(lock: str) -> int:
    """Return 0 once the lock is installed, 1 with a line on standard error if it cannot be."""
    try:
        with _alone():
            if not _is_installed(lock):
                _install(lock)
    except (OSError, subprocess.SubprocessError) as problem:
        sys.stderr.write(f"error: cannot prepare {VENV}: {problem}\n")
        return 1
    except RefusedError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


class RefusedError(Exception):
    """The installation cannot be done; the message says why in one line."""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold a lock on the project's folder itself, which leaves no file behind."""
    descriptor = os.open(PROJECT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fingerprint(lock: str) -> str:
    digest = hashlib.sha256((PROJECT / lock).read_bytes())
    digest.update(f"{VENV} {sys.version_info[:2]}".encode())
    return digest.hexdigest()


def _stamps() -> dict[str, str]:
    try:
        stamps = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _is_installed(lock: str) -> bool:
    if not (PROJECT / lock).is_file():
        raise RefusedError(f"{PROJECT / lock} is missing; make lock writes it.")
    return PYTHON.exists() and _stamps().get(lock) == _fingerprint(lock)


def _install(lock: str) -> None:
    """Install the lock; the development lock holds the other one, so it counts for both."""
    held = {RUN_LOCK, DEV_LOCK} if lock == DEV_LOCK else {lock}
    _say(f"installing the packages of {lock} into .venv (once; takes up to a minute)")
    if not (PYTHON.exists() and _stamps()):
        _make_venv()
    STAMP.unlink(missing_ok=True)
    _pip_install(lock)
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps({name: _fingerprint(name) for name in sorted(held)}), encoding="utf-8")
    draft.replace(STAMP)


def _make_venv() -> None:
    if VENV.is_symlink():
        raise RefusedError(f"{VENV} is a symbolic link; remove it.")
    if VENV.exists():
        shutil.rmtree(VENV)
    venv.EnvBuilder(symlinks=True, with_pip=_has("ensurepip")).create(VENV)


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _pip_install(lock: str) -> None:
    """Some distributions take ensurepip out of their Python; pip itself can then stand in."""
    if (VENV / "bin" / "pip").exists():
        pip = [str(PYTHON), "-m", "pip"]
    elif _has("pip"):
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    else:
        raise RefusedError("this Python 3.11 has neither ensurepip nor pip; install them (Debian: python3.11-venv).")
    surroundings = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(  # noqa: S603 - pip, with our own words
        [*pip, "install", *PIP_OPTIONS, "-r", lock],
        cwd=PROJECT,
        env={**surroundings, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"},
        check=False,
    )
    if done.returncode != 0:
        raise RefusedError(f"pip could not install {lock}; its own lines above say why.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
