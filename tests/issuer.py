"""An issuer of ID tokens on loopback: real RSA and EC keys, real JWTs, and its key set over HTTP."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

NONCE = "what this phone drew for this sign-in"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """The RSA key of that name, the same for the whole run: making one takes its time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_jwk(key_id: str, key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        shape, algorithm = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "RS256"
    else:
        shape, algorithm = ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "ES256"
    return {**shape, "kid": key_id, "alg": algorithm, "use": "sig"}


class Issuer:
    """Signs what it is told to; `keys` is what it publishes, `asked` how often somebody looked."""

    def __init__(self, name: str, audience: str) -> None:
        self.name = name
        self.audience = audience
        self.keys: dict[str, PrivateKey] = {"rsa-1": rsa_key("first"), "ec-1": ec_key("first")}
        self.asked = 0
        self.broken = False
        self.hangs_up = False
        self.url = ""

    def published(self) -> bytes:
        return json.dumps({"keys": [public_jwk(name, key) for name, key in self.keys.items()]}).encode()

    def claims(self, **changed: Any) -> dict[str, Any]:
        """A right set of claims, with changes; None takes a claim away."""
        moment = int(time.time())
        right = {
            "iss": self.name,
            "aud": self.audience,
            "sub": "person-1",
            "iat": moment,
            "exp": moment + 600,
            "nonce": hashlib.sha256(NONCE.encode()).hexdigest(),
            "email": "dora@gmail.com",
            "email_verified": True,
            "name": "Dora Somebody",
            **changed,
        }
        return {name: value for name, value in right.items() if value is not None}

    def token(self, key_id: str = "rsa-1", **changed: Any) -> str:
        """A token signed with a published key."""
        key = self.keys[key_id]
        algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
        return jwt.encode(self.claims(**changed), key, algorithm=algorithm, headers={"kid": key_id})


@contextmanager
def serving(issuer: Issuer) -> Iterator[Issuer]:
    """Publish the issuer's keys on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            body = b"<html>down for maintenance</html>" if issuer.broken else issuer.published()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + issuer.hangs_up))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Not into the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    issuer.url = f"http://127.0.0.1:{server.server_port}/keys"
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
