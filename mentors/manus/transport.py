"""One HTTP exchange with Manus: timeouts, size cap, no redirects, and nothing secret in what comes out."""

from __future__ import annotations

import http.client
import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from mentors.manus import errors

KEY_HEADER = "x-manus-api-key"
SIMULATOR_HEADER = "X-Manus-Simulator"
LARGEST_ANSWER = 8 * 1024 * 1024
CHUNK = 64 * 1024
MOST_CONNECTIONS = 64  # kept open; a worker's threads are fewer
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one exchange may take; `total` is checked between reads of the body."""

    connect: float
    read: float
    total: float
    largest_answer: int = LARGEST_ANSWER


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer before anyone has looked into it."""

    status: int
    body: bytes
    simulated: bool
    retry_after: str | None


class KeyAuth(AuthBase):
    """Puts the key on a request as it leaves; as an auth object it also keeps .netrc out of the exchange."""

    def __init__(self, api_key: str) -> None:
        if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
            raise ValueError("the Manus API key must be one word of printable ASCII characters")
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[KEY_HEADER] = self._api_key
        return request


class Payload(Protocol):
    """Bytes of known length, read piece by piece."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def read(self, size: int = -1, /) -> bytes: ...


def checked_base_url(base_url: str) -> str:
    """`base_url` without a trailing slash; raises ValueError unless it is https, or http on loopback."""
    parts = urlsplit(checked_address(base_url))
    if parts.query:
        raise ValueError("the Manus base URL must be a plain address")
    return base_url.rstrip("/")


def checked_address(url: str) -> str:
    """The same; raises ValueError unless it is https, or http on loopback, and names nobody."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        raise ValueError("the Manus base URL must be a plain address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("the Manus base URL must be https, or http on loopback")
    return url


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def new_session(base_url: str) -> requests.Session:
    """A session that keeps no cookies, and that uses no proxy on the way to loopback."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=MOST_CONNECTIONS))
    session.trust_env = not is_loopback(urlsplit(base_url).hostname or "")
    return session


class Transport:
    """Sends requests and reads answers; safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        session: requests.Session | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._auth = KeyAuth(api_key)
        self._session = session or new_session(self._base_url)
        self._monotonic = monotonic

    def exchange(
        self,
        endpoint: str,
        *,
        query: Mapping[str, str] | None,
        body: bytes | None,
        limits: Limits,
    ) -> RawAnswer:
        """Make one request (POST with a body, else GET) and read its whole answer.

        Raises Unavailable (not ambiguous when no connection came about), Timeout and InvalidAnswer. The error
        raised carries no link to the library's exception, because that one holds the request with the key.
        """
        failure: errors.ManusError
        try:
            return self._send(endpoint, query, body, limits)
        except errors.ManusError:
            raise
        except _BROKEN as exc:
            failure = _named(exc, endpoint, writes=body is not None)
        raise failure

    def put(self, endpoint: str, url: str, body: Payload, limits: Limits) -> int:
        """Send bytes to an address that an answer named, without the key, and return the HTTP status.

        The address has to be https, or on loopback where Manus itself is. Raises what `exchange` raises, and
        whatever `body` raises while it is read.
        """
        if not self._may_receive(url):
            raise errors.InvalidAnswer(endpoint=endpoint)
        failure: errors.ManusError
        try:
            return self._put(url, body, limits)
        except errors.ManusError:
            raise
        except _BROKEN as exc:
            failure = _named(exc, endpoint, writes=True)
        raise failure

    def _may_receive(self, url: str) -> bool:
        try:
            host = urlsplit(checked_address(url)).hostname or ""
        except ValueError:
            return False
        return not is_loopback(host) or is_loopback(urlsplit(self._base_url).hostname or "")

    def _put(self, url: str, body: Payload, limits: Limits) -> int:
        with self._session.put(
            url,
            data=body,
            headers={"Accept-Encoding": "identity", "Content-Type": "application/octet-stream"},
            auth=_no_auth,
            timeout=(limits.connect, limits.read),
            allow_redirects=False,
            stream=True,
            verify=True,
        ) as response:
            return response.status_code

    def _send(self, endpoint: str, query: Mapping[str, str] | None, body: bytes | None, limits: Limits) -> RawAnswer:
        deadline = self._monotonic() + limits.total
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        with self._session.request(
            "GET" if body is None else "POST",
            f"{self._base_url}/v2/{endpoint}",
            params=query,
            data=body,
            headers=headers,
            auth=self._auth,
            timeout=(limits.connect, limits.read),
            allow_redirects=False,
            stream=True,
            verify=True,
        ) as response:
            return RawAnswer(
                status=response.status_code,
                body=self._read(endpoint, response, deadline, limits, writes=body is not None),
                simulated=response.headers.get(SIMULATOR_HEADER) == "1",
                retry_after=response.headers.get("Retry-After"),
            )

    def _read(
        self, endpoint: str, response: requests.Response, deadline: float, limits: Limits, *, writes: bool
    ) -> bytes:
        body = bytearray()
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            body += chunk
            if len(body) > limits.largest_answer:
                raise errors.InvalidAnswer(endpoint=endpoint, http_status=response.status_code, ambiguous=writes)
            if self._monotonic() > deadline:
                raise errors.Timeout(endpoint=endpoint, http_status=response.status_code, ambiguous=writes)
        return bytes(body)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps .netrc out of the exchange, and adds nothing."""
    return request


_BROKEN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    UnicodeError,
)


def _named(exc: Exception, endpoint: str, *, writes: bool) -> errors.ManusError:
    """Our error for what a library raised."""
    if isinstance(exc, UnicodeError):
        return errors.InvalidRequest(endpoint=endpoint)
    if isinstance(exc, requests.ConnectTimeout | requests.exceptions.ProxyError | requests.exceptions.SSLError):
        return errors.Unavailable(endpoint=endpoint)
    if isinstance(exc, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return errors.Timeout(endpoint=endpoint, ambiguous=writes)
    surely_not = isinstance(exc, requests.ConnectionError) and _never_connected(exc)
    return errors.Unavailable(endpoint=endpoint, ambiguous=writes and not surely_not)


def _never_connected(exc: requests.ConnectionError) -> bool:
    """Whether the request surely never left: the connection itself could not be made."""
    cause = exc.args[0] if exc.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
