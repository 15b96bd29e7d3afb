"""`manage.py list_errors`: every error code of the house as a page for those who write clients."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from timetravelers.kit.errors import DomainError

HEAD = """\
# Error codes

Every refusal is a problem (RFC 9457), over REST and over the socket. Branch on `code`, show `detail`, quote
`request_id` when you ask us about it. Codes never change their meaning; new ones may come, so treat an
unknown code by its status. This page is made by `manage.py list_errors`.

| code | status | title | when |
|---|---|---|---|
"""


class Command(BaseCommand):
    """Writes the page to standard output."""

    help = "Print docs/errors.md: every error code with its status, title and meaning."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(error_page(), ending="")


def error_page() -> str:
    """The page as Markdown, sorted by code."""
    return HEAD + "".join(sorted(_row(error) for error in coded_errors()))


def coded_errors() -> list[type[DomainError]]:
    """Every domain error of the house that has a code of its own."""
    autodiscover_modules("errors")
    kit = ("api.problems", "api.idempotency", "live.socket")
    for module in (settings.ROOT_URLCONF, *(f"timetravelers.kit.{name}" for name in kit)):
        import_module(module)
    return [error for error in _below(DomainError) if "code" in vars(error) and _is_ours(error)]


def _below(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for narrower in error.__subclasses__():
        yield narrower
        yield from _below(narrower)


def _is_ours(error: type[DomainError]) -> bool:
    return not error.__module__.startswith("tests.")


def _row(error: type[DomainError]) -> str:
    meaning = (error.__doc__ or "").strip().splitlines()[0]
    return f"| `{error.code}` | {error.status} | {error.title} | {meaning} |\n"
