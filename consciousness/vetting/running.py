"""Starting the process that looks into a file, and believing no more of its answer than is plausible."""

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from consciousness.vetting.kinds import media_type_of
from consciousness.vetting.layout import ANSWER, CLEAN, THUMBNAIL
from consciousness.vetting.texts import MOST_CHARACTERS
from consciousness.vetting.verdicts import BY_CODE, Found, Reason, Unacceptable

ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 40.0
# A character of JSON takes twelve bytes at most.
LARGEST_ANSWER = 12 * MOST_CHARACTERS + 10_000
# A picture that is made anew may be larger than it came: so much, and no more.
LARGEST_MADE = 100_000_000


def look_into(path: Path, name: str, folder: Path) -> Found:
    """What is in the file at `path`, called `name`, looked at by a confined process that may write into `folder`.

    Takes at most WALL_SECONDS. What it says is in the folder is there, and is a plain file of its own. Raises
    Unacceptable; a process that died, or did not end, tells that the file is too much.
    """
    command = [sys.executable, "-B", "-m", "consciousness.vetting", str(path), name, str(folder)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and no shell
            command,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unacceptable(Reason.TOO_COMPLEX) from None
    if ended.returncode:
        raise Unacceptable(Reason.TOO_COMPLEX)
    return _answer(folder, media_type_of(name))


def _answer(folder: Path, promised: str) -> Found:
    place = folder / ANSWER
    if not _is_plain(place, LARGEST_ANSWER):
        raise Unacceptable(Reason.TOO_COMPLEX)
    try:
        found = _believed(json.loads(place.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unacceptable(Reason.UNCHECKED) from None
    made = ((found.is_remade, CLEAN), (found.has_thumbnail, THUMBNAIL))
    if found.media_type != promised or not all(_is_plain(folder / what, LARGEST_MADE) for is_it, what in made if is_it):
        raise Unacceptable(Reason.UNCHECKED)
    return found


def _believed(told: Any) -> Found:
    if "refused" in told:
        raise Unacceptable(BY_CODE[told["refused"]])
    return msgspec.convert(told["found"], Found)


def _is_plain(place: Path, most: int) -> bool:
    """Whether it is a file of its own: through a link, the house would hand out what lies elsewhere."""
    try:
        told = place.lstat()
    except OSError:
        return False
    return stat.S_ISREG(told.st_mode) and told.st_nlink == 1 and 0 < told.st_size <= most
