"""Signed deliveries to the callbacks that were registered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition
from urllib.parse import urlsplit

import msgspec
import requests
import structlog

from mentors.manus import signature
from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.faults import WEBHOOK, Fault, FaultScript, Occasion
from mentors.manus.simulator.records import Json
from mentors.manus.simulator.signing import SigningKey
from mentors.manus.transport import SIMULATOR_HEADER, SUCCESS, is_loopback

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0
PARALLEL = 4
REMEMBERED = 1_000
LATE_SECONDS = 5.0


def acceptable_url(url: str) -> bool:
    """Whether a callback may be registered: https, or, since this is a simulator, http on this machine."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One delivery on its way, spoilt as its fault says."""

    url: str
    payload: Json
    fault: str | None = None


class Courier:
    """Sends deliveries in the background, once each: retries are not documented, so none may be relied on.

    `wall` dates the signatures: the receiver's clock is the real one.
    """

    def __init__(self, key: SigningKey, faults: FaultScript, agenda: Agenda, wall: Callable[[], float]) -> None:
        self._key = key
        self._faults = faults
        self._agenda = agenda
        self._wall = wall
        self._pool = ThreadPoolExecutor(PARALLEL, thread_name_prefix="simulator-webhook")
        self._log: deque[Json] = deque(maxlen=REMEMBERED)
        self._held: list[_Parcel] = []
        self._under_way = 0
        self._changed = Condition()
        self._stopped = False

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def deliveries(self) -> list[Json]:
        """The deliveries tried last: event, URL, and the status they were answered with."""
        with self._changed:
            return list(self._log)

    def settle(self) -> bool:
        """Wait until nothing is under way, ten seconds at most; tells whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopped or not self._under_way, timeout=ANSWER_SECONDS)

    def deliver(self, account: str, urls: Iterable[str], payload: Json) -> None:
        """Send a payload to each URL, as the fault script wills."""
        for url in urls:
            self._deliver_one(account, url, payload)

    def answers(self, url: str, payload: Json) -> bool:
        """Send a test request now and tell whether it was answered well within ten seconds."""
        return self._post(_Parcel(url, payload)) in SUCCESS

    def _deliver_one(self, account: str, url: str, payload: Json) -> None:
        names = (f"{WEBHOOK}.{payload['event_type']}", WEBHOOK)
        detail = payload["task_detail"]
        fault = self._faults.take(
            Occasion(names, account, (detail["task_id"], detail["task_title"]), detail.get("message", ""))
        )
        parcel = _Parcel(url, _spoilt(payload, fault), fault.fault if fault else None)
        if fault is None:
            self._submit(parcel)
        else:
            self._deliver_badly(parcel, fault)

    def _deliver_badly(self, parcel: _Parcel, fault: Fault) -> None:
        delay = LATE_SECONDS if fault.seconds is None else fault.seconds
        if fault.fault == "lost":
            self._note(parcel, None)
        elif fault.fault == "late":
            self._agenda.after(delay, lambda: self._submit(parcel))
        elif fault.fault == "reordered":
            self._hold(parcel, delay)
        else:
            if fault.fault == "rotate":
                self._key.rotate()
            for _ in range(2 if fault.fault == "duplicate" else 1):
                self._submit(parcel)

    def _hold(self, parcel: _Parcel, at_most: float) -> None:
        """Keep a delivery until the next one has been made, or this many seconds have passed."""
        with self._changed:
            self._held.append(parcel)
        self._agenda.after(at_most, lambda: self._release(parcel))

    def _release(self, *parcels: _Parcel) -> None:
        with self._changed:
            ready = [parcel for parcel in parcels if parcel in self._held]
            self._held = [parcel for parcel in self._held if parcel not in ready]
        for parcel in ready:
            self._submit(parcel)

    def _submit(self, parcel: _Parcel) -> None:
        with self._changed:
            if not self._stopped:
                self._under_way += 1
                self._pool.submit(self._carry, parcel)

    def _carry(self, parcel: _Parcel) -> None:
        try:
            self._post(parcel)
            with self._changed:
                held = [] if parcel.fault == "reordered" else list(self._held)
            self._release(*held)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _post(self, parcel: _Parcel) -> int | None:
        status: int | None = None
        url, body = parcel.url, msgspec.json.encode(parcel.payload)
        try:
            with requests.Session() as session:
                session.trust_env = not is_loopback(urlsplit(url).hostname or "")
                with session.post(
                    url,
                    data=body,
                    headers=self._headers(url, body, parcel.fault),
                    timeout=ANSWER_SECONDS,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    status = response.status_code
        except (requests.RequestException, ValueError) as error:
            log.info("simulator_webhook_failed", event_type=parcel.payload["event_type"], error=type(error).__name__)
        self._note(parcel, status)
        return status

    def _headers(self, url: str, body: bytes, fault: str | None) -> dict[str, str]:
        age = 2 * signature.TOLERANCE_SECONDS if fault == "expired" else 0
        timestamp = int(self._wall()) - age
        signed = body + b" " if fault == "wrong_signature" else body
        return {
            "Content-Type": "application/json",
            signature.SIGNATURE_HEADER: signature.sign(self._key.private, timestamp, url, signed),
            signature.TIMESTAMP_HEADER: str(timestamp),
            SIMULATOR_HEADER: "1",
        }

    def _note(self, parcel: _Parcel, status: int | None) -> None:
        entry = {
            "event_type": parcel.payload["event_type"],
            "event_id": parcel.payload["event_id"],
            "url": parcel.url,
            "status": status,
            "fault": parcel.fault,
        }
        with self._changed:
            self._log.append(entry)


def _spoilt(payload: Json, fault: Fault | None) -> Json:
    """The documentation shows ids of stops with and without a time; without, two stops of one task share one."""
    if fault is None or fault.fault != "same_event_id":
        return payload
    return {**payload, "event_id": f"{payload['event_type']}_{payload['task_detail']['task_id']}"}
