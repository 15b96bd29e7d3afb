"""What may go wrong while the house starts, as sentences for the person at the terminal."""

import errno
import os
from pathlib import Path

NO_SPACE = "No space left on device"


class StartError(Exception):
    """The house cannot start or go on. The message is one line and says what to do about it."""


def explain(problem: OSError, folder: Path) -> StartError:
    """Turn a failed system call on the data folder into one line for its owner."""
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StartError(f"No space is left on the disk that holds {folder}; free some, or name another with --data.")
    reason = os.strerror(problem.errno) if problem.errno else str(problem)
    where = problem.filename or folder
    return StartError(f"Cannot write to the data folder {folder} ({reason}: {where}); name another with --data.")


def last_complaint(text: str) -> str:
    """The last line of a server's log that names an error, without its time stamp; empty if there is none."""
    marks = ("PANIC:", "FATAL:", "error:", "ERROR:", "***", "Fatal", "Can't", "Failed")
    for line in reversed(text.splitlines()):
        for mark in marks:
            if mark in line:
                return line[line.index(mark) :].strip()
    return ""
