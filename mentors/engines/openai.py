"""Any OpenAI-compatible chat completions endpoint as an engine: streams its answer, keeps no conversation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3
from django.conf import settings
from requests.auth import AuthBase

from mentors.engines.at_once import AtOnce
from mentors.engines.completions import Completion, Refusal, read_completion, read_piece, refusal
from mentors.engines.counting import Budget, most_tokens
from mentors.engines.port import Answer, AnswerState, Ask, Begun, Conversation, EngineError, Hear, Trouble
from mentors.engines.sse import EventReader, EventTooLong
from mentors.manus.transport import is_loopback, new_session

OPENAI = "openai"
CONNECT_SECONDS = 5.0
LARGEST_ANSWER = 4_000_000
LONGEST_REPLY = 40_000
CHUNK = 16_384
END = "[DONE]"
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the endpoint is and how much patience it gets; `provider` is its name in the consent's wording."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    provider: str = ""
    read_timeout: float = 30.0
    total_timeout: float = 80.0
    context_tokens: int = 6_000

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
            raise ValueError("OPENAI_BASE_URL must be a plain address")
        if parts.scheme != "https" and not (parts.scheme == "http" and self.is_local):
            raise ValueError("OPENAI_BASE_URL must be https, or http on loopback")
        if not self.model:
            raise ValueError("OPENAI_MODEL must name a model")

    @property
    def is_local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")


def configured_endpoint() -> Endpoint | None:
    """The endpoint of the settings, if there is one; raises ValueError for one that makes no sense."""
    given: dict[str, Any] = settings.OPENAI
    return Endpoint(**given) if given["base_url"] else None


class _Key(AuthBase):
    """Puts the key on a request as it leaves; as an auth object it also keeps .netrc out of the exchange."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class OpenAiEngine(AtOnce):
    """Answers at once, as a stream. Asked again it answers anew: it has nothing to find an old answer by."""

    name = OPENAI
    is_stand_in = False

    def __init__(self, endpoint: Endpoint, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._endpoint = endpoint
        self._session = new_session(endpoint.base_url)
        self._monotonic = monotonic

    @property
    def recipient(self) -> str | None:
        """A model on this machine is nobody else; any other has to be named in the consent."""
        return None if self._endpoint.is_local else self._endpoint.provider or self._endpoint.base_url

    @property
    def longest_silence(self) -> float:
        return CONNECT_SECONDS + self._endpoint.read_timeout

    @property
    def budget(self) -> Budget:
        return Budget(self._endpoint.context_tokens, most_tokens)

    def begin(self, ask: Ask, conversation: Conversation, hear: Hear) -> Begun:
        completion = self._complete(self._body(ask), hear)
        text = completion.text.strip()[:LONGEST_REPLY]
        if not text and completion.filtered:
            raise EngineError(Trouble.BAD_WORDS)
        state = AnswerState.REPLIED if text else AnswerState.MUTE
        return Begun(conversation, Answer(state, text, value=None if ask.schema is None else _value(text)))

    def _body(self, ask: Ask) -> bytes:
        body: dict[str, Any] = {"model": self._endpoint.model, "messages": messages_for(ask), "stream": True}
        if ask.schema is not None:
            wanted = {"name": "answer", "strict": True, "schema": ask.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        return msgspec.json.encode(body)

    # The exchange

    def _complete(self, body: bytes, hear: Hear) -> Completion:
        """The raised error carries no link to the library's exception, which holds the request with the key."""
        try:
            return self._exchange(body, hear)
        except Refusal as no:
            raise EngineError(no.trouble, retry_after=no.retry_after) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, EventTooLong, OSError):
            pass
        raise EngineError(Trouble.DOWN)

    def _exchange(self, body: bytes, hear: Hear) -> Completion:
        deadline = self._monotonic() + self._endpoint.total_timeout
        with self._session.post(
            f"{self._endpoint.base_url.rstrip('/')}/chat/completions",
            data=body,
            headers={"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity"},
            auth=_Key(self._endpoint.api_key),
            timeout=(CONNECT_SECONDS, self._endpoint.read_timeout),
            allow_redirects=False,
            stream=True,
        ) as response:
            chunks = self._chunks(response, deadline)
            if response.status_code not in SUCCESS:
                raise refusal(response.status_code, b"".join(chunks), response.headers.get("Retry-After"))
            if "json" in response.headers.get("Content-Type", ""):
                return read_completion(b"".join(chunks))
            return _streamed(chunks, hear)

    def _chunks(self, response: requests.Response, deadline: float) -> Iterator[bytes]:
        size = 0
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            size += len(chunk)
            if size > LARGEST_ANSWER or self._monotonic() > deadline:
                raise Refusal(Trouble.DOWN)
            yield chunk


def _value(text: str) -> Any:
    """What is written in JSON; None for what is not, which happens where an endpoint takes no schemas."""
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return None


def _streamed(chunks: Iterator[bytes], hear: Hear) -> Completion:
    """The whole of a stream; one that ends before it says so is no answer."""
    reader, text, filtered = EventReader(), "", False
    for chunk in chunks:
        for data in reader.feed(chunk):
            if data.strip() == END:
                return Completion(text, filtered=filtered)
            piece = read_piece(data)
            if piece.text:
                hear(len(text), piece.text)
                text += piece.text
            if piece.finish:
                return Completion(text, filtered=piece.finish == "content_filter")
            if len(text) > LONGEST_REPLY:
                return Completion(text, filtered=filtered)
    raise Refusal(Trouble.DOWN)


def messages_for(ask: Ask) -> list[dict[str, str]]:
    """What it is told, what was said before, and what the person says now."""
    talk = [
        {"role": role, "content": text}
        for exchange in ask.transcript
        for role, text in (("user", exchange.said), ("assistant", exchange.answered))
        if text
    ]
    return [{"role": "system", "content": ask.told}, *talk, {"role": "user", "content": ask.words}]
