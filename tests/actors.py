"""The phone of a test: sends JSON with a real access token through the whole WSGI handler."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.test import Client
from django.test.client import ClientHandler

from accounts.models import User
from accounts.tokens import issue
from tests.factories.accounts import make_sign_in

API = "/api/v1"


def access_token(user: User) -> str:
    """A real access token of somebody who has just signed in."""
    return issue(user, make_sign_in(user)).access


@cache
def _handler() -> ClientHandler:
    """One handler for all phones: making one means looking at every static file there is."""
    return ClientHandler(enforce_csrf_checks=True)


class ApiClient:
    """Speaks as one person, or as nobody. Paths are whole, or relative to the API (`/me/`, `/missions/`).

    `body` is sent as JSON, also what Python's json can say and JSON forbids (NaN); `raw` is sent as it is.
    Answers are Django's test responses, with `.status_code`, `.headers`, `.content` and `.json()`.
    """

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.token = access_token(user) if user else None
        self._client = Client()
        self._client.handler = _handler()

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        return self.send("POST", path, body, raw=raw, headers=headers)

    def patch(self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        return self.send("PATCH", path, body, raw=raw, headers=headers)

    def put(self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        return self.send("PUT", path, body, raw=raw, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """One request; header names are given as keywords (`If_Match="..."`, `Idempotency_Key="..."`)."""
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self._client.generic(
            method,
            _whole(path),
            data,
            content_type=sent.pop("Content-Type", "application/json"),
            headers=sent,
            query_params=query,
        )


def _whole(path: str) -> str:
    elsewhere = (API, "/_allauth/", "/.well-known/", "/dev/", "/admin/", "/healthz/", "/metrics", "/hooks/")
    return path if path.startswith(elsewhere) else API + path


Api = Callable[[User | None], ApiClient]
