"""What an engine is told: parts of many kinds, chosen under a budget, each traceable to the rows it came from. Pure."""

from consciousness.context import blocks
from consciousness.context.composing import Context, compose
from consciousness.context.parts import Candidate, Kind, Origin, Part

__all__ = ["Candidate", "Context", "Kind", "Origin", "Part", "blocks", "compose"]
