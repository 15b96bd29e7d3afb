"""Benches are found by their modules being there."""

import sys
from types import ModuleType

import pytest

from bench import registry
from bench.harness import Bench, no_figures


def test_every_bench_loads_under_its_own_name_and_compares_what_it_sets_up() -> None:
    assert "me" in registry.names()
    for name in registry.names():
        bench = registry.load(name)
        assert bench.name == name
        assert bench.pairs or bench.figures is not no_figures
        assert bench.question.endswith("?")


def test_names_that_nobody_knows_are_told() -> None:
    assert registry.unknown(["me", "you", "them"]) == ["them", "you"]
    assert registry.unknown([]) == []


@pytest.mark.parametrize("content", [None, "a bench of another name"])
def test_a_module_without_a_bench_of_its_name_is_a_mistake(monkeypatch: pytest.MonkeyPatch, content: object) -> None:
    module = ModuleType("bench.benches.odd")
    module.BENCH = content and _named("even")  # type: ignore[attr-defined]  # a module of no content yet
    monkeypatch.setitem(sys.modules, "bench.benches.odd", module)
    with pytest.raises(TypeError, match=r"bench\.benches\.odd"):
        registry.load("odd")


def _named(name: str) -> Bench:
    found = registry.load("me")
    return Bench(name, found.question, found.unit, found.pairs, found.contenders)
