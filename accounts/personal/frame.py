"""Tables that Django, allauth and the kit bring along, as far as they are about people."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from accounts.models import User
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.models import IdempotentAnswer
from timetravelers.kit.personal import rules
from timetravelers.kit.retention import WITH_ACCOUNT, after, past
from timetravelers.kit.tags import Category, Purpose, held, secret, tag, technical

FORMER_STAFF = "former-staff@deleted.invalid"
KEEP_ANSWERS = timedelta(hours=24)
KEEP_CONFIRMATIONS = timedelta(days=3)
KEEP_ADMIN_LOG = timedelta(days=2 * 365)


def frame_tables() -> Iterator[Table]:
    """Repeated answers, addresses, ways to sign in, sessions of browsers, and the admin's log."""
    yield _idempotent_answer()
    yield from _addresses()
    yield _authenticator()
    yield from _sign_ins_with_others()
    yield _session()
    yield _admin_log()


def _idempotent_answer() -> Table:
    return Table(
        model=IdempotentAnswer,
        title="Answers kept for a phone that asks twice",
        links=[Link("user", Fate.DELETE, "repeats answers that quote the person's rows")],
        retention=[after(KEEP_ANSWERS, "created_at", since="the answer was given")],
        columns=[
            held("body", Category.TECHNICAL, Purpose.OPERATION),
            secret("fingerprint", Purpose.OPERATION),
            *technical("id", "user", "route", "key", "status", "created_at"),
        ],
    )


def _addresses() -> Iterator[Table]:
    yield Table(
        model=EmailAddress,
        title="Your mail addresses",
        links=[Link("user", Fate.DELETE, "the person's addresses")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("email", Category.CONTACT, Purpose.ACCOUNT),
            tag("verified", Category.CONTACT, Purpose.ACCOUNT),
            tag("primary", Category.CONTACT, Purpose.ACCOUNT),
            *technical("id", "user"),
        ],
    )
    yield Table(
        model=EmailConfirmation,
        title="Confirmations of your mail addresses",
        links=[Link("email_address__user", Fate.DELETE, "keys to the person's addresses")],
        retention=[after(KEEP_CONFIRMATIONS, "created", since="it was made")],
        columns=[secret("key"), *technical("id", "email_address", "created", "sent")],
    )


def _authenticator() -> Table:
    return Table(
        model=Authenticator,
        title="Your passkeys and second factors",
        links=[Link("user", Fate.DELETE, "second factors and passkeys")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("type", Category.SECURITY, Purpose.SECURITY),
            tag("created_at", Category.SECURITY, Purpose.SECURITY),
            tag("last_used_at", Category.SECURITY, Purpose.SECURITY),
            secret("data"),
            *technical("id", "user"),
        ],
    )


def _sign_ins_with_others() -> Iterator[Table]:
    yield Table(
        model=SocialAccount,
        title="Your sign-ins with Apple and Google",
        links=[Link("user", Fate.DELETE, "sign-ins with others")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("provider", Category.IDENTITY, Purpose.ACCOUNT),
            tag("uid", Category.IDENTITY, Purpose.ACCOUNT),
            tag("last_login", Category.SECURITY, Purpose.SECURITY),
            tag("date_joined", Category.SECURITY, Purpose.SECURITY),
            tag("extra_data", Category.IDENTITY, Purpose.ACCOUNT, special=True),
            *technical("id", "user"),
        ],
    )
    yield Table(
        model=SocialToken,
        title="Keys to your sign-ins with Apple and Google",
        links=[Link("account__user", Fate.DELETE, "keys to the person's accounts with others")],
        retention=[WITH_ACCOUNT],
        columns=[
            secret("token", Purpose.RIGHTS),
            secret("token_secret", Purpose.RIGHTS),
            *technical("id", "app", "account", "expires_at"),
        ],
    )


def _session() -> Table:
    return Table(
        model=Session,
        title="Your sign-ins, as the server keeps them",
        links=[Link("", Fate.DELETE, "sign-ins, finished or not", find=sessions_of)],
        retention=[past("expire_date", "until you sign out, or the sign-in runs out")],
        columns=[secret("session_key"), secret("session_data"), *technical("expire_date")],
    )


def _admin_log() -> Table:
    return Table(
        model=LogEntry,
        title="What staff did in the admin",
        links=[
            Link(
                "",
                Fate.ANONYMISE,
                "what staff did stays on record; what it was called does not",
                blank={"object_repr": "", "change_message": ""},
                find=admin_entries_about,
                copied=False,
            ),
            Link(
                "user",
                Fate.ANONYMISE,
                "a member of staff who leaves does not take the record of their acts along",
                blank={"user": former_staff},
                copied=False,
            ),
        ],
        retention=[after(KEEP_ADMIN_LOG, "action_time", since="it was done")],
        columns=[
            held("user", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("content_type", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            held("object_id", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            held("object_repr", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("action_flag", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            held("change_message", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            held("action_time", Category.TECHNICAL, Purpose.ACCOUNTABILITY),
            *technical("id"),
        ],
    )


def former_staff() -> int:
    """The account that stands in the admin's log for staff who left; nobody can sign in to it."""
    return User.objects.get_or_create(email=FORMER_STAFF, defaults={"password": "!", "is_active": False})[0].pk


def admin_entries_about(person: int) -> "QuerySet[LogEntry]":
    """What the admin's log says of the person's rows, where it quotes them."""
    about = Q(pk__in=[])
    for rule in rules():
        if rule.model is not LogEntry and rule.link.find is None:
            keys = rule.rows(person).annotate(as_text=Cast("pk", CharField())).values("as_text")
            about |= Q(content_type=ContentType.objects.get_for_model(rule.model), object_id__in=keys)
    return LogEntry.objects.filter(about)


def sessions_of(person: int) -> "QuerySet[Session]":
    """Every Django session that names the person: a sign-in, or one that was begun and not finished."""
    keys = [row.session_key for row in Session.objects.iterator() if _names(row.get_decoded(), str(person))]
    return Session.objects.filter(session_key__in=keys)


def _names(data: Any, person: str) -> bool:
    signed_in = data.get("_auth_user_id") == person
    pending = data.get("account_login")
    return signed_in or (isinstance(pending, dict) and str(pending.get("user_pk")) == person)
