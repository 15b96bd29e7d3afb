"""docs/plans.md: how the database went about each statement, part by part."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import connection

from tests.plans.explaining import Judge, Node, Plan

Evidence = dict[str, list[Plan]]
PAGE = Path(__file__).parent.parent.parent / "docs" / "plans.md"
PARTS = ("Requests", "Workers", "Admin")
MARK = "<!-- {} -->"
HEAD = """\
# Query plans

How PostgreSQL goes about what this house asks of it: `EXPLAIN (ANALYZE, BUFFERS)` of every statement behind every
request, sweep, claim and admin list, as `tests/plans` hears them at the public doors. Written by `make plans`; do not
edit. The same tests run in the suite on a smaller database, and fail when a statement reads a large table whole,
looks at more than 10,000 rows in vain, or sorts as many.

One line a statement: the tables and indexes it reads, the rows it gives, the 8 kB pages it looks at, and how long it
took with warm buffers, without the network. Statements that are the same but for their values are shown once; those on
tables that stay small are left out.
"""


def write_page(part: str, evidence: Evidence, judge: Judge) -> None:
    """Put one part in its place, and the sizes it was measured on at the top; the other parts stay."""
    before = _parts(PAGE.read_text()) if PAGE.exists() else {}
    parts = {**before, part: _part(part, evidence, judge)}
    bodies = [f"{MARK.format(name)}\n{parts[name]}" for name in PARTS if name in parts]
    PAGE.write_text("\n".join([HEAD, _sizes(judge), *bodies]))


def _parts(text: str) -> dict[str, str]:
    pieces = re.split(r"^<!-- (\w+) -->\n", text, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def _sizes(judge: Judge) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    sizes = sorted(((rows, table) for table, rows in judge.rows.items() if table in judge.large), reverse=True)
    told = ", ".join(f"{table} {rows:,}" for rows, table in sizes)
    return f"PostgreSQL {version}, its own settings. Rows: {told}.\n"


def _part(part: str, evidence: Evidence, judge: Judge) -> str:
    lines = [f"## {part}", "", "| asked by | statement | reads | rows | pages | ms |", "|---|---|---|---:|---:|---:|"]
    for name, plans in evidence.items():
        told = {_line(plan): plan for plan in plans if _large_tables(plan, judge)}
        shown = list(told.items()) or []
        for number, (line, plan) in enumerate(shown):
            asked = name.replace("|", "/") if number == 0 else ""
            rows = round(plan.root["Actual Rows"] * plan.root["Actual Loops"])
            lines.append(f"| {asked} | {line} | {rows} | {plan.pages} | {plan.milliseconds:.2f} |")
    return "\n".join(lines) + "\n"


def _large_tables(plan: Plan, judge: Judge) -> set[str]:
    return {node["Relation Name"] for node in plan.nodes() if "Relation Name" in node} & judge.large


def _line(plan: Plan) -> str:
    return f"{_shortened(plan)} | {_reads(plan)}"


def _shortened(plan: Plan) -> str:
    """The verb, the tables, and what decides which rows: enough to find the statement in the code."""
    text = " ".join(plan.statement.text.split())
    ending = re.search(r"\b(?:ORDER BY .*|LIMIT .*|FOR UPDATE.*)$", text, re.IGNORECASE)
    tail = re.sub(r'"', "", ending[0])[:70] if ending else ""
    return f"{plan.statement.verb} {', '.join(plan.statement.tables)} {tail}".strip().replace("|", "/")


def _reads(plan: Plan) -> str:
    return "<br>".join(dict.fromkeys(_read(node) for node in plan.nodes() if _is_read(node))) or "writes only"


def _is_read(node: Node) -> bool:
    return "Index Name" in node or "Scan" in node["Node Type"]


def _read(node: Node) -> str:
    return f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name') or ''}".strip()
