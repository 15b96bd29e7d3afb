"""Passages as points: eight bits a dimension, and a bit a dimension to look through many of them quickly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consciousness.recall.lexicon import Scores

DIMENSIONS = 384
# So many of the likeliest by their signs are compared exactly; with fewer passages, all of them are.
COMPARED = 2_000
_STEPS = 127.0

Point = NDArray[np.float32]
Code = NDArray[np.int8]


def coded(points: Point) -> Code:
    """Points of length 1, or of none, in eight bits a dimension; what is no number becomes no point."""
    finite = np.nan_to_num(points, nan=0.0, posinf=0.0, neginf=0.0)
    largest = np.abs(finite).max(axis=-1, keepdims=True)
    codes: Code = np.rint(finite * (_STEPS / np.maximum(largest, 1e-9))).astype(np.int8)
    return codes


@dataclass(frozen=True, slots=True)
class Vectors:
    """The codes of passages 0..n-1. Those with nothing but zeros have no point, and no score.

    `signs` has a row for each 64 dimensions, with a bit for each of them, and a column for each passage.
    """

    codes: Code
    signs: NDArray[np.uint64]
    lengths: Scores

    @classmethod
    def of(cls, codes: Code) -> "Vectors":
        signs = np.ascontiguousarray(np.packbits(codes > 0, axis=1).view(np.uint64).T)
        lengths = np.empty(len(codes), np.float32)
        for first in range(0, len(codes), COMPARED):  # bit by bit, so that memory does not double
            part = codes[first : first + COMPARED].astype(np.float32)
            lengths[first : first + COMPARED] = np.sqrt(np.einsum("ij,ij->i", part, part))
        return cls(codes, signs, lengths)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def nbytes(self) -> int:
        return int(self.codes.nbytes + self.signs.nbytes + self.lengths.nbytes)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which of the passages have a point."""
        known: NDArray[np.bool_] = self.lengths > 0
        return known

    def cosines(self, point: Point) -> Scores:
        """How alike in meaning each passage and the point are: exact for the likeliest, estimated for the others.

        Charikar (2002): the share of signs in which two points differ is the angle between them over pi.
        """
        if len(self) <= COMPARED:
            return self._exact(point, np.arange(len(self)))
        differing = np.zeros(len(self), np.uint16)
        apart, many = np.empty(len(self), np.uint64), np.empty(len(self), np.uint8)
        for signs, sign in zip(self.signs, np.packbits(point > 0).view(np.uint64), strict=True):
            differing += np.bitwise_count(np.bitwise_xor(signs, sign, out=apart), out=many)
        cosines: Scores = _BY_DIFFERING[differing]
        # The last one's equals come along, so that the order of passages decides nothing.
        furthest = np.searchsorted(np.bincount(differing).cumsum(), COMPARED)
        likeliest = np.flatnonzero(differing <= furthest)
        cosines[likeliest] = self._exact(point, likeliest)
        return cosines

    def _exact(self, point: Point, which: NDArray[np.intp]) -> Scores:
        # Row by row, on this thread: for so little, BLAS spends more on waking threads than on multiplying.
        products = np.einsum("ij,j->i", self.codes[which].astype(np.float32), point)
        scores: Scores = (products / np.maximum(self.lengths[which], 1e-9)).astype(np.float32)
        return scores


_BY_DIFFERING = np.cos(np.pi * np.arange(DIMENSIONS + 1) / DIMENSIONS).astype(np.float32)
