"""How much of what answers a question recall finds among its first finds, by kind of question, beside plain ways."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean
from time import perf_counter

import numpy as np

from bench.conversations import DIALOGUES, OURS, Conversation, Question, read_set
from bench.harness import Bench, Contenders, Figure, Pair, Say
from consciousness.recall import Passage, Recall, best_of
from consciousness.recall.embedding import default_embedder
from consciousness.recall.lexicon import Scores
from consciousness.recall.scoring import Asked

FIRST = (5, 10, 25)
FUSED_BY_RANK = 60  # the constant of Cormack, Clarke and Buettcher (2009)
# Of the first ten on our own sets, and how far ahead of the best plain way; others are only measured.
LEAST = {OURS: 0.66, DIALOGUES: 0.74}
LEAST_LEAD = 0.1
UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Exam:
    """A conversation that has been read, with its questions as they are looked for."""

    told: Conversation
    recall: Recall
    asked: Sequence[tuple[Question, Asked]]


Way = Callable[[Exam, Asked], Scores]


def figures(say: Say) -> list[Figure]:
    """Shares of the evidence among the first finds, averaged over questions; and what it cost to read the set."""
    chosen = _folder()
    return [*_figures(chosen, say), *(_figures(DIALOGUES, say, "dialogues, ") if chosen == OURS else ())]


def _figures(folder: Path, say: Say, of: str = "") -> Iterator[Figure]:
    started = perf_counter()
    exams = _exams(folder)
    turns = sum(len(exam.told.passages) for exam in exams)
    say(f"  {folder}: {len(exams)} conversations, {turns} turns")
    yield Figure(f"{of}reading {turns} turns and their questions", perf_counter() - started, "s")
    shares = {name: _shares(exams, way) for name, way in WAYS.items()}
    yield from _by_kind(shares, of)
    yield from _over_all(shares, of, least=LEAST.get(folder))
    yield from _abstention(exams, of)


def _folder() -> Path:
    return Path(os.environ.get("RECALL_SET") or OURS)


def _exams(folder: Path) -> list[Exam]:
    return [_exam(told) for told in read_set(folder)]


def _exam(told: Conversation) -> Exam:
    recall = Recall(told.passages, embedder=default_embedder(), zone=told.zone)
    return Exam(told, recall, [(each, recall.asked(each.text, each.asked_at)) for each in told.questions])


def _by_words(exam: Exam, asked: Asked) -> Scores:
    return exam.recall.index.by_words(np.unique(asked.whole.terms))


def _by_meaning(exam: Exam, asked: Asked) -> Scores:
    assert asked.whole.point is not None
    return exam.recall.index.by_meaning(asked.whole.point)


def _by_rank(exam: Exam, asked: Asked) -> Scores:
    ranks = (np.argsort(np.argsort(-way(exam, asked), kind="stable")) for way in (_by_words, _by_meaning))
    fused: Scores = np.sum([1 / (FUSED_BY_RANK + rank) for rank in ranks], axis=0)
    return fused


def _ours(exam: Exam, asked: Asked) -> Scores:
    return exam.recall.scored(asked).total


WAYS: dict[str, Way] = {
    "words alone (BM25)": _by_words,
    "meaning alone": _by_meaning,
    "rank fusion": _by_rank,
    "ours": _ours,
}
Shares = dict[str, list[dict[int, float]]]


def _shares(exams: Sequence[Exam], way: Way) -> Shares:
    """For each question with evidence, by kind: which share of it is among the first finds."""
    found: Shares = {}
    for exam in exams:
        keys = np.array([str(passage.key) for passage in _in_order(exam)])
        for question, asked in exam.asked:
            if question.evidence:
                order = keys[np.argsort(-way(exam, asked), kind="stable")]
                share = {first: len(question.evidence & set(order[:first])) / len(question.evidence) for first in FIRST}
                found.setdefault(question.kind, []).append(share)
    return found


def _in_order(exam: Exam) -> list[Passage]:
    """As the index has them."""
    return sorted(exam.told.passages, key=lambda passage: passage.at)


def _by_kind(shares: dict[str, Shares], of: str) -> Iterator[Figure]:
    for kind in next(iter(shares.values())):
        for first in FIRST:
            for name, found in shares.items():
                many = len(found[kind])
                yield Figure(f"{of}{kind} ({many}), first {first}: {name}", _mean(found[kind], first))


def _over_all(shares: dict[str, Shares], of: str, *, least: float | None) -> Iterator[Figure]:
    whole = {name: [share for kind in found.values() for share in kind] for name, found in shares.items()}
    for first in FIRST:
        means = {name: _mean(found, first) for name, found in whole.items()}
        for name, mean in means.items():
            bound = least if name == "ours" and first == 10 else None
            yield Figure(f"{of}all, first {first}: {name}", mean, at_least=bound)
        lead = means["ours"] - max(mean for name, mean in means.items() if name != "ours")
        yield Figure(f"{of}all, first {first}: lead of ours", lead, at_least=LEAST_LEAD if least else None)


def _mean(shares: Sequence[dict[int, float]], first: int) -> float:
    return fmean(share[first] for share in shares)


def _abstention(exams: Sequence[Exam], of: str) -> Iterator[Figure]:
    """Whether the best score tells what was never said from what was: 0.5 is a coin, 1 is always."""
    best: dict[bool, list[float]] = {True: [], False: []}
    for exam in exams:
        for question, asked in exam.asked:
            found = best_of(exam.recall.index, exam.recall.scored(asked), 1)
            best[question.kind == UNANSWERABLE].append(max((each.score for _, each in found), default=0.0))
    if best[True] and best[False]:
        answered, unanswered = np.array(best[False]), np.array(best[True])
        higher = (answered[:, None] > unanswered).mean() + (answered[:, None] == unanswered).mean() / 2
        yield Figure(f"{of}unanswerable ({len(unanswered)}): lower best score than an answerable one", float(higher))


@contextmanager
def contenders() -> Iterator[Contenders]:
    """The questions of one conversation, read already."""
    exam = _exam(next(iter(read_set(_folder()))))
    ways = {"ours": _ours, "words": _by_words, "meaning": _by_meaning}
    yield {name: partial(_rate, exam, way) for name, way in ways.items()}


def _rate(exam: Exam, way: Way) -> float:
    started = perf_counter()
    questions = list(islice(exam.asked, 40))
    for _, asked in questions:
        way(exam, asked)
    return len(questions) / (perf_counter() - started)


BENCH = Bench(
    name="recall",
    question="how much of the turns that answer a question are among the first that recall finds?",
    unit="questions/s, embedded before",
    pairs=(Pair("ours", "words"), Pair("ours", "meaning")),
    contenders=contenders,
    figures=figures,
)
