"""The table for people, and the JSON that is kept."""

import json
import platform
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from bench import machine, report
from bench.harness import Bench, Figure, Pair, PairResult, Round

AT = datetime(2026, 11, 22, 18, 0, 1, 5, tzinfo=UTC)
ROUNDS = tuple(Round((100.0, 110.0), (200.0 + extra, 210.0)) for extra in range(7))
BENCH = Bench("some", "how fast?", "answers/s", (), contenders=lambda: nullcontext({}))


def results(at_least: float | None) -> list[PairResult]:
    return [PairResult(Pair("ours", "stock", at_least=at_least), ROUNDS)]


def test_the_table_says_ratio_rates_and_whether_the_bound_was_met() -> None:
    met = report.table(BENCH, results(1.5)).splitlines()
    assert met[0] == "some: how fast? (answers/s)"
    assert met[1].split() == ["pair", "ratio", "95", "%", "spread", "contender", "reference", "bound"]
    assert met[2].split()[:4] == ["ours", "/", "stock", "1.97"]
    assert met[2].endswith(">= 1.5  met")
    assert report.table(BENCH, results(2.5)).endswith(">= 2.5  MISSED")
    assert "bound" in report.table(BENCH, results(None)).splitlines()[1]


def test_what_is_kept_can_be_read_again_and_holds_every_figure(tmp_path: Path) -> None:
    document = report.document(BENCH, results(2.5), at=AT, machine={"cores": 2})
    path = report.keep(tmp_path / "new", document, at=AT)
    assert path == tmp_path / "new" / "some-20261122T180001000005Z.json"
    kept = json.loads(path.read_bytes())
    assert kept == json.loads(json.dumps(document))
    assert (kept["met"], kept["at"], kept["machine"]) == (False, "2026-11-22T18:00:01.000005+00:00", {"cores": 2})
    [pair] = kept["pairs"]
    assert (pair["contender"], pair["reference"], pair["at_least"], pair["met"]) == ("ours", "stock", 2.5, False)
    assert [each["reference"] for each in pair["rounds"]] == [[100.0, 110.0]] * 7
    assert pair["ratio"]["low"] <= pair["ratio"]["median"] <= pair["ratio"]["high"]


def test_figures_are_a_table_of_their_own_with_their_bounds() -> None:
    figures = [Figure("agreement", 0.98765, at_least=0.9), Figure("time", 1234.5, "ms", at_most=30.0), Figure("n", 7)]
    lines = report.figures_table(figures).splitlines()
    assert lines[0].split() == ["figure", "value", "bound"]
    assert lines[1].split() == ["agreement", "0.9877", ">=", "0.9", "met"]
    assert lines[2].split() == ["time", "1,234", "ms", "<=", "30", "MISSED"]
    assert lines[3].split() == ["n", "7"]


def test_figures_are_kept_and_a_missed_one_is_a_missed_bench() -> None:
    missed = Figure("time", 31.0, "ms", at_most=30.0)
    kept = report.document(BENCH, results(1.5), [missed], at=AT, machine={})
    assert kept["met"] is False
    assert kept["figures"] == [
        {"name": "time", "value": 31.0, "unit": "ms", "at_least": None, "at_most": 30.0, "met": False}
    ]
    assert report.document(BENCH, results(1.5), at=AT, machine={})["figures"] == []


def test_the_machine_is_described_and_not_named() -> None:
    facts = machine.facts()
    assert facts["cores"] >= 1
    assert facts["python"] == platform.python_version()
    assert facts["packages"]["django"].startswith("5.2")
    assert platform.node() not in json.dumps({name: fact for name, fact in facts.items() if name != "packages"})
