"""`python -m chaos`: seeded conversations on a house that is hurt; `make chaos` gives it its engines."""

import argparse
import asyncio
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib import import_module

import django
from django.conf import settings
from django.core.management import call_command

from chaos.environment import ground
from chaos.house import NotReady

STOPPED = 143


def main(arguments: Sequence[str]) -> int:
    """Return 0 if nothing was lost, 1 with the seeds that show it, 2 for a mistake in the asking."""
    asked = _parser().parse_args(arguments)
    if not os.environ.get("DATABASE_URL"):
        _parser().error("DATABASE_URL is not set; `make chaos` starts engines and sets it")
    # Told to stop, it leaves as if it had come to its end: nothing of it stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    with ground(os.environ) as here:
        os.environ.clear()
        os.environ.update(here.environment)
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_content", stdout=io.StringIO())
        # Models can be imported only now.
        storm = import_module("chaos.storm")
        wanted = storm.Wanted(runs=asked.runs, seed=asked.seed, at_once=asked.at_once, calm=asked.calm)
        findings = storm.Findings()
        try:
            asyncio.run(storm.storm(here, wanted, findings))
        except NotReady as problem:
            sys.stderr.write(f"error: the house does not stand:\n{problem}\n")
            return 1
        finally:
            # Also when it was stopped half-way: what was found by then holds.
            print(figures(findings.tally, time.monotonic() - findings.began, findings.losses), flush=True)
    return 1 if findings.losses else 0


def figures(tally: dict[str, int], seconds: float, losses: dict[int, str]) -> str:
    """A line a figure, and a line a loss."""
    lines = [f"  {name:<20} {number:>9,}" for name, number in sorted(tally.items())]
    lines.append(f"  {'% of doorbells lost':<20} {100 * settings.LIVE_BELLS_LOST:>9.0f}")
    lines.append(f"  {'seconds':<20} {seconds:>9,.0f}")
    lines.append(f"  {'losses':<20} {len(losses):>9,}")
    lines += [f"  again: make chaos ARGS='--runs 1 --seed {seed}': {loss}" for seed, loss in sorted(losses.items())]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first run (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=100, help="runs at a time (default: %(default)s)")
    parser.add_argument("--calm", type=float, default=1.0, help="more than 1 for fewer kills (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
