"""One HTTP exchange with Manus: timeouts, size cap, no redirects, and nothing secret in what comes out."""

from __future__ import annotations

import http.client
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from mentors.manus import errors

KEY_HEADER = "x-manus-api-key"
SIMULATOR_HEADER = "X-Manus-Simulator"
LARGEST_ANSWER = 8 * 1024 * 1024
CHUNK = 64 * 1024
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


def checked_base_url(base_url: str) -> str:
    """`base_url` without a trailing slash; raises ValueError unless it is https, or http on loopback."""
    parts = urlsplit(base_url)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("the Manus base URL must be a plain address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("the Manus base URL must be https, or http on loopback")
    return base_url.rstrip("/")


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
        except (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.SSLError):
            failure = errors.Unavailable(endpoint=endpoint)
        except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
            failure = errors.Timeout(endpoint=endpoint, ambiguous=body is not None)
        except requests.ConnectionError as exc:
            failure = errors.Unavailable(endpoint=endpoint, ambiguous=body is not None and not _never_connected(exc))
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            failure = errors.Unavailable(endpoint=endpoint, ambiguous=body is not None)
        raise failure

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


def _never_connected(exc: requests.ConnectionError) -> bool:
    """Whether the request surely never left: the connection itself could not be made."""
    cause = exc.args[0] if exc.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
