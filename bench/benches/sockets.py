"""What an idle socket weighs beside the least that Channels can do, and whether thousands of them slow others down."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from bench.harness import Bench, Contenders, Figure, Say
from bench.live.idle import BARE, idle_lines, weigh
from bench.live.people import open_sessions
from bench.live.talking import OURS, Talking, line, load_process
from bench.server import web_process

WEIGHED = 1_000
IDLE = 2_000
TALKING = 50
PEOPLE = 125  # nobody may have more than 20 sockets
# So short that nobody says more in a slice than may wait for a reply.
SLICE_SECONDS = 1.0
SLICES = 7


def figures(say: Say) -> Sequence[Figure]:
    """Memory first, each kind in a process of its own; then talk, without and with idle sockets around it."""
    # Whoever resumes hears what was said before, so that each talk has sessions of its own.
    first, second, people = open_sessions(TALKING), open_sessions(TALKING), open_sessions(PEOPLE)
    say(f"  weighing {WEIGHED} idle sockets of each kind")
    bare = weigh(BARE, people, WEIGHED)
    ours = weigh(OURS, people, WEIGHED)
    alone = _talk(first, people, 0)
    say(f"  {TALKING} talk while {IDLE} sockets are idle")
    crowded = _talk(second, people, IDLE)
    return (
        Figure("an idle socket of a bare consumer", bare, "kB"),
        Figure("an idle socket of ours", ours, "kB"),
        Figure("ours / bare", ours / bare, at_most=1.3),
        *_latencies("alone", alone),
        *_latencies(f"beside {IDLE} idle sockets", crowded),
    )


def _talk(talking: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]], idle: int) -> dict[str, float]:
    """50 pairs talk as fast as they can, all on the one web process that holds the idle sockets: medians of slices."""
    with web_process() as server, load_process() as process:
        talk = Talking(process, (server,))
        kinds = {
            "idle": idle_lines(server, OURS, people, idle // 2),
            "ours": [line((server, server), 0, f"{OURS}{uid}/", token) for uid, token in talking],
        }
        talk.order({"kinds": kinds})
        warm_up, *slices = [talk.slice("ours", SLICE_SECONDS, window=1) for _ in range(1 + SLICES)]
        return {name: median(one[name] for one in slices) for name in warm_up}


def _latencies(when: str, found: dict[str, float]) -> Iterator[Figure]:
    yield Figure(f"{TALKING} talk, {when}", found["rate"], "messages/s")
    for part in ("p50", "p99"):
        yield Figure(f"heard within ({part}), {when}", found[part] * 1000, "ms")


@contextmanager
def contenders() -> Iterator[Contenders]:
    """There are only figures."""
    yield {}


BENCH = Bench(
    name="sockets",
    question="what does an idle socket weigh, and whom does it slow down?",
    unit="",
    pairs=(),
    contenders=contenders,
    figures=figures,
)
