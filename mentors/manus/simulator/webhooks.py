"""Signed deliveries to the callbacks that were registered."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import msgspec
import requests
import structlog
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from mentors.manus import signature
from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.faults import WEBHOOK, Fault, FaultScript
from mentors.manus.simulator.records import Json
from mentors.manus.transport import SIMULATOR_HEADER, SUCCESS, is_loopback

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0
PARALLEL = 4
REMEMBERED = 1_000
LATE_SECONDS = 5.0


def load_signing_key(folder: Path | None) -> rsa.RSAPrivateKey:
    """The RSA key that signs deliveries: kept in `folder` from the first start on, else new each time."""
    path = folder / "webhook_key.pem" if folder else None
    kept = _kept_key(path) if path else None
    if kept is not None:
        return kept
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if path is not None:
        _keep_key(path, key)
    return key


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


def public_key_pem(key: rsa.RSAPrivateKey) -> str:
    """The public half as Manus gives it out."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def acceptable_url(url: str) -> bool:
    """Whether a callback may be registered: https, or, since this is a simulator, http on this machine."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


class Courier:
    """Sends deliveries in the background, once each: retries are not documented, so none may be relied on."""

    def __init__(
        self,
        key: rsa.RSAPrivateKey,
        faults: FaultScript,
        agenda: Agenda,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._faults = faults
        self._agenda = agenda
        self._clock = clock
        self._pool = ThreadPoolExecutor(PARALLEL, thread_name_prefix="simulator-webhook")
        self._log: deque[Json] = deque(maxlen=REMEMBERED)
        self._lock = Lock()
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def deliveries(self) -> list[Json]:
        """The deliveries tried last: event, URL, and the status they were answered with."""
        with self._lock:
            return list(self._log)

    def deliver(self, urls: Iterable[str], payload: Json) -> None:
        """Send a payload to each URL, as the fault script wills."""
        for url in urls:
            self._deliver_one(url, payload)

    def answers(self, url: str, payload: Json) -> bool:
        """Send a test request now and tell whether it was answered well within ten seconds."""
        status = self._post(url, payload, None)
        return status in SUCCESS

    def _deliver_one(self, url: str, payload: Json) -> None:
        fault = self._faults.take(f"{WEBHOOK}.{payload['event_type']}", WEBHOOK)
        name = fault.fault if fault else None
        if name == "lost":
            self._note(url, payload, None, fault)
        elif name == "late" and fault is not None:
            delay = LATE_SECONDS if fault.seconds is None else fault.seconds
            self._agenda.after(delay, lambda: self._submit(url, payload, fault))
        else:
            for _ in range(2 if name == "duplicate" else 1):
                self._submit(url, payload, fault)

    def _submit(self, url: str, payload: Json, fault: Fault | None) -> None:
        with self._lock:
            if not self._stopped:
                self._pool.submit(self._post, url, payload, fault)

    def _post(self, url: str, payload: Json, fault: Fault | None) -> int | None:
        status: int | None = None
        body = msgspec.json.encode(payload)
        try:
            with requests.Session() as session:
                session.trust_env = not is_loopback(urlsplit(url).hostname or "")
                headers = self._headers(url, body, fault.fault if fault else None)
                with session.post(
                    url,
                    data=body,
                    headers=headers,
                    timeout=ANSWER_SECONDS,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    status = response.status_code
        except (requests.RequestException, ValueError) as error:
            log.info("simulator_webhook_failed", event_type=payload["event_type"], error=type(error).__name__)
        self._note(url, payload, status, fault)
        return status

    def _headers(self, url: str, body: bytes, fault: str | None) -> dict[str, str]:
        age = 2 * signature.TOLERANCE_SECONDS if fault == "expired" else 0
        timestamp = int(self._clock()) - age
        signed = body + b" " if fault == "wrong_signature" else body
        return {
            "Content-Type": "application/json",
            signature.SIGNATURE_HEADER: signature.sign(self._key, timestamp, url, signed),
            signature.TIMESTAMP_HEADER: str(timestamp),
            SIMULATOR_HEADER: "1",
        }

    def _note(self, url: str, payload: Json, status: int | None, fault: Fault | None) -> None:
        entry = {
            "event_type": payload["event_type"],
            "event_id": payload["event_id"],
            "url": url,
            "status": status,
            "fault": fault.fault if fault else None,
        }
        with self._lock:
            self._log.append(entry)
