"""The kernel's own fence (Landlock): what a process may read and write from now on, whatever code it comes to run."""

import ctypes
import os
from collections.abc import Collection
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
SET_NO_NEW_PRIVS = 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_REG, TRUNCATE = (1 << bit for bit in (0, 1, 2, 3, 5, 8, 14))
READING = EXECUTE | READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
# From these versions on the kernel knows so many rights to files, and to bind and connect, and to signal outside.
RIGHTS_SINCE = ((5, 16), (3, 15), (2, 14), (1, 13))
NETWORK_SINCE, SCOPES_SINCE = 4, 6
NETWORK, SCOPES = 0b11, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("place", ctypes.c_int32))


def version() -> int:
    """What the kernel knows of it; 0 where it knows nothing."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)))


def fence(*, reading: Collection[Path], writing: Path) -> bool:
    """Read only in these places, write only in that one, no link anywhere, and reach nobody; False if it is not there.

    For good, and for whatever this process starts. Raises OSError if the kernel has a fence and does not put it up.
    """
    known = version()
    if not known:
        return False
    handled = next((1 << rights) - 1 for since, rights in RIGHTS_SINCE if known >= since)
    rules = _Ruleset(handled, NETWORK if known >= NETWORK_SINCE else 0, SCOPES if known >= SCOPES_SINCE else 0)
    size = 24 if known >= SCOPES_SINCE else 16 if known >= NETWORK_SINCE else 8
    ruleset = _called(CREATE_RULESET, ctypes.byref(rules), size, 0)
    for place in reading:
        _allow(ruleset, place, READING & handled)
    _allow(ruleset, writing, WRITING & handled)
    if _libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    _called(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return True


def _allow(ruleset: int, place: Path, rights: int) -> None:
    """Below a folder, or of a file; a place that is not there needs no rule."""
    try:
        there = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    beneath = _Beneath(rights if place.is_dir() else rights & OF_FILES, there)
    _called(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(beneath), 0)
    os.close(there)


def _called(*call: object) -> int:
    answer = int(_libc.syscall(*call))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return answer
