"""The bridge between the ASGI front and Django's WSGI handler."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from io import BytesIO
from typing import Any
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timetravelers.kit.wsgi_threads import Environ, Message, Receive, Scope, WsgiThreads, environ_of, read_body

MAX_BODY = 100
Handler = Callable[[Environ], "Answer"]


class Answer:
    """What Django's handler returns: chunks that know whether they are a stream, and are closed."""

    def __init__(self, *chunks: bytes, streaming: bool = False, status: str = "200 OK", fails: bool = False) -> None:
        self.chunks, self.streaming, self.status, self.fails = chunks, streaming, status, fails
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.fails:
            raise OSError("in the middle")

    def close(self) -> None:
        self.closed += 1


def threads(handler: Handler, *, count: int = 2, larger: dict[tuple[str, str], int] | None = None) -> WsgiThreads:
    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = handler(environ)
        start_response(answer.status, [("Content-Type", "text/plain"), ("X-Twice", "a"), ("X-Twice", "b")])
        return answer

    return WsgiThreads(application, threads=count, max_body=MAX_BODY, larger=larger)


def scope(**facts: Any) -> Scope:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in facts.pop("headers", [])]
    return {
        "type": "http",
        "method": "POST",
        "path": "/here",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("10.0.0.9", 4321),
        "headers": headers,
        **facts,
    }


def receiving(*pieces: bytes | None) -> Receive:
    """The body in pieces; None is a caller who hangs up."""
    left = list(pieces)

    async def receive() -> Message:
        piece = left.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    return receive


async def exchange(bridge: WsgiThreads, *pieces: bytes | None, **facts: Any) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await bridge(scope(**facts), receiving(*pieces), send)
    return sent


def in_loop(work: Awaitable[Any]) -> Any:
    async def run() -> Any:
        return await asyncio.wait_for(work, 10)

    return asyncio.run(run())


def body_of(environ: Environ) -> bytes:
    found: bytes = environ["wsgi.input"].read()
    return found


def test_an_answer_crosses_back_as_a_whole() -> None:
    answer = Answer(b"one ", b"two", status="404 Not Found")
    start, body = in_loop(exchange(threads(lambda _: answer), b""))
    headers = [(b"content-type", b"text/plain"), (b"x-twice", b"a"), (b"x-twice", b"b")]
    assert start == {"type": "http.response.start", "status": 404, "headers": headers}
    assert body == {"type": "http.response.body", "body": b"one two"}
    assert answer.closed == 1


def test_a_stream_goes_out_piece_by_piece() -> None:
    answer = Answer(b"one", b"two", streaming=True)
    sent = in_loop(exchange(threads(lambda _: answer), b""))
    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert [message.get("more_body", False) for message in sent] == [False, True, True, False]
    assert answer.closed == 1


@pytest.mark.parametrize("streaming", [False, True])
def test_a_failure_is_raised_where_the_server_sees_it_and_the_thread_lives_on(*, streaming: bool) -> None:
    broken = Answer(b"x", streaming=streaming, fails=True)
    answers = [broken, Answer(b"fine")]
    bridge = threads(lambda _: answers.pop(0), count=1)

    async def twice() -> list[Message]:
        with pytest.raises(OSError, match="in the middle"):
            await exchange(bridge, b"")
        return await exchange(bridge, b"")

    assert in_loop(twice())[1]["body"] == b"fine"
    assert broken.closed == 1


def test_a_body_in_pieces_is_read_before_a_thread_is_taken() -> None:
    bridge = threads(lambda environ: Answer(body_of(environ)), count=1)

    async def slow_and_quick() -> tuple[list[Message], bool, list[Message]]:
        hesitating = asyncio.Event()
        first = receiving(b"slow", b" phone")

        async def receive() -> Message:
            message = await first()
            if message["more_body"]:
                return message
            await hesitating.wait()
            return message

        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        slow = asyncio.create_task(bridge(scope(), receive, send))
        quick = await exchange(bridge, b"quick phone")
        was_waiting = not slow.done()
        hesitating.set()
        await slow
        return quick, was_waiting, sent

    quick, was_waiting, slow = in_loop(slow_and_quick())
    assert (quick[1]["body"], was_waiting, slow[1]["body"]) == (b"quick phone", True, b"slow phone")


