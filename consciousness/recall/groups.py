"""Which passages belong together, and what passages have of those beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.lexicon import Scores

Places = NDArray[np.intp]

# Of what a passage has of the one before it, what it has of the one after, and of those one further off: an answer
# follows its question.
AFTER, FURTHER = 0.6, 0.25


@dataclass(frozen=True, slots=True)
class Groups:
    """Conversations: `order` has all passages, conversation by conversation as they went; each begins at `starts`.

    `ranks` has the place of each passage in that order. `follows` says of each place in it whether the passage before
    it is of the same conversation, `follows_two` whether the one before that is too.
    """

    order: Places
    ranks: Places
    starts: Places
    sizes: Places
    follows: Scores
    follows_two: Scores

    @classmethod
    def of(cls, numbers: NDArray[np.int64], at: NDArray[np.float64]) -> "Groups":
        order = np.lexsort((at, numbers))
        ranks = np.empty_like(order)
        ranks[order] = np.arange(len(order))
        sorted_numbers = numbers[order]
        follows = np.zeros(len(order), np.bool_)
        follows[1:] = sorted_numbers[1:] == sorted_numbers[:-1]
        follows_two = follows.copy()
        follows_two[1:] &= follows[:-1]
        starts = np.flatnonzero(~follows)
        sizes = np.diff(np.append(starts, len(order)))
        return cls(order, ranks, starts, sizes, follows.astype(np.float32), follows_two.astype(np.float32))

    def with_neighbours(self, scores: Scores, share: float) -> Scores:
        """Each score, a share of the one before it in the same conversation, and less of others nearby."""
        ordered = scores[self.order]
        summed = ordered.copy()
        before, after = np.float32(share), np.float32(share * AFTER)
        summed[1:] += before * ordered[:-1] * self.follows[1:]
        summed[:-1] += after * ordered[1:] * self.follows[1:]
        further = np.float32(share * FURTHER)
        summed[2:] += further * ordered[:-2] * self.follows_two[2:]
        summed[:-2] += further * ordered[2:] * self.follows_two[2:]
        found: Scores = summed[self.ranks]
        return found

    def best(self, scores: Scores) -> Scores:
        """For each passage, the best score in its conversation."""
        found: Scores = self._best(scores[self.order])[self.ranks]
        return found

    def reaching(self, places: Places, scores: Scores, beside: float, along: float) -> Scores:
        """In this order: what scores at some places are worth to all, whichever is most.

        A passage has its own score, or a share `beside` of those next to it, or `along` of the best of its
        conversation.
        """
        ordered = np.zeros(len(self.order), np.float32)
        ordered[self.ranks[places]] = scores
        reached = np.float32(along) * self._best(ordered)
        np.maximum(reached, ordered, out=reached)
        near = np.float32(beside) * ordered
        np.maximum(reached[1:], near[:-1] * self.follows[1:], out=reached[1:])
        np.maximum(reached[:-1], near[1:] * self.follows[1:], out=reached[:-1])
        return reached

    def _best(self, ordered: Scores) -> Scores:
        if not len(ordered):
            return ordered
        best: Scores = np.repeat(np.maximum.reduceat(ordered, self.starts), self.sizes)
        return best
