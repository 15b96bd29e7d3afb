"""How much one caller may ask for: each view names a scope, each scope has a limit in the settings."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import redis
import structlog
from django.conf import settings
from rest_framework.throttling import BaseThrottle

from timetravelers.kit.limits import LocalWindow, SharedWindow

if TYPE_CHECKING:  # DRF's views read the settings, which name this module, while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


@cache
def window(scope: str) -> LocalWindow | SharedWindow:
    """The counter of a scope."""
    options = settings.THROTTLE_SCOPES[scope]
    kind = LocalWindow if options["local"] else SharedWindow
    return kind(limit=options["per_minute"])


class NamedScope(BaseThrottle):
    """Counts by user, or by address for the unknown; a view without a scope is an error, not a free pass."""

    def __init__(self) -> None:
        self.delay: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = _scope_of(request, view)
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        try:
            waiting = window(scope).wait(f"{scope}:{who}")
        except redis.RedisError:
            # Without Valkey the house still answers; PostgreSQL is what it cannot do without.
            log.warning("throttle_unavailable", scope=scope)
            return True
        self.delay = waiting
        return waiting <= 0

    def wait(self) -> float | None:
        return self.delay


def _scope_of(request: Request, view: APIView) -> str:
    scope = getattr(view, "throttle_scope", None)
    if isinstance(scope, dict):
        scope = scope.get(request.method or "", _scope_beside(request, view, scope))
    if not isinstance(scope, str):
        raise TypeError(f"{type(view).__name__} names no throttle scope for {request.method}")
    return scope


def _scope_beside(request: Request, view: APIView, scopes: dict[str, str]) -> str | None:
    """For methods no view names: HEAD counts as GET; OPTIONS and what is refused with 405 count as open."""
    method = request.method or ""
    if method == "HEAD":
        return scopes.get("GET")
    return "open" if method == "OPTIONS" or not hasattr(view, method.lower()) else None
