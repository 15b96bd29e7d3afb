"""Files: the record first, then the bytes to an address that lives three minutes, then two days of keeping."""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Account, FileRecord, Json
from mentors.manus.simulator.refusals import Refusal

BUCKET = "/_bucket/"
UPLOAD_SECONDS = 180
KEPT_SECONDS = 48 * 3600
LARGEST_FILE = 512 * 1024 * 1024
LARGEST_ACCOUNT = 10 * 1024**3
LONGEST_FILENAME = 255
EXECUTABLE = frozenset(
    {".exe", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".com", ".msi", ".dmg", ".app", ".pkg", ".deb", ".rpm", ".apk",
     ".jar", ".ps1", ".vbs", ".scr", ".run", ".bin"}
)  # fmt: skip


class Files:
    """The files of all accounts; the bytes are on disk, in `folder` or in a place that goes with the process."""

    def __init__(self, memory: Memory, ids: IdSource, clock: Clock, folder: Path | None) -> None:
        self._memory = memory
        self._ids = ids
        self._clock = clock
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="manus-simulator-")
        self.folder = folder / "files" if folder else Path(self._temporary.name if self._temporary else "")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.base_url: Callable[[], str] = lambda: ""

    def close(self) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()

    def announce(self, account: Account, filename: str, *, lives: int = UPLOAD_SECONDS) -> FileRecord:
        """Make a record for an upload; raises Refusal for a name that may not be, and for a full account."""
        _check_name(filename)
        with self._memory.lock:
            self._forget_expired(account)
            if account.stored_bytes >= LARGEST_ACCOUNT:
                raise Refusal("quota_exceeded", "the account's 10 GB are full")
            now = int(self._clock.now())
            file = FileRecord(
                id=self._ids.fresh(account.files),
                filename=filename,
                token=self._ids.fresh(),
                created_at=now,
                upload_expires_at=now + lives,
                content_type=mimetypes.guess_type(filename)[0] or "application/octet-stream",
            )
            self._keep(account, file)
            return file

    def find(self, account: Account, file_id: str) -> FileRecord:
        """The record as it stands now; raises Refusal not_found. The caller holds the lock."""
        self._forget_expired(account)
        if file_id not in account.files:
            raise Refusal("not_found", "no such file")
        return account.files[file_id]

    def delete(self, account: Account, file_id: str) -> None:
        with self._memory.lock:
            file = self.find(account, file_id)
            if file.status == "deleted":
                raise Refusal("not_found", "the file has been deleted")
            self._drop(account, file)

    def require_usable(self, account: Account, file_id: str) -> FileRecord:
        """A file that a message may hold; raises Refusal. The caller holds the lock."""
        file = self.find(account, file_id)
        if file.status == "deleted":
            raise Refusal("not_found", "the file is gone")
        if file.status != "uploaded":
            raise Refusal("failed_precondition", "the file has not been uploaded")
        return file

    def put_by_mentor(self, account: Account, filename: str, body: bytes, content_type: str) -> FileRecord:
        """Keep a file that comes with a reply. The caller holds the lock."""
        file = self.announce(account, filename)
        self.path_of(file).write_bytes(body)
        self.arrived(account, file, len(body), content_type)
        return file

    def at(self, path: str, token: str) -> tuple[Account, FileRecord] | None:
        """Whose and which file an address of the bucket means; None when the address is not ours."""
        file_id = path.removeprefix(BUCKET).partition("/")[0]
        with self._memory.lock:
            for account in self._memory.accounts.values():
                file = account.files.get(file_id)
                if file is not None and file.token == token:
                    self._forget_expired(account)
                    return account, file
        return None

    def upload_is_open(self, file: FileRecord) -> bool:
        return file.status in ("pending", "uploaded") and not self._clock.reached(file.upload_expires_at)

    def arrived(self, account: Account, file: FileRecord, size: int, content_type: str) -> None:
        """The bytes are in `path_of(file)`."""
        with self._memory.lock:
            file.bytes = size
            file.content_type = content_type or file.content_type
            file.expires_at = int(self._clock.now()) + KEPT_SECONDS
            file.status = "uploaded"
            self._keep(account, file)

    def spoil(self, account: Account, file: FileRecord) -> None:
        """The bytes came, but Manus could make nothing of them."""
        with self._memory.lock:
            file.status, file.error_message = "error", "The file could not be processed."
            self._keep(account, file)

    def path_of(self, file: FileRecord) -> Path:
        return self.folder / file.id

    def address_of(self, file: FileRecord) -> str:
        """Where the bytes go, and where they can be fetched: whoever has it needs no key."""
        return f"{self.base_url()}{BUCKET}{file.id}/{quote(file.filename)}?X-Signature={file.token}"

    def described(self, file: FileRecord) -> Json:
        """The file as file.detail shows it."""
        shown: Json = {
            "id": file.id,
            "filename": file.filename,
            "status": file.status,
            "created_at": file.created_at,
            "bytes": file.bytes,
            "content_type": file.content_type,
            "error_message": file.error_message,
        }
        return shown if file.expires_at is None else {**shown, "expires_at": file.expires_at}

    def _forget_expired(self, account: Account) -> None:
        for file in account.files.values():
            if file.status == "pending" and self._clock.reached(file.upload_expires_at):
                file.status, file.error_message = "error", "Nothing was uploaded in time."
                self._keep(account, file)
            elif file.expires_at is not None and file.status != "deleted" and self._clock.reached(file.expires_at):
                self._drop(account, file)

    def _drop(self, account: Account, file: FileRecord) -> None:
        self.path_of(file).unlink(missing_ok=True)
        file.status = "deleted"
        self._keep(account, file)

    def _keep(self, account: Account, file: FileRecord) -> None:
        account.files[file.id] = file
        self._memory.note_file(account, file)


def _check_name(filename: str) -> None:
    suffix = Path(filename).suffix.lower()
    if not filename.strip() or len(filename) > LONGEST_FILENAME or "/" in filename or "\\" in filename:
        raise Refusal("invalid_argument", "a plain file name is needed")
    if not filename.isprintable() or not suffix:
        raise Refusal("invalid_argument", "a file name with an extension is needed")
    if suffix in EXECUTABLE:
        raise Refusal("invalid_argument", "programs and scripts are not taken")
