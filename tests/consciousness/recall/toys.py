"""Passages to look through, and an embedder that is quick and knows nothing but words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np

from consciousness.recall import Passage
from consciousness.recall.vectors import DIMENSIONS, Point
from consciousness.recall.words import stems

BEGAN = datetime(2025, 1, 6, 9, tzinfo=UTC)
NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)


class ToyEmbedder:
    """A text is where its words are, each of which has a place of its own."""

    def points_of(self, texts: Sequence[str]) -> Point:
        points = np.zeros((len(texts), DIMENSIONS), np.float32)
        for place, text in enumerate(texts):
            for word in stems(text):
                points[place] += np.random.default_rng(crc32(word.encode())).standard_normal(DIMENSIONS)
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        scaled: Point = (points / np.maximum(lengths, 1e-9)).astype(np.float32)
        return scaled


def passages_of(*texts: str, group: str = "talk", days: float = 0.0) -> list[Passage]:
    """A conversation of these, a minute from one to the next, so many days after it all began."""
    first = BEGAN + timedelta(days=days)
    return [
        Passage(f"{group}.{number}", first + timedelta(minutes=number), text, group=group)
        for number, text in enumerate(texts)
    ]
