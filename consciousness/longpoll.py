"""The event log over REST: waits for news without holding a thread or a database connection."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson

from accounts.authentication import SCHEME
from accounts.tokens import InvalidToken
from consciousness.admission import Admission, admit_async, still_valid_async
from consciousness.eventlog import PAGE, LoggedEvent, events_after
from consciousness.frames import MAX_SEQ
from consciousness.groups import session_group
from timetravelers.kit.api.problems import (
    CONTENT_TYPE,
    MethodNotAllowed,
    Unauthenticated,
    as_domain_error,
    error_headers,
    problem,
)
from timetravelers.kit.errors import FieldError, Invalid, RateLimited
from timetravelers.kit.limits import LocalWindow
from timetravelers.kit.live.hub import hub
from timetravelers.kit.observability import REQUEST_ID_HEADER, begin_context

ROUTE = re.compile(r"^/api/v1/sessions/(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/events/$")
LONGEST_WAIT = 30
POLLS_PER_MINUTE = 120

_polls = LocalWindow(limit=POLLS_PER_MINUTE)
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Query:
    """What the phone holds already, and how many seconds it will wait for more."""

    after: int
    wait: int


def is_long_poll(path: str) -> bool:
    """Whether a path is this route's."""
    return ROUTE.match(path) is not None


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
    """`GET /api/v1/sessions/{uid}/events/?after=SEQ&wait=SECONDS` -> `{"events": [...], "seq": N}`."""
    headers = {key.decode("latin1"): value.decode("latin1") for key, value in scope["headers"]}
    request_id = begin_context(headers.get(REQUEST_ID_HEADER.lower()))
    answer_headers = {REQUEST_ID_HEADER: request_id, "Cache-Control": "no-store"}
    try:
        body = await _answer(scope, headers, receive)
    except asyncio.CancelledError:
        raise
    except Exception as exc:  # noqa: BLE001 - as everywhere, whatever it was becomes a problem
        error = as_domain_error(exc)
        body = orjson.dumps(problem(error, instance=scope["path"]))
        answer_headers |= {"Content-Type": CONTENT_TYPE, **error_headers(error)}
        await _respond(send, error.status, answer_headers, body)
    else:
        await _respond(send, HTTPStatus.OK, {"Content-Type": "application/json", **answer_headers}, body)


async def _answer(scope: dict[str, Any], headers: dict[str, str], receive: Callable[[], Awaitable[Any]]) -> bytes:
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed
    query = parse_query(scope["query_string"].decode("latin1"))
    match = ROUTE.match(scope["path"])
    admission = await _admit(UUID(match["uid"]) if match else UUID(int=0), headers)
    if (delay := _polls.wait(str(admission.user.pk))) > 0:
        raise RateLimited(retry_after=delay)
    # A seq from the future would hide events: as over the socket, believe no more than there is.
    query = replace(query, after=min(query.after, admission.session.last_seq))
    events = await _news(admission, query, receive)
    await _check_papers(admission)
    return _body(events, query.after)


async def _admit(uid: UUID, headers: dict[str, str]) -> Admission:
    header = headers.get("authorization", "")
    token = header[len(SCHEME) :] if header.startswith(SCHEME) else None
    try:
        admission: Admission = await admit_async(uid, access_token=token, ticket=None)
    except InvalidToken as exc:
        raise Unauthenticated from exc
    return admission


async def _check_papers(admission: Admission) -> None:
    """Much can happen to somebody's rights in half a minute of waiting."""
    try:
        await still_valid_async(admission.claims)
    except InvalidToken as exc:
        raise Unauthenticated from exc


def parse_query(text: str) -> Query:
    """The query string, checked; raises Invalid."""
    values = parse_qs(text, keep_blank_values=True)
    return Query(after=_number(values, "after", MAX_SEQ), wait=_number(values, "wait", LONGEST_WAIT))


def _number(values: dict[str, list[str]], name: str, highest: int) -> int:
    text = values.get(name, ["0"])[-1]
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > highest:  # noqa: PLR2004 - 2**53
        raise Invalid(errors=(FieldError(f"/{name}", "invalid", f"A whole number from 0 to {highest}."),))
    return int(text)


async def _news(admission: Admission, query: Query, receive: Callable[[], Awaitable[Any]]) -> list[LoggedEvent]:
    events = await events_after(admission.session.pk, query.after)
    if events or not query.wait:
        return events
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_wait_for_news(admission, query))
        gone = group.create_task(_until_gone(receive))
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not waiting.done():
            waiting.cancel()
            return []
    return waiting.result()


class _Bell:
    """A poll that watches a session: rung once."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()

    def rung(self, _seq: int) -> None:
        self.heard.set()

    def told(self, _frame: str) -> None:
        """What is in no log is not for polls."""

    def papers_called(self) -> None:
        """Looked at before anything is answered."""


async def _wait_for_news(admission: Admission, query: Query) -> list[LoggedEvent]:
    bell = _Bell()
    group = session_group(admission.session.uid)
    hub().join(group, bell)
    try:
        # Looked at again now that the bell can be heard, so that nothing falls between the two.
        events = await events_after(admission.session.pk, query.after)
        if events:
            return events
        async with asyncio.timeout(query.wait):
            await bell.heard.wait()
    except TimeoutError:
        pass
    finally:
        hub().leave(group, bell)
    return await events_after(admission.session.pk, query.after)


async def _until_gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(events: list[LoggedEvent], after: int) -> bytes:
    newest = events[-1].seq if events else after
    more = "true" if len(events) == PAGE else "false"
    frames = ",".join(event.frame for event in events)
    return f'{{"events":[{frames}],"seq":{newest},"more":{more}}}'.encode()


async def _respond(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": int(status), "headers": pairs})
    await send({"type": "http.response.body", "body": body})
