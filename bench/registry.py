"""Finds the benches: each module of `bench.benches` holds one, as BENCH."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from bench import benches
from bench.harness import Bench


def names() -> list[str]:
    """The names of all benches, found without importing them."""
    return sorted(module.name for module in iter_modules(benches.__path__))


def load(name: str) -> Bench:
    """The bench of that name. Django has to be set up: benches import models."""
    bench = import_module(f"{benches.__name__}.{name}").BENCH
    if not isinstance(bench, Bench) or bench.name != name:
        raise TypeError(f"{benches.__name__}.{name} has to hold a Bench of its own name as BENCH.")
    return bench


def unknown(asked: Iterable[str]) -> list[str]:
    """Those of the names asked for that are no bench."""
    return sorted(set(asked) - set(names()))
