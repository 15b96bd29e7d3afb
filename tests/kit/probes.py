"""A room that exists only in tests: small views that do one thing each, beside the routes of the house."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Skill, User
from timetravelers import urls
from timetravelers.kit.api.conditional import expected_version, is_unchanged
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import CatalogueQuery, NewestFirst, OldestFirst, catalogue_page
from timetravelers.kit.api.permissions import is_anyone, is_signed_in
from timetravelers.kit.api.serializers import Input, Real, Text, Whole
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    RateLimited,
    TooLarge,
    Unavailable,
)
from timetravelers.kit.live.tickets import issue_ticket

SECRET = "hunter2-in-a-message"
GATE = threading.Event()  # what a gated handler waits for
INSIDE = threading.Event()  # says that it does


class Inner(Input):
    """Fields whose names are those of DRF's own messages."""

    message = Text(max_length=3)
    code = Text(max_length=3)


class ProbeIn(Input):
    """One of everything an input may hold."""

    name = Text(max_length=20)
    count = Whole(required=False, min_value=0, max_value=10)
    share = Real(required=False, min_value=0, max_value=1)
    inner = Inner(required=False)
    parts = Inner(many=True, required=False)
    tags = serializers.ListField(child=Text(max_length=3), required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "a/b~c": Whole(required=False)}


class EchoView(ApiView):
    """Gives back what it understood."""

    policy = is_signed_in
    throttle_scope = {"POST": "write", "PUT": "write"}

    def post(self, request: Request) -> Response:
        return Response(self.parse(ProbeIn, request))

    def put(self, request: Request) -> Response:
        return Response(self.parse(ProbeIn, request, partial=True))


def _detailed() -> Exception:
    wrong = FieldError("/name", "taken", "Choose another.")
    return Conflict("Somebody was faster.", errors=(wrong,), retry_after=1.2, extra={"winner": "bob"})


def _without_ticket() -> Exception:
    issue_ticket(bearer=SECRET, resource="probe")
    return RuntimeError("There was a ticket.")


FAULTS: dict[str, Callable[[], Exception]] = {
    "invalid": Invalid,
    "too-large": TooLarge,
    "not-found": NotFound,
    "forbidden": Forbidden,
    "conflict": Conflict,
    "precondition-failed": PreconditionFailed,
    "rate-limited": lambda: RateLimited(retry_after=2.1),
    "unavailable": lambda: Unavailable(retry_after=3),
    "detailed": _detailed,
    "ticket": _without_ticket,
    "http404": lambda: Http404(SECRET),
    "django-forbidden": lambda: PermissionDenied(SECRET),
    "suspicious": lambda: SuspiciousOperation(SECRET),
    "recursion": lambda: RecursionError(SECRET),
    "runtime": lambda: RuntimeError(SECRET),
    "key": lambda: KeyError(SECRET),
}


class FaultView(ApiView):
    """Raises what it is asked for."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, _request: Request, kind: str) -> Response:
        fault = FAULTS[kind]()
        raise fault


def plain_fault(_request: HttpRequest, kind: str) -> HttpResponse:
    """The same without DRF."""
    fault = FAULTS[kind]()
    raise fault


class DatabaseView(ApiView):
    """Runs into what the database refuses, or loses it."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, request: Request, kind: str) -> Response:
        if kind == "twin":
            User.objects.create(email=request.query_params["email"])
        elif kind == "nul":
            Skill.objects.filter(key="\0").first()
        elif kind == "range":
            Skill.objects.create(key="k", name="x" * 5000)
        elif kind == "lost":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return Response({"found": User.objects.count()})


class NobodyView(ApiView):
    """Names no policy."""

    throttle_scope = "open"

    def get(self, _request: Request) -> Response:
        return Response({"let": "in"})


class UnscopedView(ApiView):
    """Names no throttle scope."""

    policy = is_anyone

    def get(self, _request: Request) -> Response:
        return Response({"let": "in"})


class TinyView(ApiView):
    """Has a scope of its own, which tests put into the settings."""

    policy = is_anyone
    throttle_scope = "tiny"

    def get(self, _request: Request) -> Response:
        return Response({"let": "in"})


class MakeIn(Input):
    """What to make, and what to do after having made it."""

    key = Text(max_length=60)
    then = Text(required=False, allow_blank=True, max_length=10, default="")


class MakeView(ApiView):
    """Creates a row; may then fail, lose its connection, or wait at the gate."""

    policy = is_signed_in
    throttle_scope = "probe-make"

    @idempotent
    def post(self, request: Request) -> Response:
        wanted = self.parse(MakeIn, request)
        made = Skill.objects.create(key=wanted["key"], name=wanted["key"], kind=Skill.Kind.TECHNOLOGY)
        if wanted["then"] == "fail":
            raise Conflict("Changed my mind.")
        if wanted["then"] == "die":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        if wanted["then"] == "wait":
            INSIDE.set()
            GATE.wait(10)
        return Response({"id": made.pk, "key": made.key}, status=201)


class VersionView(ApiView):
    """Says which version the caller insists on, or that nothing has changed since version 3."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, request: Request) -> Response:
        return Response({"expected": expected_version(request), "unchanged": is_unchanged(request, '"3"')})


class SkillOut(serializers.Serializer[Any]):
    key = serializers.CharField()


class NewestView(ApiView):
    """Skills as a list that grows."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, request: Request) -> Response:
        return NewestFirst().page_response(Skill.objects.order_by(), request, SkillOut)


class OldestView(ApiView):
    """The same the other way round."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, request: Request) -> Response:
        return OldestFirst().page_response(Skill.objects.order_by(), request, SkillOut)


class CatalogueView(ApiView):
    """Skills as a small catalogue."""

    policy = is_anyone
    throttle_scope = "open"

    def get(self, request: Request) -> Response:
        query = self.parse_query(CatalogueQuery, request)
        return Response(catalogue_page(request, Skill.objects.order_by("key"), query, SkillOut))


urlpatterns = [
    path("api/v1/probe/echo/", EchoView.as_view()),
    path("api/v1/probe/faults/<slug:kind>/", FaultView.as_view()),
    path("api/v1/probe/plain/<slug:kind>/", plain_fault),
    path("api/v1/probe/database/<slug:kind>/", DatabaseView.as_view()),
    path("api/v1/probe/nobody/", NobodyView.as_view()),
    path("api/v1/probe/unscoped/", UnscopedView.as_view()),
    path("api/v1/probe/tiny/", TinyView.as_view()),
    path("api/v1/probe/make/", MakeView.as_view()),
    path("api/v1/probe/version/", VersionView.as_view()),
    path("api/v1/probe/newest/", NewestView.as_view()),
    path("api/v1/probe/oldest/", OldestView.as_view()),
    path("api/v1/probe/catalogue/", CatalogueView.as_view()),
    path("", include(urls)),
]

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
