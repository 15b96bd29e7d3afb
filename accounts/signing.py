"""The keys that sign our tokens: one signs, all verify, each under its own id and for one algorithm only.

A token names its key (`kid`), and the key says which algorithm it takes, never the token: a public key cannot
be passed off as a shared secret, nor "none" as a signature.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm
from jwt.types import Options
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken
from rest_framework_simplejwt.settings import api_settings

SHARED = "HS256"
MIN_RSA_BITS = 2048
# A token from a server whose clock is a second ahead was not forged.
_OPTIONS: Options = {"require": ["exp", "iss", "jti"], "verify_iat": False}
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
_THUMBPRINTED = {"RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}  # RFC 7638, RFC 8037


@dataclass(frozen=True, slots=True)
class Key:
    """A key under its id. `private` signs, and is missing from a key that only verifies any more."""

    kid: str
    algorithm: str
    public: Any = field(repr=False)
    private: Any = field(repr=False)
    jwk: Mapping[str, str] | None = None  # None for a shared secret, which nobody else may have


class KeyRing(TokenBackend):
    """What simplejwt signs and verifies with. The first key signs; each of them verifies."""

    def __init__(self, keys: tuple[Key, ...], *, issuer: str) -> None:
        super().__init__(keys[0].algorithm, issuer=issuer)
        self.keys = {key.kid: key for key in keys}
        self.current = keys[0]

    def encode(self, payload: dict[str, Any]) -> str:
        """A token signed by the current key."""
        named = {**payload, "iss": self.issuer}
        key = self.current
        return jwt.encode(named, key.private, algorithm=key.algorithm, headers={"kid": key.kid})

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - simplejwt's signature
        """The claims of a token of ours; raises TokenBackendError for any other. There is no unverified reading."""
        try:
            key = self._key_of(token)
            return jwt.decode(token, key.public, algorithms=[key.algorithm], issuer=self.issuer, options=_OPTIONS)
        except jwt.ExpiredSignatureError as exc:
            raise TokenBackendExpiredToken from exc
        except jwt.PyJWTError as exc:
            raise TokenBackendError from exc

    def _key_of(self, token: Any) -> Key:
        key = self.keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is None:
            raise jwt.InvalidTokenError
        return key

    def public_set(self) -> list[dict[str, str]]:
        """The public keys as a JWK set's `keys`; none while tokens are signed with a shared secret."""
        return [
            {**key.jwk, "kid": key.kid, "alg": key.algorithm, "use": "sig"}
            for key in self.keys.values()
            if key.jwk is not None
        ]


@cache
def key_ring() -> KeyRing:
    """The ring that the settings describe; raises ImproperlyConfigured for one that cannot work."""
    shared = [_shared(secret) for secret in (settings.JWT_SIGNING_KEY, settings.JWT_OLD_SIGNING_KEY) if secret]
    pairs = list(_pairs(settings.JWT_PRIVATE_KEYS.replace("\\n", "\n")))
    # A secret that signs nothing any more verifies only if it was named as the old one.
    keys = shared + pairs if settings.JWT_ALGORITHM == SHARED else pairs + shared[1:]
    _check(keys)
    return KeyRing(tuple(keys), issuer=api_settings.ISSUER)


def _check(keys: list[Key]) -> None:
    if not keys or keys[0].private is None or keys[0].algorithm != settings.JWT_ALGORITHM:
        raise ImproperlyConfigured("JWT_PRIVATE_KEYS must begin with a private key that fits JWT_ALGORITHM.")


def _shared(secret: str) -> Key:
    # Keyed by the secret itself, so that the id tells nothing about it.
    kid = hmac.new(secret.encode(), b"timetravelers kid", hashlib.sha256).hexdigest()[:16]
    return Key(kid, SHARED, secret, secret)


def _pairs(text: str) -> Iterator[Key]:
    """The keys of PEM blocks, one after the other; a public one can verify and no more."""
    for block in _PEM.finditer(text):
        yield _pair(block[0].encode(), private="PRIVATE" in block[1])


def _pair(pem: bytes, *, private: bool) -> Key:
    try:
        loaded: Any = load_pem_private_key(pem, None) if private else load_pem_public_key(pem)
    except (ValueError, TypeError) as exc:
        raise ImproperlyConfigured("JWT_PRIVATE_KEYS holds a key that cannot be read.") from exc
    public = loaded.public_key() if private else loaded
    jwk, algorithm = _described(public)
    return Key(_thumbprint(jwk), algorithm, public, loaded if private else None, jwk)


def _described(public: Any) -> tuple[dict[str, str], str]:
    if isinstance(public, Ed25519PublicKey):
        return _plain(OKPAlgorithm.to_jwk(public, as_dict=True)), "EdDSA"
    if isinstance(public, RSAPublicKey) and public.key_size >= MIN_RSA_BITS:
        return _plain(RSAAlgorithm.to_jwk(public, as_dict=True)), "RS256"
    raise ImproperlyConfigured(f"JWT_PRIVATE_KEYS takes Ed25519 keys, and RSA keys of {MIN_RSA_BITS} bits or more.")


def _plain(jwk: dict[str, Any]) -> dict[str, str]:
    """The key's own numbers, without what PyJWT adds about its use."""
    return {name: jwk[name] for name in _THUMBPRINTED[jwk["kty"]]}


def _thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638: the same key has the same id everywhere."""
    canonical = json.dumps(dict(jwk), sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
