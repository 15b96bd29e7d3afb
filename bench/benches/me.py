"""How much faster than the usual recipe an authenticated read of one's own profile is."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from rest_framework_simplejwt.tokens import AccessToken

from bench.harness import Bench, Contenders, Pair
from bench.load import get
from bench.people import access_token, make_person
from bench.server import HOST, Server, web_process

CONNECTIONS = 8
SLICE_SECONDS = 0.7
OURS = "/api/v1/me/"


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Three routes of one web process, asked with the same headers; bare's answer is as long as ours."""
    user = make_person()
    own, stock = access_token(user), str(AccessToken.for_user(user))
    with web_process() as server:
        size = _size(server, _headers(server, own))
        requests = {
            "ours": get(OURS, _headers(server, own)),
            "recipe": get(f"/api/v1/bench/profiles/{user.pk}/", _headers(server, stock)),
            "bare": get(f"/api/v1/bench/bare/{size}/", _headers(server, own)),
        }
        yield {
            name: partial(server.rate, request, connections=CONNECTIONS, seconds=SLICE_SECONDS)
            for name, request in requests.items()
        }


def _headers(server: Server, token: str) -> dict[str, str]:
    return {
        "Host": f"{HOST}:{server.port}",
        "Authorization": f"Bearer {token}",
        "Accept": "application/json",
        "User-Agent": "TimeTravelers/1.0 (bench)",
    }


def _size(server: Server, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    try:
        connection.request("GET", OURS, headers=headers)
        return len(connection.getresponse().read())
    finally:
        connection.close()


BENCH = Bench(
    name="me",
    question="how fast is GET /api/v1/me/ beside the usual recipe and beside a bare view?",
    unit="answers/s",
    pairs=(
        Pair("ours", "recipe", at_least=3.0),
        Pair("ours", "bare"),
        Pair("recipe", "bare"),
    ),
    contenders=contenders,
)
