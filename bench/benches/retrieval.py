"""How long somebody with very many turns waits for what recall finds, from the question to the texts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median, quantiles
from time import perf_counter, process_time

import numpy as np
import psutil
from django.db import connection
from numpy.typing import NDArray

from accounts.models import User
from bench.conversations import OURS, read_set
from bench.harness import Bench, Contenders, Figure, Pair, Say
from bench.live.people import open_sessions
from consciousness.models import Passage, Session
from consciousness.recall import asked_of, codes_of, terms_of
from consciousness.recall.embedding import MODEL, default_embedder
from consciousness.recall.vectors import coded
from consciousness.selectors.recall import recalled_turns
from consciousness.selectors.search import finds_of
from consciousness.selectors.shelves import forget_shelf, shelf_of
from timetravelers.kit.ids import uuid7
from timetravelers.kit.statements import fetch_all

Text = tuple[str, str, bytes]
Points = NDArray[np.float32]

TURNS, SESSIONS = 100_000, 500
TOP = 20
QUESTIONS = 120
SLOWEST = 50.0  # ms
BEGAN = datetime(2008, 1, 1, tzinfo=UTC)
ASKED = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 10_000
# So many different turns are said again and again; each time their points lie a little elsewhere.
DIFFERENT = 400
BLUR = 0.05
SEED = 7


def figures(say: Say) -> list[Figure]:
    """Waits of a warm process, of one that knows nothing of the person yet, and memory."""
    say(f"  laying down {TURNS:,} turns of one person")
    person, questions = _laid_down()
    default_embedder().points_of(["warm"])
    before = _resident()
    forget_shelf(person.pk)
    cold = _milliseconds(lambda: shelf_of(person.pk))
    shelf = shelf_of(person.pk)
    waits = [_wait(person, question) for question in questions]
    work = [_cpu(partial(_wait, person, question)) for question in questions]
    embedding = [_milliseconds(partial(asked_of, question, ASKED, default_embedder())) for question in questions]
    return [
        Figure(f"top {TOP} of {TURNS:,} turns, p50", median(waits), "ms"),
        Figure(f"top {TOP} of {TURNS:,} turns, p95", quantiles(waits, n=20)[-1], "ms", at_most=SLOWEST),
        Figure("of that at work in the process, p95", quantiles(work, n=20)[-1], "ms of a processor"),
        Figure("of that the question's own point, p50", median(embedding), "ms"),
        Figure("first question to a process, without the model's loading", cold, "ms"),
        Figure("held for the person", shelf.nbytes / 1e6, "MB"),
        Figure("growth of the process with it", (_resident() - before) / 1e6, "MB"),
        Figure("the process, model and all", _resident() / 1e6, "MB"),
    ]


def _wait(person: User, question: str) -> float:
    return _milliseconds(lambda: recalled_turns(user=person.pk, question=question, asked_at=ASKED, limit=TOP))


def _milliseconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


def _cpu(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return 1000 * (process_time() - started)


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


def _laid_down() -> tuple[User, list[str]]:
    """A person with as many turns, out of our own conversations, and questions about them."""
    told = read_set(OURS)
    passages = [passage for each in told for passage in each.passages][:: max(1, len(told))][:DIFFERENT]
    questions = [question.text for each in told for question in each.questions][:: max(1, len(told) // 3)][:QUESTIONS]
    ((uid, _),) = open_sessions(1)
    person = Session.objects.get(uid=uid).user
    texts = [(passage.said, passage.answered, terms_of(passage.text).tobytes()) for passage in passages]
    _copy(person, texts, np.array(codes_of(passages, default_embedder()), np.float32))
    return person, questions


def _copy(person: User, texts: Sequence[Text], points: Points) -> None:
    first = person.sessions.get()
    facts = {"user": person, "traveler": first.traveler, "version": first.version, "consent_version": 1}
    more = [Session(**facts, opened_at=BEGAN) for _ in range(SESSIONS - 1)]
    sessions = [first.pk, *(each.pk for each in Session.objects.bulk_create(more))]
    dice = np.random.default_rng(SEED)
    for start in range(0, TURNS, CHUNK):
        numbers = range(start, start + CHUNK)
        turns = _turns([sessions[number * SESSIONS // TURNS] for number in numbers], start)
        some = [texts[number % len(texts)] for number in numbers]
        blurred = points[[number % len(texts) for number in numbers]] / 127
        codes = coded((blurred + BLUR * dice.standard_normal(blurred.shape)).astype(np.float32))
        _say(turns, some)
        _keep(person, turns, [terms for _, _, terms in some], [code.tobytes() for code in codes])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consciousness_turn, consciousness_message, consciousness_passage")


# An hour and a half from one turn to the next: a hundred thousand of them are seventeen years.
_TURNS = """
    INSERT INTO consciousness_turn (
        uid, session_id, state, attempts, due_at, engine, sends, heard_in, created_at, updated_at, ended_at, failure,
        is_passage_due)
    SELECT uid, session, 'completed', 1, at, '', 0, '', at, at, at, '', false
      FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[]) AS made (uid, session, at)
    RETURNING id
"""
_MESSAGES = """
    INSERT INTO consciousness_message (
        uid, session_id, turn_id, author, text, engine, simulated, stand_in, created_at, words)
    SELECT made.uid, turn.session_id, turn.id, %s, made.text, '', false, false, turn.created_at, ''
      FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS made (uid, turn, text)
      JOIN consciousness_turn turn ON turn.id = made.turn
    RETURNING id
"""
_PASSAGES = """
    INSERT INTO consciousness_passage (user_id, turn_id, terms, code, model, written_at)
    SELECT %s, turn.id, terms, code, %s, turn.created_at
      FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS made (turn, terms, code)
      JOIN consciousness_turn turn ON turn.id = made.turn
    RETURNING id
"""


def _turns(sessions: list[int], start: int) -> list[int]:
    uids = [uuid7() for _ in sessions]
    times = [BEGAN + timedelta(minutes=90 * (start + number)) for number in range(len(sessions))]
    return [key for (key,) in fetch_all(_TURNS, [uids, sessions, times])]


def _keep(person: User, turns: list[int], terms: list[bytes], codes: list[bytes]) -> None:
    fetch_all(_PASSAGES, [person.pk, MODEL, turns, terms, codes])


def _say(turns: list[int], texts: Sequence[Text]) -> None:
    for author, place in (("user", 0), ("traveler", 1)):
        said = [(turn, text[place]) for turn, text in zip(turns, texts, strict=True) if text[place]]
        fetch_all(_MESSAGES, [author, [uuid7() for _ in said], [turn for turn, _ in said], [text for _, text in said]])


@contextmanager
def contenders() -> Iterator[Contenders]:
    """The same questions put to recall, warm, and to the search of messages, which looks for all of their words."""
    person = Passage.objects.order_by("pk")[0].user
    told = [question.text for each in read_set(OURS) for question in each.questions][:20]
    yield {
        "recall": lambda: _rate(told, lambda each: _wait(person, each)),
        "search": lambda: _rate(told, lambda each: _milliseconds(lambda: finds_of(person, each, limit=TOP))),
    }


def _rate(questions: Sequence[str], ask: Callable[[str], float]) -> float:
    return 1000 * len(questions) / sum(ask(question) for question in questions)


BENCH = Bench(
    name="retrieval",
    question=f"how long does recall take among {TURNS:,} turns of one person?",
    unit="questions/s",
    pairs=(Pair("recall", "search"),),
    contenders=contenders,
    figures=figures,
)
