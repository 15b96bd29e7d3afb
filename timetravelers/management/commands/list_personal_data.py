"""`manage.py list_personal_data`: the data catalogue as a page for those who build, audit and answer questions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from timetravelers.kit.catalogue import Link, Table, exemptions, tables
from timetravelers.kit.disclosure import Disclosure, disclosures
from timetravelers.kit.expiry import jobs
from timetravelers.kit.tags import Category, Purpose, Tag

HEAD = """\
# Data catalogue

Every column of every table that is about a person: what kind of thing it is, why we hold it, for how long, and
whether it may go to the AI provider. It is written in code, next to each room's models (`personal.py`), and erasure,
the person's copy, retention and the briefings of Travelers follow it; a column without a tag fails the tests. People
read the same at `GET /api/v1/me/data-catalogue/`. This page is made by `manage.py list_personal_data`.
"""


class Command(BaseCommand):
    """Writes the page to standard output."""

    help = "Print docs/data-catalogue.md: what we hold about people, why, how long, and who may be told."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(catalogue_page(), ending="")


def catalogue_page() -> str:
    """The page as Markdown, the same for the same catalogue."""
    parts = (HEAD, _words(), _jobs(), _told(), "## Tables about people\n", *map(_table, tables()), _nobody())
    return "\n".join(parts)


def _words() -> str:
    kinds = _rows(("category", "what it is"), ((f"`{one.key}`", f"{one.title}: {one.says}") for one in Category))
    reasons = _rows(("purpose", "why we hold it"), ((f"`{one.key}`", one.says) for one in Purpose))
    return f"## Categories\n\n{kinds}\n## Purposes\n\n{reasons}"


def _jobs() -> str:
    known = sorted(jobs().values(), key=lambda job: job.name)
    lines = _rows(("job", "we keep it"), ((f"`{job.name}`", job.retention.words) for job in known))
    text = "What `kit.apply_retention` lets go of, hour by hour; the rest goes with the account."
    return f"## Retention\n\n{text}\n\n{lines}"


def _told() -> str:
    told = sorted(disclosures(), key=lambda one: (one.model._meta.label_lower, one.columns))
    head = ("table", "columns", "how")
    lines = _rows(head, (_disclosure(one) for one in told))
    return f"## What the AI provider is told\n\nUnder a live consent, and nothing else.\n\n{lines}"


def _disclosure(one: Disclosure) -> tuple[str, str, str]:
    columns = ", ".join(f"`{name}`" for name in one.columns)
    return f"`{one.model._meta.label_lower}`", columns, "worked out" if one.worked_out else "as it is"


def _table(table: Table) -> str:
    links = "".join(f"- {_link(link)}\n" for link in table.links)
    kept = "; or ".join(retention.words for retention in table.retention)
    head = ("column", "category", "purpose", "to the AI", "in the copy as", "notes")
    columns = _rows(head, map(_column, table.columns))
    return f"### `{table.label}`: {table.title}\n\n{links}- Kept {kept}.\n\n{columns}"


def _link(link: Link) -> str:
    way = "its own rule" if link.find else f"`{link.path}`" if link.path else "being the person"
    return f"Leads to a person by {way}; when they leave: {link.fate.value} ({link.reason})."


def _column(column: Tag) -> tuple[str, ...]:
    leaves = f"with consent `{column.leaves}`" if column.leaves else "never"
    labels = ", ".join(f"`{label}`" for label, _ in column.copy) or "-"
    return f"`{column.name}`", column.category.key, column.purpose.key, leaves, labels, "; ".join(_notes(column))


def _notes(column: Tag) -> Iterator[str]:
    if column.secret:
        yield "secret"
    if column.special:
        yield "protected: neither TELL nor the AI sees it"
    if column.leaves_as:
        yield f"only {column.leaves_as} may leave"
    if column.retention is not None:
        yield f"kept {column.retention.words}"


def _nobody() -> str:
    reasons = sorted((model._meta.label_lower, reason) for model, reason in exemptions().items())
    lines = _rows(("table", "why"), ((f"`{label}`", reason) for label, reason in reasons))
    return f"## Tables about nobody\n\n{lines}"


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
