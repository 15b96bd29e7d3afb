"""Where a request comes from, as far as the proxies in front of us are to be believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# One household or office: what a limit counts as one address.
ONE_PLACE = {4: 32, 6: 64}
# Enough for a person to know a place again, and no more.
NEIGHBOURHOOD = {4: 24, 6: 48}


def client_address(request: HttpRequest) -> str:
    """The caller's address: the one that the outermost of our PROXY_COUNT proxies saw, else the peer's.

    Whatever a caller writes into X-Forwarded-For stands further left than what our own proxies add, and is
    not read. Empty if there is no sane address.
    """
    proxies, forwarded = settings.PROXY_COUNT, request.META.get("HTTP_X_FORWARDED_FOR", "")
    if proxies and forwarded:
        hops = forwarded.split(",")
        return str(_parsed(hops[-min(proxies, len(hops))]) or "")
    return str(_parsed(request.META.get("REMOTE_ADDR", "")) or "")


def place(address: str) -> str:
    """What a limit counts as one caller: an IPv4 address, or the /64 that an IPv6 subscriber has to itself."""
    return _network(address, ONE_PLACE)


def neighbourhood(address: str) -> str:
    """The network around an address, wide enough not to point at a person; empty for no address."""
    return _network(address, NEIGHBOURHOOD)


def _network(address: str, widths: dict[int, int]) -> str:
    parsed = _parsed(address)
    return str(ip_network((parsed, widths[parsed.version]), strict=False)) if parsed else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text.strip().removeprefix("[").partition("]")[0].partition("%")[0])
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
