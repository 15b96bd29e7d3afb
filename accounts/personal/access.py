"""Who got in, from where, who may do what, and what staff did: the part of the catalogue about access."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Model, Q
from rest_framework_simplejwt.settings import api_settings

from accounts import models as own
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT, Settled, after
from timetravelers.kit.tags import Category, Purpose, held, secret, stamped, tag, technical

KEEP_SECURITY_EVENTS = timedelta(days=365)
# Long enough to see that attacks come from one place; later only that they happened matters.
KEEP_ADDRESS_HASHES = timedelta(days=90)


def access_tables() -> Iterator[Table]:
    """Sign-ins, security events, and changes of roles."""
    yield _sign_in()
    yield _security_event()
    yield _role_change()
    yield _permissions(own.User.groups.through, "group")
    yield _permissions(own.User.user_permissions.through, "permission")


def _sign_in() -> Table:
    unused = after(
        api_settings.REFRESH_TOKEN_LIFETIME, "ended_at", "last_seen_at", since="you signed out or were last there"
    )
    return Table(
        model=own.SignIn,
        title="Where you are signed in",
        links=[Link("user", Fate.DELETE, "devices and addresses of the person")],
        retention=[unused],
        columns=[
            *stamped("uid"),
            tag("device", Category.SECURITY, Purpose.SECURITY),
            tag("user_agent", Category.SECURITY, Purpose.SECURITY),
            tag("network", Category.SECURITY, Purpose.SECURITY),
            tag("created_at", Category.SECURITY, Purpose.SECURITY),
            tag("last_seen_at", Category.SECURITY, Purpose.SECURITY),
            tag("authenticated_at", Category.SECURITY, Purpose.SECURITY),
            tag("ended_at", Category.SECURITY, Purpose.SECURITY),
            secret("session_key", retention=Settled(words="until you sign out", done=Q(ended_at__isnull=False))),
            *technical("id", "user", "generation", "rotations"),
        ],
    )


def _security_event() -> Table:
    return Table(
        model=own.SecurityEvent,
        title="What happened to your account's security",
        links=[
            Link(
                "user",
                Fate.ANONYMISE,
                "attacks are counted after the account is gone; whom they were on is not kept",
                blank={"user": None, "sign_in": None, "address_hash": ""},
            )
        ],
        retention=[after(KEEP_SECURITY_EVENTS, "happened_at", since="it happened")],
        columns=[
            tag("kind", Category.SECURITY, Purpose.SECURITY),
            tag("reason", Category.SECURITY, Purpose.SECURITY),
            tag("happened_at", Category.SECURITY, Purpose.SECURITY),
            secret("address_hash", retention=after(KEEP_ADDRESS_HASHES, "happened_at", since="it happened")),
            held("sign_in", Category.SECURITY, Purpose.SECURITY),
            *technical("id", "uid", "user"),
        ],
    )


def _role_change() -> Table:
    return Table(
        model=own.RoleChange,
        title="Changes of what you may do here",
        links=[
            Link("user", Fate.DELETE, "about an account that is gone"),
            Link(
                "actor",
                Fate.ANONYMISE,
                "the record of others' roles outlives the member of staff",
                blank={"actor": None},
                copied=False,
            ),
        ],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("kind", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            tag("before", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            tag("after", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            tag("changed_at", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            held("actor", Category.IDENTITY, Purpose.ACCOUNTABILITY),
            *technical("id", "uid", "user"),
        ],
    )


def _permissions(through: type[Model], other: str) -> Table:
    """One of the two tables between people and what they may do."""
    return Table(
        model=through,
        title="What you may do here",
        links=[Link("user", Fate.DELETE, "goes with the account")],
        retention=[WITH_ACCOUNT],
        columns=[held(other, Category.IDENTITY, Purpose.ACCOUNT), *technical("id", "user")],
    )
