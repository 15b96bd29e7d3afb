"""How many messages a second are stored and heard on another socket, beside the usual recipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.harness import Bench, Contenders, Pair
from bench.live.talking import WINDOW, Talking, talking

SLICE_SECONDS = 1.5
# The layer that Channels' own documentation sets up. The other one of channels_redis is measured beside it.
RECIPE, OVER_PUBSUB = "recipe", "recipe over pub/sub"
ONE_AT_A_TIME = "one at a time"


@contextmanager
def contenders() -> Iterator[Contenders]:
    """200 sessions over two web processes; quickness is one over the seconds a message took to be heard."""
    with talking() as talk:
        yield {
            "ours": _measure(talk, "ours", "rate"),
            "ours, 1/p99": _measure(talk, "ours", "p99"),
            f"ours, {ONE_AT_A_TIME}": _measure(talk, "ours", "rate", window=1),
            RECIPE: _measure(talk, RECIPE, "rate"),
            f"{RECIPE}, 1/p50": _measure(talk, RECIPE, "p50"),
            f"{RECIPE}, {ONE_AT_A_TIME}": _measure(talk, RECIPE, "rate", window=1),
            OVER_PUBSUB: _measure(talk, OVER_PUBSUB, "rate"),
        }


def _measure(talk: Talking, kind: str, figure: str, window: int = WINDOW) -> Callable[[], float]:
    def measure() -> float:
        found = talk.slice(kind, SLICE_SECONDS, window)[figure]
        return found if figure == "rate" else 1 / found

    return measure


BENCH = Bench(
    name="live",
    question="how many messages are stored and heard on another socket of their session?",
    unit="messages/s, and 1/s",
    pairs=(
        Pair("ours", RECIPE, at_least=10.0),
        Pair("ours, 1/p99", f"{RECIPE}, 1/p50", at_least=1.0),
        Pair(f"ours, {ONE_AT_A_TIME}", f"{RECIPE}, {ONE_AT_A_TIME}"),
        Pair("ours", OVER_PUBSUB),
    ),
    contenders=contenders,
)
