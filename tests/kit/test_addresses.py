"""Where a request comes from: what our proxies say is believed, what callers say is not."""

from ipaddress import ip_address, ip_network

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from timetravelers.kit.addresses import client_address, neighbourhood, place

PEER = "198.51.100.7"


def seen(forwarded: str | None, peer: str = PEER) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PEER),
        (0, "203.0.113.1", PEER),
        (1, None, PEER),
        (1, "", PEER),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "10.9.9.9, 203.0.113.1", "203.0.113.1"),
        (2, "10.9.9.9, 203.0.113.1, 192.0.2.1", "203.0.113.1"),
        (2, "203.0.113.1", "203.0.113.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "::ffff:203.0.113.1", "203.0.113.1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", ""),
        (1, "203.0.113.1,", ""),
    ],
)
def test_the_callers_address(settings: Settings, proxies: int, forwarded: str | None, address: str) -> None:
    settings.PROXY_COUNT = proxies
    assert seen(forwarded) == address


@given(lie=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60), count=st.integers(1, 3))
def test_nothing_a_caller_writes_moves_what_our_proxies_add(lie: str, count: int) -> None:
    ours = [f"203.0.113.{number}" for number in range(count)]
    with override_settings(PROXY_COUNT=count):
        assert seen(", ".join([lie, *ours])) == ours[0]


@given(st.text(max_size=60))
def test_junk_is_no_address_and_no_error(junk: str) -> None:
    for answer in (place(junk), neighbourhood(junk)):
        assert answer == "" or str(ip_network(answer)) == answer


@given(st.ip_addresses())
def test_networks_hold_their_address_and_are_as_wide_as_meant(address: object) -> None:
    parsed = ip_address(str(address))
    mapped = getattr(parsed, "ipv4_mapped", None)
    parsed = mapped or parsed
    one, around = ip_network(place(str(address))), ip_network(neighbourhood(str(address)))
    assert parsed in one
    assert parsed in around
    assert (one.prefixlen, around.prefixlen) == ((32, 24) if parsed.version == 4 else (64, 48))