def test_no_more_requests_are_worked_on_than_there_are_threads() -> None:
    barrier, here, most = threading.Barrier(2), [0], [0]
    lock = threading.Lock()

    def handler(_environ: Environ) -> Answer:
        with lock:
            here[0] += 1
            most[0] = max(most[0], here[0])
        barrier.wait(timeout=5)  # so two have to be here at once, and never a third
        with lock:
            here[0] -= 1
        return Answer(b"done")

    async def six() -> list[list[Message]]:
        bridge = threads(handler, count=2)
        return await asyncio.gather(*(exchange(bridge, b"") for _ in range(6)))

    assert [sent[1]["body"] for sent in in_loop(six())] == [b"done"] * 6
    assert most == [2]


def test_a_caller_who_hangs_up_while_sending_takes_no_thread() -> None:
    bridge = threads(lambda _: pytest.fail("it was asked"), larger={("POST", "/large"): 300})
    assert in_loop(exchange(bridge, b"half a", None)) == []
    assert in_loop(exchange(bridge, b"half a", None, path="/large")) == []


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=6))
def test_of_a_long_body_one_byte_more_than_allowed_is_seen(pieces: list[bytes]) -> None:
    assert in_loop(read_body(receiving(*pieces), MAX_BODY)) == b"".join(pieces)[: MAX_BODY + 1]


@given(st.lists(st.binary(max_size=90), min_size=1, max_size=6))
def test_a_larger_body_has_a_limit_too(pieces: list[bytes]) -> None:
    bridge = threads(lambda environ: Answer(body_of(environ)), larger={("POST", "/large"): 300})
    sent = in_loop(exchange(bridge, *pieces, path="/large"))
    assert sent[1]["body"] == b"".join(pieces)[:301]


def test_a_larger_body_is_for_its_route_and_method_only() -> None:
    bridge = threads(lambda environ: Answer(body_of(environ)), larger={("POST", "/large"): 300})
    for facts in ({"path": "/large/"}, {"path": "/large", "method": "PUT"}, {}):
        assert len(in_loop(exchange(bridge, b"x" * 200, **facts))[1]["body"]) == MAX_BODY + 1


def environ(body: bytes = b"", **facts: Any) -> Environ:
    return environ_of(scope(**facts), BytesIO(body), len(body))


@pytest.mark.parametrize("facts", [{}, {"path": "/é/ü", "query_string": b"q=%C3%A9"}, {"client": None, "server": None}])
def test_the_environment_is_as_the_standard_wants_it(facts: dict[str, Any]) -> None:
    def application(_environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"fine"]

    made = environ(b"body", headers=[("content-type", "text/plain"), ("host", "here")], **facts)
    answer = validator(application)(made, lambda *_: lambda _chunk: None)
    assert b"".join(answer) == b"fine"
    answer.close()  # type: ignore[attr-defined]  # the validator adds it


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.binary(max_size=20))
def test_path_and_query_arrive_unharmed(path: str, query: bytes) -> None:
    made = environ(path=f"/{path}", query_string=query)
    assert made["PATH_INFO"].encode("latin-1").decode() == f"/{path}"
    assert made["QUERY_STRING"].encode("latin-1") == query


def test_the_path_below_a_mount_is_split_from_it() -> None:
    made = environ(root_path="/mount", path="/mount/here")
    assert (made["SCRIPT_NAME"], made["PATH_INFO"]) == ("/mount", "/here")


def test_headers_become_variables() -> None:
    headers = [("content-type", "a/b"), ("x-one", "1"), ("x-one", "2"), ("cookie", "a=1"), ("cookie", "b=2")]
    made = environ(headers=headers)
    assert (made["CONTENT_TYPE"], made["HTTP_X_ONE"], made["HTTP_COOKIE"]) == ("a/b", "1,2", "a=1;b=2")


def test_a_header_with_an_underscore_cannot_pass_for_another() -> None:
    made = environ(headers=[("x-forwarded-for", "1.1.1.1"), ("x_forwarded_for", "6.6.6.6")])
    assert made["HTTP_X_FORWARDED_FOR"] == "1.1.1.1"


def test_a_body_that_names_no_length_gets_one() -> None:
    assert environ(b"12345")["CONTENT_LENGTH"] == "5"
    assert environ(b"12345", headers=[("content-length", "7")])["CONTENT_LENGTH"] == "7"
    assert "CONTENT_LENGTH" not in environ(b"")


def test_a_larger_body_may_be_about_any_of_many_things() -> None:
    bridge = threads(lambda environ: Answer(body_of(environ)), larger={("PATCH", "/{uid}/x"): 300})
    uid = "01a2065c-98d0-71fb-9f3d-4d428eb35e12"
    for path, seen in ((f"/{uid}/x", 200), (f"/{uid}/y", MAX_BODY + 1), ("/a.b/x", MAX_BODY + 1)):
        assert len(in_loop(exchange(bridge, b"x" * 200, path=path, method="PATCH"))[1]["body"]) == seen
