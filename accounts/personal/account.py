"""The account itself, what its person chose and asked for, and what is left of it when they leave."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Q

from accounts import models as own
from accounts.personal_files import export_files
from accounts.services.exports import KEPT, purge_exports
from accounts.services.purging import purge_unverified
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT, Own, Settled, after, goes_with, spoken
from timetravelers.kit.tags import Category, Purpose, held, secret, stamped, tag, technical

KEEP_RECEIPTS = timedelta(days=3 * 365)


def account_tables() -> Iterator[Table]:
    """The account, consents, exports and deletions."""
    yield _user()
    yield _consent()
    yield _export()
    yield from _deletions()


def _user() -> Table:
    age = settings.UNVERIFIED_ACCOUNT_AGE
    unverified = Own(
        name="unverified",
        words=f"for {spoken(age)} if no address is confirmed and nobody signs in",
        work=partial(purge_unverified, older_than=age),
    )
    return Table(
        model=own.User,
        title="Your account",
        links=[Link("", Fate.DELETE, "the account itself")],
        retention=[WITH_ACCOUNT, unverified],
        columns=[
            *stamped("uid", "created_at", "updated_at"),
            tag("email", Category.CONTACT, Purpose.ACCOUNT),
            tag("role", Category.IDENTITY, Purpose.ACCOUNT),
            tag("is_active", Category.SECURITY, Purpose.ACCOUNT),
            tag("is_staff", Category.IDENTITY, Purpose.ACCOUNT),
            tag("last_login", Category.SECURITY, Purpose.SECURITY),
            held("is_superuser", Category.IDENTITY, Purpose.ACCOUNT),
            secret("password"),
            *technical("id", "epoch"),
        ],
    )


def _consent() -> Table:
    return Table(
        model=own.Consent,
        title="What you allowed",
        links=[Link("user", Fate.DELETE, "nothing of the person is left that it could cover")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid"),
            tag("purpose", Category.CHOICES, Purpose.RIGHTS),
            tag("version", Category.CHOICES, Purpose.RIGHTS),
            tag("app_version", Category.CHOICES, Purpose.RIGHTS),
            tag("granted_at", Category.CHOICES, Purpose.RIGHTS),
            tag("withdrawn_at", Category.CHOICES, Purpose.RIGHTS),
            tag("withdrawn_app_version", Category.CHOICES, Purpose.RIGHTS),
            *technical("id", "user"),
        ],
    )


def _export() -> Table:
    file = Own(name="files", words=f"with its file for {spoken(KEPT)} after that was made", work=purge_exports)
    return Table(
        model=own.Export,
        title="Copies of your data",
        links=[Link("user", Fate.DELETE, "copies of the person's rows")],
        retention=[WITH_ACCOUNT, file],
        columns=[
            *stamped("uid", "state", "created_at", "ready_at", "expires_at"),
            *technical("id", "user", "updated_at", "attempts", "due_at", "bytes"),
        ],
        files=export_files,
    )


def _deletions() -> Iterator[Table]:
    yield Table(
        model=own.Deletion,
        title="Receipts of what was deleted",
        links=[Link("user", Fate.KEEP, "the receipt; it stops naming the person in the same step")],
        retention=[after(KEEP_RECEIPTS, "completed_at", since="everything was deleted")],
        columns=[
            secret("receipt", Purpose.RIGHTS),
            held("state", Category.CHOICES, Purpose.RIGHTS),
            held("requested_at", Category.CHOICES, Purpose.RIGHTS),
            held("erased_at", Category.CHOICES, Purpose.RIGHTS),
            held("completed_at", Category.CHOICES, Purpose.RIGHTS),
            held("counts", Category.CHOICES, Purpose.RIGHTS),
            held("files", Category.TECHNICAL, Purpose.RIGHTS, retention=_when_all_is_done(), empty=list),
            held("files_deleted", Category.CHOICES, Purpose.RIGHTS),
            *technical("id", "uid", "user", "created_at", "updated_at"),
        ],
    )
    yield Table(
        model=own.ErasureDuty,
        title="What others are to delete for you",
        links=[Link("deletion__user", Fate.KEEP, "what is still owed; emptied one by one as it is settled")],
        retention=[goes_with("deletion", "for as long as the receipt it belongs to")],
        columns=[
            secret("reference", Purpose.RIGHTS, retention=_when_settled()),
            secret("digest", Purpose.RIGHTS),
            held("kind", Category.CHOICES, Purpose.RIGHTS),
            held("state", Category.CHOICES, Purpose.RIGHTS),
            held("note", Category.CHOICES, Purpose.RIGHTS),
            *technical("id", "uid", "deletion", "attempts", "due_at", "created_at", "updated_at"),
        ],
    )


def _when_all_is_done() -> Settled:
    return Settled(words="until the files are deleted", done=Q(state=own.Deletion.State.COMPLETED))


def _when_settled() -> Settled:
    return Settled(words="until it is settled", done=~Q(state=own.ErasureDuty.State.QUEUED))
