"""`Idempotency-Key`: a creating request sent twice happens once.

The answer is stored in the transaction of the write, under an advisory lock that dies with its connection:
a killed process leaves neither a half-done write nor a key that stays "in flight".
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import orjson
from django.db import connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from timetravelers.kit.api.problems import Malformed
from timetravelers.kit.api.rendering import JsonRenderer
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.errors import Conflict, FieldError, Invalid
from timetravelers.kit.models import IdempotentAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
MAX_KEY_LENGTH = 255
P = ParamSpec("P")
V = TypeVar("V", bound=ApiView)
Handler = Callable[Concatenate[V, Request, P], Response]


class KeyReused(Invalid):
    """The key came with another body before."""

    code = "idempotency_key_reused"
    title = "This idempotency key was used for another request"


class StillRunning(Conflict):
    """The first request with this key has not ended."""

    code = "idempotency_in_flight"
    title = "The first request with this key is still running"


def idempotent(handler: Handler[V, P]) -> Handler[V, P]:
    """Wrap a creating handler. Only successes are kept: a request that failed may be tried again.

    Raises KeyReused, StillRunning, and Invalid for a key that is none. The same key of another person, or at
    another kind of resource, is another key.
    """

    @wraps(handler)
    def guarded(view: V, request: Request, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        _check(key)
        route = f"{request.method} {type(view).__name__}"
        with transaction.atomic():
            return _once(view, request, route, key, lambda: handler(view, request, *args, **kwargs))

    guarded.__dict__["creates_once"] = True
    return cast("Handler[V, P]", guarded)


def creates_once(handler: Callable[..., Any]) -> bool:
    """Whether a view's method is wrapped by `idempotent`."""
    return bool(getattr(handler, "creates_once", False))


def _check(key: str) -> None:
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= MAX_KEY_LENGTH:
        raise Invalid(errors=(FieldError("/", "idempotency_key", "Send 1 to 255 printable ASCII characters."),))


def _once(view: ApiView, request: Request, route: str, key: str, run: Callable[[], Response]) -> Response:
    _lock(f"{view.actor.pk}:{route}:{key}")
    print_ = _fingerprint(request)
    kept = IdempotentAnswer.objects.filter(user_id=view.actor.pk, route=route, key=key).first()
    if kept is not None:
        return _replay(kept, print_)
    response = run()
    IdempotentAnswer.objects.create(
        user_id=view.actor.pk,
        route=route,
        key=key,
        fingerprint=print_,
        status=response.status_code,
        body=JsonRenderer().render(response.data),
    )
    return response


def _lock(name: str) -> None:
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillRunning(retry_after=1)


def _fingerprint(request: Request) -> bytes:
    try:
        canonical = orjson.dumps([request.path, request.data], option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as exc:
        # orjson reads deeper nesting than it writes.
        raise Malformed from exc
    return hashlib.sha256(canonical).digest()


def _replay(kept: IdempotentAnswer, fingerprint: bytes) -> Response:
    if bytes(kept.fingerprint) != fingerprint:
        raise KeyReused
    body: Any = orjson.loads(bytes(kept.body)) if kept.body else None
    return Response(body, status=kept.status, headers={REPLAYED: "true"})
