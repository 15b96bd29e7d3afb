"""Which key belongs to which account of the simulator."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

NAMED = re.compile(r"([a-z0-9][a-z0-9-]{0,39})=([^=\s]\S*)")


class KeyRing:
    """Keys with the names of their accounts; several keys may open one account, whose limits they then share.

    Raises ValueError without any key, and for a key that opens two accounts.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._accounts: dict[bytes, str] = {}
        for name, key in pairs:
            if not key or self._accounts.setdefault(key.encode(), name) != name:
                raise ValueError("each API key must be something, and belong to one account")
        if not self._accounts:
            raise ValueError("the simulator needs at least one API key")

    @property
    def accounts(self) -> list[str]:
        """The names of the accounts, each once, in the order they were given."""
        return list(dict.fromkeys(self._accounts.values()))

    def account_of(self, headers: Mapping[str, str], header: str) -> str | None:
        """The account whose key is in the headers; takes as long for a key that is nearly right."""
        given = headers.get(header, "").encode()
        found = None
        for key, name in self._accounts.items():
            if hmac.compare_digest(given, key):
                found = name
        return found


def unnamed(key: str) -> tuple[str, str]:
    """A key with a name for its account that does not give the key away."""
    return hashlib.sha256(key.encode()).hexdigest()[:16], key


def named(text: str) -> tuple[str, str]:
    """Name and key out of `name=key`; raises ValueError for anything else."""
    found = NAMED.fullmatch(text)
    if found is None:
        raise ValueError("an account is given as name=key, the name in small letters, digits and -")
    return found[1], found[2]
