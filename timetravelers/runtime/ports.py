"""Which TCP ports are free."""

import errno
import secrets
import socket

_TAKEN = frozenset({errno.EADDRINUSE})
# Below what systems give to outgoing connections: one of those could take the port of a server that is being
# started again, and keep it out for as long as the connection lives.
_SETTLED = range(20_000, 32_768)
_TRIES = 50


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listened on a moment ago. Raises OSError if the address is not this machine's."""
    for _ in range(_TRIES):
        if is_free(host, port := secrets.choice(_SETTLED)):
            return port
    return _any_free_port(host)


def _any_free_port(host: str) -> int:
    with _bound(host, 0) as probe:
        port: int = probe.getsockname()[1]
        return port


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there. Raises OSError for any reason other than the port being taken."""
    try:
        _bound(host, port).close()
    except OSError as problem:
        if problem.errno in _TAKEN:
            return False
        raise
    return True


def authority(host: str, port: int) -> str:
    """`host:port` as it stands in a URL, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reachable_host(host: str) -> str:
    """The address by which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    probe = socket.socket(family, socket.SOCK_STREAM)
    try:
        # As servers do, or the port of one that has just stopped would seem taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)
    except BaseException:
        probe.close()
        raise
    return probe
