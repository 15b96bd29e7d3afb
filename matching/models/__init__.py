"""The tables of TELL: versions of its weights, matches and what people made of them, and how fresh they are."""

from matching.models.algorithms import Algorithm
from matching.models.feedback import Block, DeclineReason, MatchFeedback
from matching.models.freshness import Freshness, Occupancy
from matching.models.matches import Match
from matching.models.snapshots import PersonSnapshot, TravelerSnapshot

__all__ = [
    "Algorithm",
    "Block",
    "DeclineReason",
    "Freshness",
    "Match",
    "MatchFeedback",
    "Occupancy",
    "PersonSnapshot",
    "TravelerSnapshot",
]
