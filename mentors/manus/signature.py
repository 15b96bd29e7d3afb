"""Webhook signatures: RSA-SHA256 (PKCS#1 v1.5) over `{timestamp}.{url}.{sha256 of the body}`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SIGNATURE_HEADER = "X-Webhook-Signature"
TIMESTAMP_HEADER = "X-Webhook-Timestamp"
TOLERANCE_SECONDS = 300
SMALLEST_KEY_BITS = 2048
LONGEST_SIGNATURE = 2048


class SignatureRefused(Exception):
    """A webhook request does not prove where it comes from; `http_status` is what to answer it with."""

    http_status: ClassVar[int] = 401


class SignatureMissing(SignatureRefused):
    """A signature header is absent or empty."""

    http_status = 400


class SignatureMalformed(SignatureRefused):
    """A signature header is there but cannot be read."""

    http_status = 400


class SignatureExpired(SignatureRefused):
    """The timestamp is further from now than the tolerance."""


class SignatureMismatch(SignatureRefused):
    """The signature does not belong to this timestamp, URL, body and key."""


class UnusableKey(Exception):
    """The public key is no PEM of an RSA key of at least 2048 bits; says nothing about the request."""


def string_to_sign(timestamp: str, url: str, body: bytes) -> bytes:
    """The documented string; `url` is the full registered URL, query included."""
    return f"{timestamp}.{url}.{hashlib.sha256(body).hexdigest()}".encode()


def sign(private_key: RSAPrivateKey, timestamp: int, url: str, body: bytes) -> str:
    """The base64 signature of one delivery."""
    signature = private_key.sign(string_to_sign(str(timestamp), url, body), PKCS1v15(), SHA256())
    return base64.b64encode(signature).decode("ascii")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a delivery shows for itself: `digest` is the SHA-256 of the documented string, which was signed."""

    signature: bytes
    digest: bytes


def read_proof(
    *,
    signature: str | None,
    timestamp: str | None,
    url: str,
    body: bytes,
    now: float,
    tolerance: int = TOLERANCE_SECONDS,
) -> Proof:
    """The proof of a fresh delivery, for `check_proof`, now or later and without the body.

    Raises SignatureMissing or SignatureMalformed (400) and SignatureExpired (401). `url` must be the registered
    one: one rebuilt from request headers would let the sender choose part of the signed string.
    """
    if not signature or not timestamp:
        raise SignatureMissing
    seconds = _read_timestamp(timestamp)
    raw_signature = _read_signature(signature)
    if abs(now - seconds) > tolerance:
        raise SignatureExpired
    return Proof(raw_signature, hashlib.sha256(string_to_sign(timestamp, url, body)).digest())


def check_proof(public_key_pem: str, proof: Proof) -> None:
    """Return when the proof was made with the key; raises SignatureMismatch, and UnusableKey."""
    key = _read_key(public_key_pem)
    try:
        key.verify(proof.signature, proof.digest, PKCS1v15(), Prehashed(SHA256()))
    except InvalidSignature:
        raise SignatureMismatch from None


def _read_timestamp(timestamp: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise SignatureMalformed
    return int(timestamp)


def _read_signature(signature: str) -> bytes:
    if len(signature) > LONGEST_SIGNATURE:
        raise SignatureMalformed
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureMalformed from None


def _read_key(public_key_pem: str) -> RSAPublicKey:
    try:
        key = load_pem_public_key(public_key_pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY_BITS:
        raise UnusableKey
    return key
