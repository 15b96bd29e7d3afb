"""Letting go of accounts that never showed an address to be theirs."""

from datetime import timedelta

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

BATCH = 500


def purge_unverified(*, older_than: timedelta) -> int:
    """Delete accounts of that age without a verified address; returns how many.

    Staff, whoever has ever signed in or can sign in by other means, and those whom the admin's log names as
    having acted, stay. Each batch locks its addresses,
    so that a verification under way wins: either it is seen, or its row is skipped until the next run.
    """
    purged, last = 0, 0
    while batch := _candidates(older_than, after=last):
        purged += _purge(batch)
        last = batch[-1]
    log.info("unverified_accounts_purged", count=purged)
    return purged


def _candidates(older_than: timedelta, *, after: int) -> list[int]:
    found = _unverified().filter(created_at__lt=now() - older_than, pk__gt=after)
    return list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _unverified() -> QuerySet[User]:
    own = {"user": OuterRef("pk")}
    return User.objects.filter(
        ~Exists(EmailAddress.objects.filter(**own, verified=True)),
        ~Exists(SocialAccount.objects.filter(**own)),
        ~Exists(Authenticator.objects.filter(**own)),
        # The log would go with them: the account that stands there for staff who left has no address either.
        ~Exists(LogEntry.objects.filter(**own)),
        is_staff=False,
        is_superuser=False,
        last_login__isnull=True,
    )


@transaction.atomic
def _purge(people: list[int]) -> int:
    addresses = EmailAddress.objects.filter(user__in=people)
    total = addresses.count()
    locked = list(addresses.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    being_verified = set()
    if len(locked) < total:
        held = {address.pk for address in locked}
        being_verified = set(addresses.exclude(pk__in=held).values_list("user", flat=True))
    going = _unverified().filter(pk__in=people).exclude(pk__in=being_verified)
    count = going.count()
    going.delete()
    return count
