"""Private files and folders of the data folder: who may read them, and how they are replaced."""

import contextlib
import os
import secrets
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
# Root's servers run under another account, which must be able to pass through, not to look around.
PASSABLE_FOLDER = 0o711


def make_folder(folder: Path, *, passable: bool = False) -> Path:
    """Create the folder and its parents; the folder itself is closed to others. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    mode = PASSABLE_FOLDER if passable else PRIVATE_FOLDER
    if folder.stat().st_mode & 0o777 != mode:
        folder.chmod(mode)
    return folder


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner only. Raises OSError; the old one stays then."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def kept_secret(path: Path) -> str:
    """The secret in this file, made on first use. Only characters that need no quoting in a URL."""
    if path.is_file() and (kept := path.read_text(encoding="utf-8").strip()):
        return kept
    made = secrets.token_urlsafe(48)
    write_private(path, made)
    return made


def open_log(path: Path, *, limit: int = 10_000_000) -> int:
    """A descriptor that appends to the log file, private, started afresh past `limit` bytes."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    if path.exists() and path.stat().st_size > limit:
        flags |= os.O_TRUNC
    return os.open(path, flags, PRIVATE_FILE)
