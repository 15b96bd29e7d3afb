"""An OpenAI-compatible endpoint as an engine: over real HTTP, when it behaves and when it does not."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.engines.completions import Refusal, read_completion, read_piece, refusal
from mentors.engines.openai import LARGEST_ANSWER, LONGEST_REPLY, Endpoint, OpenAiEngine, messages_for
from mentors.engines.port import AnswerState, Ask, Begun, Conversation, EngineError, Exchange, Trouble
from tests.mentors.engines.endpoint import ChatEndpoint, Script, piece, refusing, serving, stream, whole

KEY = "sk-a-key-that-nobody-may-see"
ASK = Ask(
    "mark", "mark 1", "What now?", "You are a mentor.", [Exchange("Hello.", "Hello to you."), Exchange("Hm.", "")]
)


def engine_at(url: str, **facts: Any) -> OpenAiEngine:
    return OpenAiEngine(Endpoint(url, "a-model", KEY, **facts))


def begin(endpoint: ChatEndpoint, heard: list[tuple[int, str]] | None = None, **facts: Any) -> Begun:
    def hear(offset: int, text: str) -> None:
        if heard is not None:
            heard.append((offset, text))

    return engine_at(endpoint.url, **facts).begin(ASK, Conversation(), hear)


def test_a_stream_is_heard_as_it_comes_and_answered_whole() -> None:
    heard: list[tuple[int, str]] = []
    with serving(stream("Begin ", "with one ", "thing. ❤")) as endpoint:
        begun = begin(endpoint, heard)
    assert begun.answer is not None
    assert (begun.answer.state, begun.answer.text) == (AnswerState.REPLIED, "Begin with one thing. ❤")
    assert not begun.answer.simulated
    assert heard == [(0, "Begin "), (6, "with one "), (15, "thing. ❤")]


def test_what_it_is_asked() -> None:
    with serving(stream("Yes.")) as endpoint:
        begin(endpoint)
    assert endpoint.paths == ["/v1/chat/completions"]
    assert endpoint.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert endpoint.requests == [
        {
            "model": "a-model",
            "stream": True,
            "messages": [
                {"role": "system", "content": "You are a mentor."},
                {"role": "user", "content": "Hello."},
                {"role": "assistant", "content": "Hello to you."},
                {"role": "user", "content": "Hm."},
                {"role": "user", "content": "What now?"},
            ],
        }
    ]


def test_an_endpoint_that_does_not_stream() -> None:
    with serving(whole("All at once.")) as endpoint:
        answer = begin(endpoint).answer
    assert answer is not None
    assert answer.text == "All at once."


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        (refusing(401), Trouble.SHUT),
        (refusing(403), Trouble.SHUT),
        (refusing(404), Trouble.SHUT),
        (refusing(402), Trouble.SPENT),
        (refusing(429, "insufficient_quota"), Trouble.SPENT),
        (refusing(429), Trouble.BUSY),
        (refusing(400), Trouble.BAD_WORDS),
        (refusing(413), Trouble.BAD_WORDS),
        (refusing(500), Trouble.DOWN),
        (refusing(503), Trouble.DOWN),
        (refusing(302, Location="http://127.0.0.1:9/"), Trouble.DOWN),
        (refusing(799), Trouble.BAD_WORDS),
        (Script([b"not json"], content_type="application/json"), Trouble.DOWN),
        (Script([b"{}"], content_type="application/json"), Trouble.DOWN),
        (Script([b"<html>"], content_type="text/html"), Trouble.DOWN),
        (Script([b"data: {broken\n\n"]), Trouble.DOWN),
        (Script([b'data: {"error": {"code": "server_error"}}\n\n']), Trouble.DOWN),
        (Script([b'data: {"error": {"code": "insufficient_quota"}}\n\n']), Trouble.SPENT),
        (Script([b"data: " + b"[" * 100_000 + b"\n\n"]), Trouble.DOWN),
        (Script([piece("Half of an ans")], hang_up=True), Trouble.DOWN),
        (Script([]), Trouble.DOWN),
        (Script([piece("", "content_filter")]), Trouble.BAD_WORDS),
        (Script([b": alive\n\n" * 20_000] * 30), Trouble.DOWN),
    ],
)
def test_what_goes_wrong(script: Script, trouble: Trouble) -> None:
    with serving(script) as endpoint, pytest.raises(EngineError) as caught:
        begin(endpoint)
    assert caught.value.trouble is trouble
    assert not caught.value.ambiguous
    assert KEY not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_it_says_when_to_come_again() -> None:
    with serving(refusing(429, Retry_After="17")) as endpoint, pytest.raises(EngineError) as caught:
        begin(endpoint)
    assert caught.value.retry_after == 17


def test_silence_has_an_end() -> None:
    with serving(Script([piece("Hm"), piece("m")], pause=0.6)) as endpoint, pytest.raises(EngineError) as caught:
        begin(endpoint, read_timeout=0.2)
    assert caught.value.trouble is Trouble.DOWN


def test_dripping_has_an_end_too() -> None:
    with serving(stream(*["drip "] * 50, pause=0.02)) as endpoint, pytest.raises(EngineError) as caught:
        begin(endpoint, total_timeout=0.1)
    assert caught.value.trouble is Trouble.DOWN


def test_nobody_there() -> None:
    with pytest.raises(EngineError) as caught:
        engine_at("http://127.0.0.1:9/v1").begin(ASK, Conversation(), lambda _o, _t: None)
    assert caught.value.trouble is Trouble.DOWN


def test_an_answer_without_end_is_cut() -> None:
    with serving(stream(*["x" * 5_000] * 40)) as endpoint:
        answer = begin(endpoint).answer
    assert answer is not None
    assert len(answer.text) == LONGEST_REPLY
    assert LARGEST_ANSWER > LONGEST_REPLY


def test_an_answer_without_words() -> None:
    with serving(stream(" \n")) as endpoint:
        answer = begin(endpoint).answer
    assert answer is not None
    assert answer.state is AnswerState.MUTE


class Enough(Exception):
    """Whoever listens has heard enough."""


def test_who_listens_can_end_it() -> None:
    def hear(_offset: int, _text: str) -> None:
        raise Enough

    with serving(stream(*["word " * 1000] * 500, pause=0.01)) as endpoint:
        with pytest.raises(Enough):
            engine_at(endpoint.url).begin(ASK, Conversation(), hear)
        assert endpoint.cut_off.wait(30)


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("http://example.org/v1", "m"),
        ("https://user:pass@example.org/v1", "m"),
        ("https://example.org/v1?key=1", "m"),
        ("ftp://127.0.0.1/", "m"),
        ("nonsense", "m"),
        ("http://127.0.0.1:8080/v1", ""),
    ],
)
def test_endpoints_that_make_no_sense(url: str, model: str) -> None:
    with pytest.raises(ValueError, match="OPENAI_"):
        Endpoint(url, model)


def test_who_gets_to_see_the_words() -> None:
    assert engine_at("http://127.0.0.1:8080/v1").recipient is None
    assert engine_at("https://api.example.org/v1", provider="Example").recipient == "Example"
    assert engine_at("https://api.example.org/v1").recipient == "https://api.example.org/v1"


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(Endpoint("https://api.example.org/v1", "m", KEY))


TEXTS = st.text(max_size=200)


@given(st.lists(st.builds(Exchange, TEXTS, TEXTS), max_size=12), TEXTS, TEXTS)
def test_what_was_said_goes_along_in_order(said: list[Exchange], told: str, words: str) -> None:
    messages = messages_for(Ask("m", "m 1", words, told, said))
    assert messages[0] == {"role": "system", "content": told}
    assert messages[-1] == {"role": "user", "content": words}
    flat = [text for one in said for text in (one.said, one.answered) if text]
    assert [one["content"] for one in messages[1:-1]] == flat


@given(st.binary(max_size=200), st.integers(100, 999))
def test_whatever_it_says_is_read_or_refused(body: bytes, status: int) -> None:
    assert isinstance(refusal(status, body, body[:5].decode("latin1")), Refusal)
    for read in (lambda: read_piece(body.decode(errors="replace")), lambda: read_completion(body)):
        with suppress(Refusal):
            read()


SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}},
    "required": ["title"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(("said", "value"), [('{"title": "SQL"}', {"title": "SQL"}), ("Here you are: SQL", None)])
def test_a_schema_is_filled_where_the_endpoint_takes_one(said: str, value: Any) -> None:
    with serving(stream(said)) as endpoint:
        asked = Ask("mark", "mark 1", "What now?", "You are a mentor.", schema=SCHEMA)
        answer = engine_at(endpoint.url).begin(asked, Conversation(), lambda _offset, _text: None).answer
    assert answer is not None
    assert answer.value == value
    assert endpoint.requests[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }
