"""The lists of the admin: as they open, and searched by each of the things they can be searched by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.architecture.doors import BACKEND

FOUND = "person77@many.example.org"


def lists_of(staff: User) -> dict[str, Callable[[], Any]]:
    """Every changelist of a room of ours, by name."""
    browser = Client()
    browser.force_login(staff, backend=BACKEND)
    return {
        f"ADMIN {desk.opts.label}{told}": partial(_open, browser, model, query)
        for model, desk in admin.site._registry.items()
        for told, query in _queries(desk)
    }


def _queries(desk: Any) -> list[tuple[str, dict[str, str]]]:
    """As it opens, and one search; whoever searches types an address, an id or a word."""
    searches: list[tuple[str, dict[str, str]]] = [("", {})]
    if desk.search_fields:
        some = desk.model._default_manager.order_by("pk").first()
        words = {"an address": FOUND, "a word": "forecasting", "an id": str(getattr(some, "uid", "x"))}
        searches += [(f", searched by {name}", {"q": word}) for name, word in words.items()]
    return searches


def _open(browser: Client, model: Any, query: dict[str, str]) -> None:
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    answer = browser.get(path, query)
    assert answer.status_code == 200, path
