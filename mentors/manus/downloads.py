"""Files of replies on their way in: from addresses that a provider named, and that are not simply believed."""

from __future__ import annotations

import http
import http.client
import ipaddress
import socket
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import SplitResult, urlsplit

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from mentors.manus import errors
from mentors.manus.transport import is_loopback

ENDPOINT = "file.get"
PIECE = 64 * 1024
HTTPS = 443
SUCCESS = 200
GONE = frozenset({403, 404, 410})
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where files may be fetched, and at what price: seconds to connect, to wait and in all, and bytes.

    `hosts` are names with everything below them; `is_local` says that Manus itself is on this machine, and so may its
    files be.
    """

    hosts: Collection[str]
    is_local: bool
    most_bytes: int
    connect: float = 5.0
    read: float = 15.0
    total: float = 60.0


def addresses_of(host: str, port: int) -> Sequence[str]:
    """What a name stands for now."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(url: str, into: IO[bytes], bounds: Bounds, resolve: Resolve = addresses_of) -> int:
    """Write what lies at the address to `into`, and return how many bytes it was.

    Only by https to one of the hosts, at an address that is public: the name is looked up once, and the connection is
    made to what was found. No redirect is followed, no key and no cookie is sent. Raises InvalidRequest (an address
    that is not allowed, or more than `most_bytes`), NotFound, Unavailable, InvalidAnswer and Timeout.
    """
    parts = _parsed(url)
    with _pool(parts, bounds, resolve) as pool:
        failure: errors.ManusError
        try:
            return _read(pool, parts, into, bounds)
        except errors.ManusError:
            raise
        except (urllib3.exceptions.TimeoutError, TimeoutError):
            failure = errors.Timeout(endpoint=ENDPOINT)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, UnicodeError):
            failure = errors.Unavailable(endpoint=ENDPOINT)
        raise failure


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        plain = None
    if not plain:
        raise errors.InvalidRequest(endpoint=ENDPOINT)
    return parts


def _pool(parts: SplitResult, bounds: Bounds, resolve: Resolve) -> urllib3.HTTPConnectionPool:
    host = parts.hostname or ""
    waits = urllib3.Timeout(connect=bounds.connect, read=bounds.read)
    if bounds.is_local and is_loopback(host) and parts.scheme == "http":
        return urllib3.HTTPConnectionPool(host, parts.port, timeout=waits, retries=False)
    if parts.scheme != "https" or parts.port not in (None, HTTPS) or not _is_below(host, bounds.hosts):
        raise errors.InvalidRequest(endpoint=ENDPOINT)
    return urllib3.HTTPSConnectionPool(
        _public_address(host, resolve),
        HTTPS,
        timeout=waits,
        retries=False,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=DEFAULT_CA_BUNDLE_PATH,
    )


def _is_below(host: str, hosts: Collection[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _public_address(host: str, resolve: Resolve) -> str:
    """One of the addresses of the name, if all of them are public."""
    try:
        found = list(resolve(host, HTTPS))
    except OSError:
        raise errors.Unavailable(endpoint=ENDPOINT) from None
    if not found or not all(_is_public(address) for address in found):
        raise errors.InvalidRequest(endpoint=ENDPOINT)
    return found[0]


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = getattr(parsed, "ipv4_mapped", None) or parsed
    return inner.is_global and not inner.is_multicast


def _read(pool: urllib3.HTTPConnectionPool, parts: SplitResult, into: IO[bytes], bounds: Bounds) -> int:
    deadline = time.monotonic() + bounds.total
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    headers = {"Host": parts.netloc, "Accept": "*/*", "Accept-Encoding": "identity"}
    answer = pool.urlopen("GET", path, headers=headers, redirect=False, preload_content=False)
    try:
        _require_success(answer.status)
        size = 0
        while piece := answer.read1(PIECE):
            size += len(piece)
            if size > bounds.most_bytes:
                raise errors.InvalidRequest(endpoint=ENDPOINT)
            if time.monotonic() > deadline:
                raise errors.Timeout(endpoint=ENDPOINT)
            into.write(piece)
        if _is_cut(answer.headers.get("Content-Length"), size):
            raise errors.Unavailable(endpoint=ENDPOINT)
        return size
    finally:
        answer.close()


def _require_success(status: int) -> None:
    if status in GONE:
        raise errors.NotFound(endpoint=ENDPOINT, http_status=status)
    if status != SUCCESS:
        kind = errors.Unavailable if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR else errors.InvalidAnswer
        raise kind(endpoint=ENDPOINT, http_status=status)


def _is_cut(announced: str | None, size: int) -> bool:
    return announced is not None and announced.isdecimal() and int(announced) != size
