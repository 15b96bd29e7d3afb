"""What is read of matches."""

from matching.selectors.proposals import Proposal, match_with

__all__ = ["Proposal", "match_with"]
