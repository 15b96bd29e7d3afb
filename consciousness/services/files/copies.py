"""Files on their way to the provider: each taken once by an account, before the call that speaks of it."""

import time
from collections.abc import Sequence
from datetime import timedelta
from io import RawIOBase
from typing import IO, BinaryIO, cast

import structlog
from django.conf import settings
from django.db.models import Q

from accounts.models import Consent
from consciousness.disclosure import FILE_NAMES, telling_about
from consciousness.file_store import clean_name, file_storage
from consciousness.models import ContextMark, File, FileCopy, Message, Remnant, Turn
from consciousness.services.files.remnants import note_remnants
from consciousness.services.leases import Lease
from mentors.engines import Attached, Engine, EngineError, Trouble
from mentors.services.egress import record_egress
from timetravelers.kit.clock import now
from timetravelers.kit.disclosure import Withheld
from timetravelers.kit.tags import Category

log = structlog.get_logger(__name__)

ENDPOINT = "file.upload"
# A copy that goes sooner might be gone before it is read.
GOOD_FOR = timedelta(hours=1)
RENEW_SECONDS = 1.0


def attach_files(lease: Lease, engine: Engine, consent: Consent, account: int) -> None:
    """Have the account take the files that were said into a turn and that it does not have.

    Call it outside of transactions; it renews the lease while bytes go out, and looks whether they still may. A file
    that the provider does not want is left out for good: what can be read in it is told anyway. Raises EngineError,
    LeaseLost, and Withheld without a live consent: before anything was sent, or in the middle of it.
    """
    if not engine.takes_files:
        return
    for file in _missing(lease.turn, account):
        _attach(lease, engine, consent, account, file)


def _require_consent(file: File) -> None:
    if not FILE_NAMES.may_leave("name", telling_about(file.user_id).consents):
        raise Withheld


def references_of_files(turn: Turn, account: int) -> list[str]:
    """What the account calls the files of a turn, in order; those that were deleted meanwhile are not among them."""
    copies = FileCopy.objects.filter(_good(), file__in=_files_of(turn), account_id=account)
    return list(copies.order_by("file_id").values_list("reference", flat=True))


def _missing(turn: Turn, account: int) -> Sequence[File]:
    there = FileCopy.objects.filter(_good() | Q(is_refused=True), account_id=account)
    return list(File.objects.filter(pk__in=_files_of(turn)).exclude(copies__in=there).order_by("pk"))


def _files_of(turn: Turn) -> Sequence[int]:
    """What was sent along in it, but what is excluded from calls."""
    said = File.objects.filter(message__turn=turn, message__author=Message.Author.USER, state=File.State.READY)
    marks = ContextMark.objects.filter(session=turn.session_id, mark=ContextMark.Mark.EXCLUDED, file__isnull=False)
    return list(said.exclude(pk__in=marks.values("file")).values_list("pk", flat=True))


def _good() -> Q:
    return ~Q(reference="") & Q(expires_at__gt=now() + GOOD_FOR)


def _attach(lease: Lease, engine: Engine, consent: Consent, account: int, file: File) -> None:
    _store_intent(lease, engine, consent, account, file)
    try:
        with file_storage().open(clean_name(file.key)) as body:
            taken = engine.attach(account, file.name, cast("BinaryIO", _Watched(body, lease, file)), file.size)
    except FileNotFoundError:
        return  # deleted meanwhile
    except EngineError as problem:
        if problem.trouble is not Trouble.BAD_WORDS:
            raise
        log.info("file_not_wanted", file=str(file.uid))
        FileCopy.objects.filter(file=file, account_id=account).update(is_refused=True)
        return
    _store_copy(file, account, taken)


def _store_intent(lease: Lease, engine: Engine, consent: Consent, account: int, file: File) -> None:
    """The receipt, and the row that the copy will be known by, together; raises Withheld."""
    with lease.locked() as (session, _turn):
        _require_consent(file)
        FileCopy.objects.update_or_create(
            file_id=file.pk, account_id=account, defaults={"reference": "", "expires_at": None}
        )
        record_egress(
            consent=consent,
            session=session.uid,
            engine=engine.name,
            recipient=engine.recipient or "",
            account=account,
            endpoint=ENDPOINT,
            categories={Category.CONVERSATION},
            size=file.size,
        )


def _store_copy(file: File, account: int, taken: Attached) -> None:
    copy = FileCopy.objects.filter(file_id=file.pk, account_id=account)
    if not copy.update(reference=taken.reference, expires_at=taken.expires_at):
        # The file was deleted while it was on its way.
        note_remnants([(Remnant.Kind.PROVIDER, f"{account}/{taken.reference}")])


class _Watched(RawIOBase):
    """The bytes of a file on their way out, as long as they may leave and nobody else has the turn.

    Both are looked at before the first of them and every RENEW_SECONDS; the lease is renewed then.
    """

    def __init__(self, body: IO[bytes], lease: Lease, file: File) -> None:
        super().__init__()
        self._body = body
        self._lease = lease
        self._file = file
        self._looked: float | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._body.seek(offset, whence)

    def tell(self) -> int:
        return self._body.tell()

    def read(self, size: int = -1, /) -> bytes:
        moment = time.monotonic()
        if self._looked is None or moment - self._looked >= RENEW_SECONDS:
            self._lease.renew(settings.TURN_LEASE_SECONDS)
            _require_consent(self._file)
            self._looked = moment
        return self._body.read(size)
