"""What a process that looks into a stranger's file takes from itself, before it opens it."""

import ctypes
import os
import resource
import sys
import sysconfig
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from consciousness.vetting.landlock import fence

CPU_SECONDS = 20
MEMORY_BYTES = 1_200_000_000
LARGEST_WRITTEN = 120_000_000
MOST_OPEN_FILES = 64
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.kill", "ctypes.", "shutil.",
    "os.link", "os.symlink", "os.chmod", "os.chown", "os.setxattr", "os.utime", "os.mkdir", "os.rmdir",
)  # fmt: skip
CHANGES = frozenset({"os.remove", "os.rename", "os.truncate"})
_PACKAGES = [sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
# Where the code of Python, of packages and of this house lies, and what it is linked with.
CODE = tuple(Path(place).resolve() for place in (*_PACKAGES, *_LIBRARIES, str(Path(__file__).parents[1])))


class Confined(BaseException):
    """The code that reads the file tried to do something else; no parser swallows this."""


def confine(folder: Path, *files: Path) -> None:
    """Limit time, memory and files, cut the network as far as the kernel lets us, and stay with these files.

    From then on code and `files` can be read, and `folder` can be written. The kernel sees to that where it can, and
    Python in any case.
    """
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, LARGEST_WRITTEN),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    _leave_network()
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    reading = [*CODE, *(file.resolve() for file in files)]
    fence(reading=reading, writing=folder)
    sys.addaudithook(_guard(folder.resolve(), reading))


def _leave_network() -> None:
    """Into a network namespace that has none. Where the kernel forbids it, what is below has to do."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(CLONE_NEWUSER | CLONE_NEWNET):
        unshare(CLONE_NEWNET)


def _guard(folder: Path, reading: Collection[Path]) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, facts: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise Confined(event)
        if event in CHANGES and not all(_is_in(place, [folder]) for place in facts if isinstance(place, str | bytes)):
            raise Confined(event)
        if event == "open" and not _is_in(facts[0], [folder] if _writes(facts[2]) else [folder, *reading]):
            raise Confined(event)

    return hook


def _is_in(place: Any, folders: Collection[Path]) -> bool:
    """Whether a path leads there in the end; what is open already may be used."""
    if not isinstance(place, str | bytes | os.PathLike):
        return True
    found = Path(os.path.realpath(os.fsdecode(place)))
    return any(found.is_relative_to(folder) for folder in folders)


def _writes(flags: Any) -> bool:
    return isinstance(flags, int) and bool(flags & WRITES)
