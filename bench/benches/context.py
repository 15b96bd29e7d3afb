"""What a call tells, gathered and composed: for a session of 5,000 turns as for one of 50."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median, quantiles
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Consent, User
from bench.harness import Bench, Contenders, Figure, Pair, Say
from consciousness.context import Context, compose
from consciousness.disclosure import telling_about
from consciousness.models import Memory, Message, Session, Turn
from consciousness.selectors.context import Wanted, candidates_for, hints_for
from consciousness.services.passages import read_ended_turns
from consciousness.services.remembering import fingerprint_of
from consciousness.services.summing import advance_summary
from mentors.engines import Budget, most_tokens
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens
from mentors.models import Traveler
from mentors.services.versions import newest_version
from timetravelers.kit.clock import now

SHORT, LONG = 50, 5_000
REPEATS = 30
MEMORIES = 200
BUDGETS = {"one message to Manus": Budget(MESSAGE_TOKEN_LIMIT, estimated_tokens), "50,000": Budget(50_000, most_tokens)}
QUESTION = "What did I say about the course in spring?"
SUBJECTS = ("the course", "my brother", "the interview", "statistics", "the move", "my manager", "the portfolio")


def _person(turns: int) -> Session:
    """Somebody with one session of so many turns, summed up and read, and with things to remember."""
    user = User.objects.create_user(f"talks{turns}@example.org")
    Consent.objects.create(user=user, purpose=Consent.Purpose.AI_PROVIDER, version=1, granted_at=now())
    traveler = Traveler.objects.order_by("slug")[0]
    version = newest_version(traveler)
    session = Session.objects.create(user=user, traveler=traveler, version=version, consent_version=1, goal="A role.")
    _talk(session, turns)
    texts = [f"I plan number {number} for {SUBJECTS[number % 7]}." for number in range(MEMORIES)]
    Memory.objects.bulk_create(
        Memory(user=user, kind="goal", text=text, fingerprint=fingerprint_of(text), confidence=1.0, state="kept",
               decided_at=now()) for text in texts
    )  # fmt: skip
    while advance_summary(session.uid):
        continue
    return session


def _talk(session: Session, number: int) -> None:
    moment = now()
    turns = Turn.objects.bulk_create(
        Turn(session=session, state="completed", due_at=moment, ended_at=moment) for _ in range(number)
    )
    said = [
        f"On day {day} I decided something about {SUBJECTS[day % 7]}, and wrote {day} lines." for day in range(number)
    ]
    Message.objects.bulk_create(
        message
        for day, turn in enumerate(turns)
        for message in (
            Message(session=session, turn=turn, author="user", text=said[day], client_id=f"day {day}"),
            Message(session=session, turn=turn, author="traveler", text=f"Good. The next step after {day} is small."),
        )
    )


def _compose(session: Session, budget: Budget, question: str = "") -> Context:
    hints = hints_for(session, question, now())
    wanted = Wanted(session, None, tokens=budget.tokens, hints=hints)
    return compose(candidates_for(wanted, telling_about(session.user_id)), None, budget)


def figures(say: Say) -> list[Figure]:
    """Queries and milliseconds of each, for each budget, with and without a question for recall."""
    sessions = {turns: _person(turns) for turns in (SHORT, LONG)}
    read_ended_turns()
    say(f"  {MEMORIES} memories each; the longer one is summed up in {sessions[LONG].summary.count()} stretches")
    return [figure for budget in BUDGETS for question in ("", QUESTION)
            for figure in _figures(sessions, budget, question)]  # fmt: skip


def _figures(sessions: dict[int, Session], budget: str, question: str) -> Iterator[Figure]:
    about = f"{budget}{', with a question' if question else ''}"
    medians = {}
    for turns, session in sessions.items():
        with CaptureQueriesContext(connection) as queries:
            context = _compose(session, BUDGETS[budget], question)
        times = [_milliseconds(session, budget, question) for _ in range(REPEATS)]
        medians[turns] = median(times)
        yield Figure(f"{about}: {turns} turns, queries", len(queries))
        yield Figure(f"{about}: {turns} turns, tokens", context.tokens, at_most=BUDGETS[budget].tokens)
        yield Figure(f"{about}: {turns} turns, p50", medians[turns], "ms")
        yield Figure(f"{about}: {turns} turns, p95", quantiles(times, n=20)[-1], "ms")
    yield Figure(f"{about}: {LONG} turns against {SHORT}, time", medians[LONG] / medians[SHORT])


def _milliseconds(session: Session, budget: str, question: str) -> float:
    started = perf_counter()
    _compose(session, BUDGETS[budget], question)
    return 1000 * (perf_counter() - started)


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Contexts of two sessions, each long enough to fill one message to Manus."""
    yield {f"{turns} turns": partial(_rate, _found(turns)) for turns in (500, LONG)}


def _found(turns: int) -> Session:
    """The session that `figures` has made, or a new one."""
    made = Session.objects.filter(user__email=f"talks{turns}@example.org").select_related("version", "user").first()
    return made or _person(turns)


def _rate(session: Session) -> float:
    started = perf_counter()
    for _ in range(REPEATS):
        _compose(session, BUDGETS["one message to Manus"])
    return REPEATS / (perf_counter() - started)


BENCH = Bench(
    name="context",
    question="is what a call tells composed as fast for 5,000 turns as for 500?",
    unit="contexts/s",
    pairs=(Pair("5000 turns", "500 turns", at_least=0.8),),
    contenders=contenders,
    figures=figures,
)
