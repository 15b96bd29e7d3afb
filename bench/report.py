"""Results as a table for a person and as JSON for later."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bench.harness import Bench, Figure, PairResult, all_met
from bench.statistics import Summary

_FIGURES_HEADER = ("figure", "value", "", "bound", "")
_HEADER = ("pair", "ratio", "95 %", "spread", "contender", "reference", "bound", "")


def table(bench: Bench, results: Iterable[PairResult]) -> str:
    """A line a pair; rates are medians in the bench's unit."""
    lines = _aligned([_HEADER, *(_row(result) for result in results)])
    return "\n".join([f"{bench.name}: {bench.question} ({bench.unit})", *lines])


def figures_table(figures: Iterable[Figure]) -> str:
    """A line a figure."""
    return "\n".join(_aligned([_FIGURES_HEADER, *(_figure_row(figure) for figure in figures)]))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"  {line}".rstrip() for line in lines]


def _figure_row(figure: Figure) -> tuple[str, ...]:
    bounds = ((">=", figure.at_least), ("<=", figure.at_most))
    bound = " ".join(f"{sign} {limit:g}" for sign, limit in bounds if limit is not None)
    verdict = "met" if figure.is_met else "MISSED"
    return (figure.name, f"{figure.value:,.4g}", figure.unit, bound, verdict if bound else "")


def _row(result: PairResult) -> tuple[str, ...]:
    bound = result.pair.at_least
    return (
        result.pair.name,
        f"{result.ratio.median:.2f}",
        f"{result.ratio.low:.2f}-{result.ratio.high:.2f}",
        f"{result.ratio.spread:.0%}",
        f"{result.contender.median:,.0f}",
        f"{result.reference.median:,.0f}",
        "" if bound is None else f">= {bound:g}",
        "" if bound is None else "met" if result.is_met else "MISSED",
    )


def document(
    bench: Bench,
    results: Sequence[PairResult],
    figures: Sequence[Figure] = (),
    *,
    at: datetime,
    machine: dict[str, Any],
) -> dict[str, Any]:
    """Everything that was measured, ready for JSON."""
    return {
        "name": bench.name,
        "question": bench.question,
        "unit": bench.unit,
        "at": at.isoformat(),
        "met": all_met([*results, *figures]),
        "pairs": [_pair(result) for result in results],
        "figures": [{**asdict(figure), "met": figure.is_met} for figure in figures],
        "machine": machine,
    }


def _pair(result: PairResult) -> dict[str, Any]:
    parts: dict[str, Summary] = {
        "ratio": result.ratio,
        "contender_rate": result.contender,
        "reference_rate": result.reference,
    }
    return {
        **asdict(result.pair),
        "met": result.is_met,
        **{name: asdict(summary) for name, summary in parts.items()},
        "rounds": [asdict(each) for each in result.rounds],
    }


def keep(folder: Path, kept: dict[str, Any], *, at: datetime) -> Path:
    """Write the document under a name of its own and return where it is; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kept['name']}-{at:%Y%m%dT%H%M%S%fZ}.json"
    path.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))
    return path
