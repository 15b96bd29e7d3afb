"""The routes of the API as the resolver knows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

API = "api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
# What to put into a path, by the name of the parameter; none of it names anything that exists.
EXAMPLES = {"uid": "00000000-0000-7000-8000-000000000000", "turn": "00000000-0000-7000-8000-000000000001"}
BY_CONVERTER = {
    "UUIDConverter": "00000000-0000-7000-8000-00000000000f",
    "SlugConverter": "nothing-so-called",
    "StringConverter": "nothing",
    "IntConverter": "0",
    "OccupationCode": "99-9999.99",
}


@dataclass(frozen=True, slots=True)
class Route:
    """A pattern below /api/v1/ with the view behind it."""

    pattern: str
    callback: Any
    converters: dict[str, Any]

    def __str__(self) -> str:
        return f"/{self.pattern}"

    @property
    def view(self) -> Any:
        """The view class, or None for a view that is a function."""
        return getattr(self.callback, "cls", None)

    @property
    def methods(self) -> list[str]:
        """The methods that the view handles, besides HEAD and OPTIONS."""
        return [method.upper() for method in METHODS if hasattr(self.view, method)]

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.pattern)

    @property
    def example(self) -> str:
        """A path that leads to the view and names nothing that exists."""
        path = self.template
        for name, converter in self.converters.items():
            path = path.replace(f"{{{name}}}", _example(name, converter))
        return path


def _example(name: str, converter: Any) -> str:
    kind = type(converter).__name__
    assert name in EXAMPLES or kind in BY_CONVERTER, f"Add an example for <{kind}:{name}> to {__name__}."
    return EXAMPLES.get(name) or BY_CONVERTER[kind]


def all_routes() -> list[Route]:
    """Every route of the house."""
    return list(_walk(get_resolver(), "", {}))


def api_routes() -> list[Route]:
    """Every route below /api/v1/."""
    return [route for route in all_routes() if route.pattern.startswith(API)]


def _walk(resolver: URLResolver, prefix: str, converters: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        below = {**converters, **entry.pattern.converters}
        if isinstance(entry, URLPattern):
            yield Route(pattern, entry.callback, below)
        else:
            yield from _walk(entry, pattern, below)
