"""What is seen from outside: request ids, a log line a request, and figures for Prometheus."""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.registry import Collector
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from timetravelers.kit.ids import uuid7

log = structlog.get_logger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

requests_total = Counter("tt_http_requests_total", "HTTP answers", ["route", "method", "status"])
request_seconds = Histogram("tt_http_request_seconds", "Seconds to answer an HTTP request", ["route"])


def ask_once(collector: Collector) -> None:
    """Have Prometheus ask a collector whenever it looks, however often this is called."""
    if collector not in REGISTRY._collector_to_names:  # noqa: SLF001 - the registry has no other way to ask
        REGISTRY.register(collector)


def request_id() -> str:
    """The id of the request (or socket, or task) being served; empty outside of one."""
    return str(get_contextvars().get("request_id", ""))


def begin_context(candidate: str | None = None, **facts: Any) -> str:
    """Start a fresh logging context under the caller's id if it is a sane one, else under a new one."""
    chosen = candidate if candidate and _ACCEPTABLE_ID.fullmatch(candidate) else uuid7().hex
    clear_contextvars()
    bind_contextvars(request_id=chosen, **facts)
    return chosen


class RequestContextMiddleware:
    """Gives each request an id, one log line and its figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = begin_context(request.headers.get(REQUEST_ID_HEADER))
        started = time.perf_counter()
        response = self.get_response(request)
        response[REQUEST_ID_HEADER] = chosen
        _record(request, response, time.perf_counter() - started)
        return response


def _record(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "unrouted"
    # Callers may invent methods, and every label value is kept for good.
    method = request.method if request.method in _METHODS else "OTHER"
    requests_total.labels(route, method, response.status_code).inc()
    request_seconds.labels(route).observe(seconds)
    log.info(
        "request",
        method=method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
