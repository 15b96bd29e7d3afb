"""What is seen from outside: request ids, structured logs, and figures for Prometheus.

No log line carries a secret or what somebody wrote: only names, ids, counts and durations.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from timetravelers.kit.ids import uuid7
from timetravelers.kit.traces import format_trace

log = structlog.get_logger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

requests_total = Counter("tt_http_requests_total", "HTTP answers", ["route", "method", "status"])
request_seconds = Histogram("tt_http_request_seconds", "Seconds to answer an HTTP request", ["route"])


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


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING: everything, ours and the libraries', through one structlog formatter."""
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False) if style == "console" else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": _shared_processors(),
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Refusals are in our own request line already; here only what is our fault, with its trace.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def configure_logging() -> None:
    """Route structlog through the standard library, once at start."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(format_trace),
    ]
