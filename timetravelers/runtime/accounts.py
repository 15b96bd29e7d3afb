"""The account under which PostgreSQL runs when we are root, and folders that account can reach.

PostgreSQL refuses to run as root. Root's servers therefore run under a system account of their own. Where
that account cannot pass (a checkout in /root, say), nobody's home is opened for it: the programs and the
cluster live under SHARED instead, and the data folder keeps a note of where.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from timetravelers.runtime.errors import StartError
from timetravelers.runtime.files import make_folder, write_private

ACCOUNT_NAME = "timetravelers"
SHARED = Path("/var/lib/timetravelers")
NOTE = "location"


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int


def server_account(cluster: Path) -> Account | None:
    """The account PostgreSQL must run as: an existing cluster's owner, or ours; None unless we are root."""
    if os.geteuid() != 0:
        return None
    if cluster.is_dir() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = _entry(ACCOUNT_NAME) or _created(ACCOUNT_NAME) or _entry("nobody")
    if entry is None:
        raise StartError("PostgreSQL cannot run as root and no other account exists; run as a normal user.")
    return Account(entry.pw_uid, entry.pw_gid)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _created(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, name], capture_output=True, check=False)  # noqa: S603 - fixed words
    return _entry(name)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account may pass all the way into the folder; asks the kernel, which knows every rule."""
    return _allowed(account, "-x", folder)


def can_read(account: Account, path: Path) -> bool:
    """Whether the account may read this file."""
    return _allowed(account, "-r", path)


def _allowed(account: Account, test: str, path: Path) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a path
            ["/usr/bin/env", "test", test, str(path)],
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            check=False,
            capture_output=True,
        )
    except PermissionError as problem:
        raise StartError("PostgreSQL cannot run as root, and this root may not switch accounts; run as a user.") from (
            problem
        )
    return done.returncode == 0


def shared_folder() -> Path:
    """The folder for what a closed checkout cannot hold: root's, passable. Raises OSError or StartError."""
    make_folder(SHARED, passable=True)
    if SHARED.is_symlink() or SHARED.stat().st_uid != os.geteuid():
        raise StartError(f"{SHARED} exists and belongs to somebody else; move it away or run as a normal user.")
    return SHARED


def reachable_home(home: Path, account: Account | None) -> Path:
    """The folder that holds the cluster: `home`, or the one its note names if the account cannot reach it.

    A new place is chosen once and noted in `home`. Raises OSError or StartError.
    """
    make_folder(home, passable=account is not None)
    noted = noted_home(home)
    if noted is not None:
        return make_folder(noted, passable=True)
    if account is None or can_enter(account, home):
        return home
    chosen = make_folder(shared_folder() / f"cluster-{secrets.token_hex(4)}", passable=True)
    write_private(home / NOTE, f"{chosen}\n")
    return chosen


def noted_home(home: Path) -> Path | None:
    """Where the note in this folder says that the cluster is; None without a note."""
    note = home / NOTE
    if not note.is_file():
        return None
    noted = Path(note.read_text(encoding="utf-8").strip())
    return noted if noted.parent == SHARED else None


def remove_home(home: Path) -> None:
    """Delete the folder and the one its note names; harmless if they are gone."""
    noted = noted_home(home)
    if noted is not None:
        shutil.rmtree(noted, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
