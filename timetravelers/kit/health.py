"""Whether this process lives, whether the house can work, and its figures."""

import hmac
from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from timetravelers.kit.api.problems import problem_response
from timetravelers.kit.errors import NotFound
from timetravelers.kit.limits import valkey

log = structlog.get_logger(__name__)

Check = Callable[[], bool]
_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """A room adds what it needs to work; `check` returns whether all is well, or raises."""
    _checks[name] = check


def live(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> HttpResponse:
    """Everything needed to serve is there: 200, or 503 naming what is not."""
    results = {name: _passes(name, check) for name, check in _checks.items()}
    well = all(results.values())
    checks = {name: "ok" if passed else "failed" for name, passed in results.items()}
    return JsonResponse({"status": "ok" if well else "failed", "checks": checks}, status=200 if well else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; with METRICS_TOKEN set, only for who carries it."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return problem_response(request, NotFound())
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except (DatabaseError, redis.RedisError, OSError) as exc:
        log.warning("health_check_failed", check=name, reason=type(exc).__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _valkey() -> bool:
    return bool(valkey().ping())


_migrated = False


def _migrations() -> bool:
    """Looked at until it is true once: a process does not unlearn a migration."""
    global _migrated  # noqa: PLW0603 - one answer a process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


register_check("database", _database)
register_check("cache and broker", _valkey)
register_check("migrations", _migrations)
