"""How much of a bare view's speed an authenticated read of one's own profile keeps."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from accounts.models import User
from accounts.tokens import issue
from bench.harness import Bench, Contenders, Pair
from bench.load import get
from bench.people import make_person
from bench.server import HOST, Server, web_process

CONNECTIONS = 8
SLICE_SECONDS = 0.7


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Three routes of one web process, asked with the same headers; bare's answer is as long as ours."""
    user = make_person()
    with web_process() as server:
        headers = _headers(user, server)
        paths = {
            "ours": "/api/v1/me/",
            "recipe": f"/bench/profiles/{user.pk}/",
            "bare": f"/bench/bare/{_size(server, '/api/v1/me/', headers)}/",
        }
        yield {
            name: partial(server.rate, get(path, headers), connections=CONNECTIONS, seconds=SLICE_SECONDS)
            for name, path in paths.items()
        }


def _headers(user: User, server: Server) -> dict[str, str]:
    return {
        "Host": f"{HOST}:{server.port}",
        "Authorization": f"Bearer {issue(user, 'sign-in-of-a-bench').access}",
        "Accept": "application/json",
        "User-Agent": "TimeTravelers/1.0 (bench)",
    }


def _size(server: Server, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
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
