"""The load generator against servers that behave, and servers that do not."""

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import load
from bench.load import BadAnswer, Load, answer_size, generate, get

REQUEST = get("/here", {"Host": "127.0.0.1", "Accept": "application/json"})
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(*pieces: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answers every request with the pieces, one after the other; an empty piece closes the connection."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, pieces, heard), daemon=True).start()
        yield listening.getsockname()[1], heard
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, pieces: tuple[bytes, ...], heard: list[bytes]) -> None:
    while True:
        try:
            connection = listening.accept()[0]
        except OSError:
            return
        threading.Thread(target=_converse, args=(connection, pieces, heard), daemon=True).start()


def _converse(connection: socket.socket, pieces: tuple[bytes, ...], heard: list[bytes]) -> None:
    with connection, suppress(OSError):  # the client may hang up at any time
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while request := connection.recv(10_000):
            heard.append(request)
            for piece in pieces:
                if not piece:
                    return
                connection.sendall(piece)


def asked(port: int, seconds: float = 0.2) -> Load:
    return Load("127.0.0.1", port, REQUEST, connections=3, seconds=seconds)


def test_every_answer_is_counted_and_the_last_ones_are_waited_for() -> None:
    with server(GOOD) as (port, heard):
        begun = time.perf_counter()
        rate = generate(asked(port))
        took = time.perf_counter() - begun
        assert set(heard) == {REQUEST}
        # The last answer of each connection comes after the time is up.
        counted = len(heard) - 3
        assert counted > 0
        assert counted / took <= rate <= counted / 0.2


def test_an_answer_may_come_in_pieces() -> None:
    with server(GOOD[:9], GOOD[9:50], GOOD[50:-1], GOOD[-1:]) as (port, heard):
        assert generate(asked(port)) > 0
        assert len(heard) > 3


@pytest.mark.parametrize(
    ("pieces", "complaint"),
    [
        ([b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"], "500 Oh"),
        ([b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"], "401 No"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"], "no length"),
        ([GOOD + b"x"], "more than it announced"),
        ([GOOD[:20], b""], "closed"),
        ([b""], "closed"),
    ],
)
def test_anything_but_a_whole_200_ends_the_measurement(pieces: list[bytes], complaint: str) -> None:
    with server(*pieces) as (port, _), pytest.raises(BadAnswer, match=complaint):
        generate(asked(port))


def test_a_server_that_falls_silent_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "PATIENCE", 0.1)
    with server(GOOD[:20]) as (port, _), pytest.raises(BadAnswer, match="silent"):
        generate(asked(port, seconds=5))


headers = st.lists(st.tuples(st.sampled_from(["x-a", "Date", "Server"]), st.text("abc :=0", max_size=9)), max_size=4)


@given(headers, st.sampled_from(["content-length", "Content-Length"]), st.binary(max_size=300), st.data())
def test_the_size_is_known_as_soon_as_the_headers_are_whole(
    others: list[tuple[str, str]], name: str, body: bytes, data: st.DataObject
) -> None:
    lines = [f"{key}: {value}" for key, value in others]
    lines.insert(data.draw(st.integers(0, len(lines))), f"{name}: {len(body)}")
    head = "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()
    cut = data.draw(st.integers(0, len(head + body)))
    assert answer_size((head + body)[:cut]) == (len(head) + len(body) if cut >= len(head) else None)


@pytest.fixture
def standard_streams(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def feed(port: int) -> None:
        described = {"host": "127.0.0.1", "port": port, "request": REQUEST.decode(), "connections": 2, "seconds": 0.1}
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(described)))

    return feed


def test_the_program_prints_its_rate(
    standard_streams: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with server(GOOD) as (port, _):
        standard_streams(port)
        assert load.main() == 0
    assert float(capsys.readouterr().out) > 0


def test_the_program_tells_why_it_failed(
    standard_streams: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with server(b"HTTP/1.1 503 Busy\r\n\r\n") as (port, _):
        standard_streams(port)
        assert load.main() == 1
    assert "503 Busy" in capsys.readouterr().err
