"""Webhook signatures: the contract's test vector, and every way to forge one."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.manus import signature
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.signing import public_key_pem
from tests.mentors.manus import genuine

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = public_key_pem(KEY)
VECTOR = load_contract().document["x-webhook-signature"]["x-test-vector"]
URL = VECTOR["url"]
BODY = VECTOR["body"].encode()
NOW = int(VECTOR["timestamp"])
GOOD = signature.sign(KEY, NOW, URL, BODY)


def check(
    given_signature: str | None = GOOD,
    *,
    timestamp: str | None = str(NOW),
    url: str = URL,
    body: bytes = BODY,
    now: float = NOW,
    key: str = PEM,
) -> None:
    genuine.verify(key, signature=given_signature, timestamp=timestamp, url=url, body=body, now=now)


def test_the_string_to_sign_is_the_vector_of_the_contract() -> None:
    signed = signature.string_to_sign(VECTOR["timestamp"], URL, BODY)
    assert signed.decode() == VECTOR["string_to_sign"]
    assert hashlib.sha256(signed).hexdigest() == VECTOR["sha256_of_string_to_sign"]


def test_a_signature_made_by_the_library_alone_is_accepted() -> None:
    raw = KEY.sign(VECTOR["string_to_sign"].encode(), PKCS1v15(), SHA256())
    check(base64.b64encode(raw).decode())


def test_a_double_hash_is_refused() -> None:
    twice = hashlib.sha256(VECTOR["string_to_sign"].encode()).digest()
    with pytest.raises(signature.SignatureMismatch):
        check(base64.b64encode(KEY.sign(twice, PKCS1v15(), SHA256())).decode())


@settings(max_examples=30, deadline=None)
@given(body=st.binary(max_size=200), timestamp=st.integers(0, 10**11), url=st.text(max_size=60))
def test_what_is_signed_verifies(body: bytes, timestamp: int, url: str) -> None:
    url = url.encode("utf-8", "ignore").decode()
    made = signature.sign(KEY, timestamp, url, body)
    check(made, timestamp=str(timestamp), url=url, body=body, now=timestamp + 299)


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(position: int, flip: int) -> None:
    changed = bytearray(BODY)
    changed[position] ^= flip
    with pytest.raises(signature.SignatureMismatch):
        check(body=bytes(changed))


@pytest.mark.parametrize("url", [URL + "&a=1", URL.replace("https", "http"), URL.split("?")[0], URL.upper(), ""])
def test_another_url_is_noticed(url: str) -> None:
    with pytest.raises(signature.SignatureMismatch):
        check(url=url)


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_headers_are_told_apart(missing: str | None) -> None:
    with pytest.raises(signature.SignatureMissing) as caught:
        check(missing)
    assert caught.value.http_status == 400
    with pytest.raises(signature.SignatureMissing):
        check(timestamp=missing)


@pytest.mark.parametrize("bad", ["not base64!", "AAA", "ü" * 8, "A" * 4096, GOOD + "\n ", " " + GOOD])
def test_an_unreadable_signature_is_malformed(bad: str) -> None:
    with pytest.raises(signature.SignatureMalformed):
        check(bad)


@pytest.mark.parametrize("bad", ["abc", "-1", "1.5", "1e9", " 1704067200", "1704067200\n", "٣", "9" * 13, "0x10", "+5"])
def test_an_unreadable_timestamp_is_malformed(bad: str) -> None:
    with pytest.raises(signature.SignatureMalformed):
        check(timestamp=bad)


@pytest.mark.parametrize(("age", "fresh"), [(300, True), (-300, True), (301, False), (-301, False), (10**9, False)])
def test_the_window_is_300_seconds_both_ways(age: int, *, fresh: bool) -> None:
    if fresh:
        check(now=NOW + age)
        return
    with pytest.raises(signature.SignatureExpired) as caught:
        check(now=NOW + age)
    assert caught.value.http_status == 401


def test_another_key_does_not_verify() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(signature.SignatureMismatch):
        check(key=public_key_pem(other))


def weak_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 (weak on purpose)
    return public_key_pem(key)


def elliptic_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "key", ["", "garbage", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", weak_key(), elliptic_key()]
)
def test_a_key_that_is_no_strong_rsa_key_is_named_as_the_fault(key: str) -> None:
    with pytest.raises(signature.UnusableKey):
        check(key=key)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_in_the_headers_is_refused_cleanly(one: str, other: str) -> None:
    with pytest.raises(signature.SignatureRefused):
        check(one, timestamp=other)
