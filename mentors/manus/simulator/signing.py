"""The RSA key that signs webhooks, and its rotation."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KEY_BITS = 2048


class SigningKey:
    """The key of now: kept in `folder` from the first start on, else new each time. Thread-safe."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "webhook_key.pem" if folder else None
        self._lock = Lock()
        self._key = (_kept_key(self._path) if self._path else None) or self._fresh()

    @property
    def private(self) -> rsa.RSAPrivateKey:
        with self._lock:
            return self._key

    def public_pem(self) -> str:
        """The public half as Manus gives it out."""
        return public_key_pem(self.private)

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is gone."""
        with self._lock:
            self._key = self._fresh()

    def _fresh(self) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        if self._path is not None:
            _keep_key(self._path, key)
        return key


def public_key_pem(key: rsa.RSAPrivateKey) -> str:
    """The public half of a key, in PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def _kept_key(path: Path) -> rsa.RSAPrivateKey | None:
    """The key in a file; None when there is none that can be used."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return key if isinstance(key, rsa.RSAPrivateKey) else None


def _keep_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    draft = path.with_suffix(".draft")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(pem)
    draft.replace(path)
