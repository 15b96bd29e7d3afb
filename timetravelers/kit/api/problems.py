"""Errors as RFC 9457 problems: the one shape in which anything goes wrong, over REST and websocket alike."""

from collections.abc import Callable, Iterator
from itertools import islice
from math import ceil
from typing import Any

import orjson
import redis
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from timetravelers.kit.constraints import broken_constraint, meaning_of
from timetravelers.kit.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
    Unavailable,
)
from timetravelers.kit.observability import request_id

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:timetravelers:problem:"
MAX_FIELD_ERRORS = 100  # a body of nothing but mistakes does not get an answer many times its size


class Malformed(Invalid):
    """The body could not even be read."""

    status = 400
    code = "malformed"
    title = "The request could not be read"


class Unauthenticated(DomainError):
    """Nobody known is calling."""

    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class MethodNotAllowed(DomainError):
    """The resource is there and does not do this."""

    status = 405
    code = "method_not_allowed"
    title = "This method is not allowed here"


class UnsupportedMediaType(DomainError):
    """The body is in a format nobody here reads."""

    status = 415
    code = "unsupported_media_type"
    title = "Send JSON"


class Internal(DomainError):
    """A fault of ours; the log knows more than the phone."""

    code = "internal"


def problem(error: DomainError, *, instance: str = "") -> dict[str, Any]:
    """The problem object of an error; `retry_after` is in whole seconds."""
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail or error.title,
        "instance": instance,
        "code": error.code,
        "request_id": request_id(),
        **error.extra,
    }
    if error.errors:
        body["errors"] = [{"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in error.errors]
    if error.retry_after is not None:
        body["retry_after"] = ceil(error.retry_after)
    return body


def as_domain_error(exc: Exception) -> DomainError:
    """Translate whatever was raised; what nobody foresaw becomes `Internal` and is logged with its trace."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, IntegrityError):
        return _from_constraint(exc)
    if isinstance(exc, DataError):
        # What no column can hold (a NUL, a number out of range) is not cured by trying again.
        log.warning("value_cannot_be_stored", exc_info=exc)
        return Invalid("A value is not one that can be looked up or stored.")
    if isinstance(exc, DatabaseError | redis.RedisError):
        log.error("engine_failed", exc_info=exc)
        return Unavailable("Please try again in a moment.", retry_after=2)
    return _from_framework(exc)


def _from_constraint(exc: IntegrityError) -> DomainError:
    name = broken_constraint(exc)
    if (meant := meaning_of(name)) is not None:
        return meant
    log.error("constraint_unmapped", constraint=name, exc_info=exc)
    return Conflict("This would contradict what is already stored.")


def _from_framework(exc: Exception) -> DomainError:  # noqa: PLR0911 - one line a kind is the clearest table
    match exc:
        case drf.ValidationError():
            errors = islice(_field_errors(exc.get_full_details()), MAX_FIELD_ERRORS)
            return Invalid("Some fields need another look.", errors=tuple(errors))
        case drf.Throttled():
            return RateLimited("Please slow down.", retry_after=getattr(exc, "wait", None))
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return Unauthenticated("Send a valid access token.")
        case RequestDataTooBig():
            return TooLarge()
        case drf.ParseError() | SuspiciousOperation() | RecursionError():
            # allauth reads JSON with Python's own parser, which gives up on deep nesting by recursion.
            return Malformed()
        case drf.MethodNotAllowed():
            return MethodNotAllowed()
        case drf.UnsupportedMediaType():
            return UnsupportedMediaType()
        case Http404() | drf.NotFound():
            return NotFound()
        case PermissionDenied() | drf.PermissionDenied():
            return Forbidden()
        case _:
            log.error("unforeseen_error", exc_info=exc)
            return Internal("It is our fault, and it has been noted.")


def _field_errors(details: Any, pointer: str = "") -> Iterator[FieldError]:
    """Flatten DRF's nested details into JSON pointers."""
    if _is_message(details):
        yield FieldError(pointer or "/", str(details["code"]), str(details["message"]))
    elif isinstance(details, dict):
        for key, value in details.items():
            below = pointer if key == "non_field_errors" else f"{pointer}/{_escape(str(key))}"
            yield from _field_errors(value, below)
    elif isinstance(details, list):
        for index, value in enumerate(details):
            yield from _field_errors(value, pointer if _is_message(value) else f"{pointer}/{index}")


def _is_message(details: Any) -> bool:
    """True for one message; false for the messages of two fields that happen to be called so."""
    return isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["message"], str)


def _escape(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def error_headers(error: DomainError) -> dict[str, str]:
    """The headers that go with a problem, whichever way it leaves."""
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(ceil(error.retry_after))
    if error.status == Unauthenticated.status:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook: every exception of a view becomes a problem, and its transaction is undone."""
    set_rollback()
    error = as_domain_error(exc)
    instance = context["request"].path if context.get("request") else ""
    return Response(
        problem(error, instance=instance), status=error.status, headers=error_headers(error), content_type=CONTENT_TYPE
    )


def problem_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The problem as a plain Django answer, for what never reached a DRF view."""
    return HttpResponse(
        orjson.dumps(problem(error, instance=request.path)),
        status=error.status,
        headers=error_headers(error),
        content_type=CONTENT_TYPE,
    )


_refusals: dict[int, type[DomainError]] = {
    error.status: error for error in (Malformed, Forbidden, NotFound, MethodNotAllowed, RateLimited)
}


class ProblemMiddleware:
    """Turns what plain Django views, its middleware and the router refuse into problems, outside the admin's pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in _refusals and _is_page(response) and not _speaks_html(request):
            _put_problem(request, response)
        return response

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        return None if _speaks_html(request) else problem_response(request, as_domain_error(exc))


def _speaks_html(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/")


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _put_problem(request: HttpRequest, response: HttpResponse) -> None:
    """In place of a page of Django's (a wrong method, a missing CSRF token); its other headers stay."""
    refusal = problem_response(request, _refusals[response.status_code]())
    response.content = refusal.content
    response["Content-Type"] = CONTENT_TYPE
    response["Content-Length"] = str(len(refusal.content))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """`handler404`."""
    return problem_response(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """`handler400`."""
    return problem_response(request, Malformed())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """`handler403`."""
    return problem_response(request, Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`."""
    return problem_response(request, Internal("It is our fault, and it has been noted."))
