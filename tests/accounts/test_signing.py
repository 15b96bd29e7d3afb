"""Keys: two at a time, each for its own algorithm, and no way to talk the house into another."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings as live_settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from accounts.signing import key_ring
from accounts.tokens import InvalidToken, issue, read_access, read_refresh
from tests.accounts.doors import phone, refresh, sign_in, works
from tests.factories.accounts import make_sign_in

pytestmark = pytest.mark.django_db

JWKS = "/.well-known/jwks.json"
RSA_KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(2)]


def pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


@pytest.fixture
def use(settings: Settings) -> Any:
    """Configure the keys of the house anew, as a restart does."""

    def configure(algorithm: str, *pems: str, secret: str = "a" * 40, old: str = "") -> None:
        settings.JWT_ALGORITHM = algorithm
        settings.JWT_PRIVATE_KEYS = "\n".join(pems)
        settings.JWT_SIGNING_KEY = secret
        settings.JWT_OLD_SIGNING_KEY = old
        key_ring.cache_clear()
        read_access.cache_clear()

    return configure


def header(token: str) -> dict[str, Any]:
    return jwt.get_unverified_header(token)


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def access(user: User) -> str:
    return issue(user, make_sign_in(user)).access


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(head: dict[str, Any], body: dict[str, Any], secret: bytes) -> str:
    """An HS256 token as an attacker makes it, without a library that would refuse."""
    signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(body).encode())}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def test_by_default_a_shared_secret_signs_and_nobody_else_can_verify(alice: User) -> None:
    token = access(alice)
    assert header(token)["alg"] == "HS256"
    assert header(token)["kid"]
    answer = phone().get(JWKS)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("algorithm", "key"), [("RS256", RSA_KEYS[0]), ("EdDSA", ed25519.Ed25519PrivateKey.generate())]
)
def test_others_can_verify_by_the_published_keys(alice: User, use: Any, algorithm: str, key: Any) -> None:
    use(algorithm, pem(key))
    meta = sign_in("alice@example.org")
    answer = phone().get(JWKS)
    assert answer.status_code == 200
    assert "max-age" in answer.headers["Cache-Control"]
    published = jwt.PyJWKSet.from_dict(answer.json())
    token = meta["access_token"]
    found = published[header(token)["kid"]]
    verified = jwt.decode(token, found.key, algorithms=[algorithm], issuer=live_settings.PUBLIC_BASE_URL)
    assert verified["sub"] == str(alice.uid)
    assert works(token)
    assert refresh(meta["refresh_token"]).status_code == 200


@pytest.mark.parametrize("key", [RSA_KEYS[0], ed25519.Ed25519PrivateKey.generate()])
def test_the_key_set_holds_nothing_private(use: Any, key: Any) -> None:
    use("RS256" if key is RSA_KEYS[0] else "EdDSA", pem(key))
    for shown in phone().get(JWKS).json()["keys"]:
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(shown)
        assert shown["use"] == "sig"


def test_a_key_is_replaced_without_signing_anybody_out(alice: User, use: Any) -> None:
    old, new = RSA_KEYS
    use("RS256", pem(old))
    meta = sign_in("alice@example.org")
    use("RS256", pem(new), public_pem(old))
    assert works(meta["access_token"])
    pair = refresh(meta["refresh_token"]).json()["data"]
    assert header(pair["access_token"])["kid"] != header(meta["access_token"])["kid"]
    assert len(phone().get(JWKS).json()["keys"]) == 2
    use("RS256", pem(new))
    assert works(pair["access_token"])
    assert not works(meta["access_token"])


def test_a_secret_is_replaced_without_signing_anybody_out(alice: User, use: Any) -> None:
    use("HS256", secret="o" * 40)
    token = access(alice)
    use("HS256", secret="n" * 40, old="o" * 40)
    assert works(token)
    assert header(access(alice))["kid"] != header(token)["kid"]
    use("HS256", secret="n" * 40)
    assert not works(token)


def test_from_a_secret_to_a_key_pair_without_signing_anybody_out(alice: User, use: Any) -> None:
    use("HS256", secret="s" * 40)
    token = access(alice)
    use("EdDSA", pem(ed25519.Ed25519PrivateKey.generate()), old="s" * 40)
    assert works(token)
    assert [key["alg"] for key in phone().get(JWKS).json()["keys"]] == ["EdDSA"]
    use("EdDSA", pem(ed25519.Ed25519PrivateKey.generate()), secret="s" * 40)
    assert not works(token)


def test_the_published_key_is_no_shared_secret(alice: User, use: Any) -> None:
    use("RS256", pem(RSA_KEYS[0]))
    token = access(alice)
    named = {**header(token), "alg": "HS256"}
    for secret in (public_pem(RSA_KEYS[0]).encode(), public_pem(RSA_KEYS[0]).strip().encode()):
        with pytest.raises(InvalidToken):
            read_access(by_hand(named, claims(token), secret))


def test_no_signature_is_no_signature(alice: User) -> None:
    token = access(alice)
    for algorithm in ("none", "None", "NONE"):
        head = b64(json.dumps({**header(token), "alg": algorithm}).encode())
        for tail in ("", token.split(".")[2]):
            with pytest.raises(InvalidToken):
                read_access(f"{head}.{token.split('.')[1]}.{tail}")


@pytest.mark.parametrize("kid", ["unknown", "", "../../etc/passwd", 7, None, ["x"], {"a": 1}])
def test_an_unknown_key_is_refused(alice: User, kid: Any) -> None:
    token = access(alice)
    secret = live_settings.JWT_SIGNING_KEY.encode()
    with pytest.raises(InvalidToken):
        read_access(by_hand({"alg": "HS256", "typ": "JWT", "kid": kid}, claims(token), secret))


def test_a_token_that_names_no_key_or_brings_its_own_is_refused(alice: User, use: Any) -> None:
    use("EdDSA", pem(ed25519.Ed25519PrivateKey.generate()))
    mine = ed25519.Ed25519PrivateKey.generate()
    body = claims(access(alice))
    own = {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64(mine.public_key().public_bytes_raw())}}
    for headers in ({}, own, {**own, "kid": key_ring().current.kid}, {"jku": "https://evil.example/k", "kid": "k"}):
        with pytest.raises(InvalidToken):
            read_access(jwt.encode(body, mine, algorithm="EdDSA", headers=headers))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"token_type": "refresh"},
        {"token_type": None},
        {"sub": "alice"},
        {"sub": None},
        {"sid": "not-a-uuid"},
        {"sid": None},
        {"epoch": "x"},
        {"epoch": None},
        {"jti": None},
        {"nbf": int(time.time()) + 3600},
    ],
)
def test_claims_that_are_wrong_or_missing_are_refused_though_well_signed(alice: User, wrong: Any) -> None:
    token = access(alice)
    body = {name: value for name, value in {**claims(token), **wrong}.items() if value is not None}
    with pytest.raises(InvalidToken):
        read_access(by_hand(header(token), body, live_settings.JWT_SIGNING_KEY.encode()))


@given(junk=st.one_of(st.text(max_size=60), st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){1,4}")))
def test_junk_is_refused_and_nothing_else_happens(junk: str) -> None:
    for read in (read_access, read_refresh):
        with pytest.raises(InvalidToken):
            read(junk)


def test_one_changed_letter_breaks_a_token(alice: User) -> None:
    token = access(alice)
    for place in range(0, len(token) - 1, 7):
        if token[place] != ".":
            other = "A" if token[place] != "A" else "B"
            with pytest.raises(InvalidToken):
                read_access(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(
    ("algorithm", "pems"),
    [
        ("RS256", []),
        ("EdDSA", [pem(RSA_KEYS[0])]),
        ("RS256", [public_pem(RSA_KEYS[0])]),
        ("RS256", [pem(rsa.generate_private_key(65537, 1024))]),  # noqa: S505 - weak on purpose
        ("ES256", [pem(ec.generate_private_key(ec.SECP256R1()))]),
        ("none", [pem(RSA_KEYS[0])]),
        ("RS256", ["-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----"]),
    ],
)
def test_keys_that_cannot_work_stop_the_house(use: Any, algorithm: str, pems: list[str]) -> None:
    use(algorithm, *pems)
    with pytest.raises(ImproperlyConfigured, match="JWT_PRIVATE_KEYS"):
        key_ring()


def test_keys_may_come_on_one_line(use: Any) -> None:
    use("RS256", pem(RSA_KEYS[0]).replace("\n", "\\n") + pem(RSA_KEYS[1]).replace("\n", "\\n"))
    assert len(key_ring().keys) == 2
