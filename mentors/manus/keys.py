"""Keys of Manus accounts: sealed, told apart without being told, and read from the environment."""

from __future__ import annotations

import hashlib
import re

from mentors.manus.transport import KeyAuth
from mentors.models import ManusAccount
from timetravelers.kit.clock import now
from timetravelers.kit.sealing import open_sealed, seal

PURPOSE = "manus key"
ENVIRONMENT_NAME = "default"
# A name, "=", and a key; what only pads a key that came without a name is no key.
_PAIR = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]{0,39})=(?P<key>[^=].*)", re.DOTALL)


class UnreadableKeys(ValueError):
    """MANUS_API_KEY is neither a key nor a list of `name=key`; the message holds nothing of it."""


def mark(key: str) -> str:
    """What a key is told apart by: the beginning of its SHA-256, as `sha256sum` has it."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def open_key(account: ManusAccount) -> str:
    """The key itself, for the client alone; raises BrokenSeal."""
    return open_sealed(account.sealed_key, PURPOSE)


def put_key(account: ManusAccount, key: str) -> None:
    """Give an unsaved or locked row its key; raises ValueError for what cannot be one, without telling it."""
    KeyAuth(key)
    account.sealed_key = seal(key, PURPOSE)
    account.key_version += account.pk is not None
    account.key_mark = mark(key)
    account.key_set_at = now()
    account.health, account.last_error, account.checked_at = ManusAccount.Health.UNKNOWN, "", None
    account.credits = account.credits_at = None


def read_keys(text: str) -> dict[str, str]:
    """Keys by account name, out of MANUS_API_KEY: one key, or `name=key` pairs with commas between.

    Raises UnreadableKeys.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [_PAIR.fullmatch(part) for part in parts]
    if len(parts) == 1 and pairs[0] is None:
        return {ENVIRONMENT_NAME: _checked(parts[0])}
    keys = {pair["name"]: _checked(pair["key"]) for pair in pairs if pair is not None}
    if len(keys) != len(parts):
        raise UnreadableKeys("MANUS_API_KEY must be one key, or name=key pairs with commas, each name once")
    return keys


def _checked(key: str) -> str:
    try:
        KeyAuth(key)
    except ValueError:
        raise UnreadableKeys("MANUS_API_KEY holds a key that is not one word of printable characters") from None
    return key
