"""`python -m bench [NAME...]`: run benches and keep what they found; `make bench` gives it its engines."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command

from bench import environment, harness, machine, registry, report

RESULTS = Path(".bench")


def main(arguments: Sequence[str]) -> int:
    """Return 0 if every bound was met, 1 if one was missed, 2 for a mistake in the asking."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benches to run; all of them if none is named")
    parser.add_argument("--list", action="store_true", help="only say which benches there are")
    parser.add_argument("--rounds", type=int, default=harness.MIN_ROUNDS, help="rounds a pair (default: %(default)s)")
    parser.add_argument("--set", type=Path, metavar="FOLDER", help="conversations for recall, in place of our own")
    asked = parser.parse_args(arguments)
    if asked.list:
        print("\n".join(registry.names()))
        return 0
    _check(parser, asked)
    with environment.own_database(os.environ) as own:
        os.environ.update(own)
        if asked.set is not None:
            os.environ["RECALL_SET"] = str(asked.set.resolve())
        django.setup()
        _fill_database()
        met = [_run(name, asked.rounds) for name in asked.names or registry.names()]
    return 0 if all(met) else 1


def _check(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    """Leave with exit code 2 and a clear line unless the benches can run."""
    if unknown := registry.unknown(asked.names):
        parser.error(f"no such bench: {', '.join(unknown)} (there are: {', '.join(registry.names())})")
    if asked.rounds < harness.MIN_ROUNDS:
        parser.error(f"--rounds has to be at least {harness.MIN_ROUNDS}")
    if missing := environment.missing(os.environ):
        parser.error(f"{', '.join(missing)} not set; `make bench` starts engines and sets them")


def _fill_database() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_content", stdout=io.StringIO())


def _run(name: str, rounds: int) -> bool:
    print(name)
    bench = registry.load(name)
    figures = bench.figures(print)
    if figures:
        print(report.figures_table(figures))
    results = harness.run(bench, rounds=rounds)
    print(report.table(bench, results))
    print(f"  kept in {_keep(bench, results, figures)}\n")
    return harness.all_met([*results, *figures])


def _keep(bench: harness.Bench, results: Sequence[harness.PairResult], figures: Sequence[harness.Figure]) -> Path:
    at = datetime.now(tz=UTC)
    return report.keep(RESULTS, report.document(bench, results, figures, at=at, machine=machine.facts()), at=at)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
