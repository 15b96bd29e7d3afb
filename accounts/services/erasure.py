"""Leaving: an account is shut at once, its rows are erased by a worker, and a receipt tells what was done.

    requested  --rows deleted or anonymised-->  erased  --files gone, every duty settled-->  completed

Each step is one transaction that is safe to try again; a sweep finds deletions whose worker died.
"""

import secrets
from dataclasses import asdict, dataclass
from uuid import UUID

import structlog
from django.core.files.storage import storages
from django.db import transaction

from accounts.events import AccountDeletionRequested, AccountErased, AccountErasing
from accounts.models import Deletion, ErasureDuty, User
from accounts.selectors.leaving import digest_of
from accounts.services.apple_duties import queue_apple_duties
from accounts.services.locking import lock_person
from accounts.services.revocation import revoke_tokens
from timetravelers.kit import personal
from timetravelers.kit.clock import now
from timetravelers.kit.errors import NotFound
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A deletion, and the secret by which the person may look at it later.

    Only its digest outlives the account: a request with an idempotency key keeps its answer, secret included,
    among the rows that are erased.
    """

    secret: str
    deletion: Deletion


@transaction.atomic
def request_deletion(*, user: User, apple_code: str = "") -> Receipt:
    """Shut the account for good, end every sign-in, and have everything about the person erased.

    Locks the person's row. `apple_code` is a fresh authorization code of Apple's, from which a token can be had
    to revoke. Raises NotFound if the account is gone or going. Publishes AccountDeletionRequested. The caller
    has made sure that it is the person who asks.
    """
    # Not against references to the row: who sends for this person holds what is taken back below, and needs one.
    person = lock_person(user.pk)
    if Deletion.objects.filter(user=person).exists():
        raise NotFound("This account is being deleted.")
    secret = secrets.token_urlsafe(32)
    deletion = Deletion.objects.create(user=person, receipt=digest_of(secret), requested_at=now())
    person.is_active = False
    person.save(update_fields=["is_active", "updated_at"])
    revoke_tokens(user=person, reason="deletion")
    queue_apple_duties(person, deletion.uid, apple_code)
    publish(AccountDeletionRequested(person.pk, deletion.uid))
    log.info("deletion_requested", deletion=str(deletion.uid))
    return Receipt(secret, deletion)


@transaction.atomic
def open_receipt() -> Receipt:
    """A receipt for something smaller than an account, whose rows the caller erases in the same transaction.

    It names nobody. Duties can be added to it at once; `close_receipt` says how many rows it were.
    """
    secret, moment = secrets.token_urlsafe(32), now()
    facts = {"state": Deletion.State.ERASED, "requested_at": moment, "erased_at": moment}
    return Receipt(secret, Deletion.objects.create(receipt=digest_of(secret), **facts))


def close_receipt(receipt: Receipt, counts: dict[str, int]) -> None:
    """Note how many rows of each table were erased."""
    receipt.deletion.counts = {"delete": counts}
    receipt.deletion.save(update_fields=["counts", "updated_at"])


def advance_deletion(uid: UUID) -> None:
    """Take the steps of a deletion that can be taken now; does nothing while another worker is at it."""
    if _erase(uid):
        _finish(uid)


@transaction.atomic
def _erase(uid: UUID) -> bool:
    """Erase the rows, once; False if the deletion is somebody else's at the moment, or unknown."""
    deletion = Deletion.objects.select_for_update(of=("self",), skip_locked=True).filter(uid=uid).first()
    if deletion is None:
        return False
    if deletion.state == Deletion.State.REQUESTED and deletion.user_id is not None:
        lock_person(deletion.user_id, no_key=False)
        publish(AccountErasing(deletion.user_id, deletion.uid))
        _record(deletion, personal.erase(deletion.user_id))
    return True


def _record(deletion: Deletion, erased: personal.Erased) -> None:
    deletion.user_id = None
    deletion.state = Deletion.State.ERASED
    deletion.erased_at = now()
    deletion.counts = erased.counts
    deletion.files = [asdict(file) for file in erased.files]
    deletion.save(update_fields=["user", "state", "erased_at", "counts", "files", "updated_at"])
    publish(AccountErased(deletion.uid))
    log.info("account_erased", deletion=str(deletion.uid), rows=sum(erased.counts["delete"].values()))


@transaction.atomic
def _finish(uid: UUID) -> None:
    """Delete the files, and complete the deletion when nothing is owed to anybody any more."""
    deletion = Deletion.objects.select_for_update(of=("self",)).get(uid=uid)
    if deletion.state != Deletion.State.ERASED:
        return
    for file in deletion.files:
        storages[file["storage"]].delete(file["name"])
    deletion.files_deleted += len(deletion.files)
    deletion.files = []
    if not deletion.duties.filter(state=ErasureDuty.State.QUEUED).exists():
        deletion.state, deletion.completed_at = Deletion.State.COMPLETED, now()
    deletion.save(update_fields=["files", "files_deleted", "state", "completed_at", "updated_at"])


def unfinished_deletions(limit: int = 100) -> list[UUID]:
    """Deletions that a worker may be able to move on."""
    unfinished = Deletion.objects.exclude(state=Deletion.State.COMPLETED)
    owing = ErasureDuty.objects.filter(state=ErasureDuty.State.QUEUED).values("deletion")
    movable = unfinished.filter(state=Deletion.State.REQUESTED) | unfinished.exclude(pk__in=owing)
    return list(movable.order_by("id").values_list("uid", flat=True)[:limit])
