"""Text as points in a space of meaning: the port, and which model the house uses."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from consciousness.recall.vectors import Point

# Points of different models have nothing to do with each other.
MODEL = "all-MiniLM-L6-v2-onnx-int8/1.0.0"


class Embedder(Protocol):
    """Whatever turns texts into points of length 1, rows of DIMENSIONS; the same text gives the same point."""

    def points_of(self, texts: Sequence[str]) -> Point: ...


@cache
def default_embedder() -> Embedder:
    """The house's model, the same one for everybody in a process; only those who ask load what runs it."""
    return cast("Embedder", import_module("consciousness.recall.minilm").MiniLm())
