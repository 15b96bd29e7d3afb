"""A copy of what the catalogue says a person gets one of, written as a zip without holding it in memory."""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import orjson
from django.core.files.storage import storages

from timetravelers.kit.catalogue import StoredFile
from timetravelers.kit.clock import now
from timetravelers.kit.personal import Rule, rules, stored_files

SCHEMA_VERSION = 1
ROWS_AT_ONCE = 500
READ_ME = "manifest.json"


def write_archive(file: IO[bytes], person: int, subject: UUID) -> None:
    """Write `data/<table>.json` for each exported table, the person's files, and a manifest of what is there.

    Reads rows in chunks; a file that is gone from its storage is named in the manifest as missing.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = {name: _write_table(archive, name, rule, person) for name, rule in _exported()}
        files = {one.label: _write_file(archive, one) for one in stored_files(person) if one.label}
        archive.writestr(READ_ME, orjson.dumps(_manifest(subject, now(), tables, files), option=orjson.OPT_INDENT_2))


def _exported() -> Iterator[tuple[str, Rule]]:
    for rule in rules():
        if rule.copy:
            yield rule.label, rule


def _manifest(subject: UUID, made_at: datetime, tables: dict[str, int], files: dict[str, bool]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "subject": subject,
        "made_at": made_at,
        "tables": [{"name": name, "file": _place(name), "rows": rows} for name, rows in sorted(tables.items())],
        "files": [{"file": f"files/{label}", "included": found} for label, found in sorted(files.items())],
    }


def _place(table: str) -> str:
    return f"data/{table}.json"


def _write_table(archive: zipfile.ZipFile, name: str, rule: Rule, person: int) -> int:
    number = 0
    rows = rule.rows(person).order_by("pk").values(*(lookup for _, lookup in rule.copy))
    with archive.open(_place(name), "w", force_zip64=True) as member:
        member.write(b"[")
        for number, row in enumerate(rows.iterator(chunk_size=ROWS_AT_ONCE), start=1):
            member.write(b",\n" if number > 1 else b"\n")
            member.write(orjson.dumps({label: row[lookup] for label, lookup in rule.copy}, default=str))
        member.write(b"\n]\n")
    return number


def _write_file(archive: zipfile.ZipFile, one: StoredFile) -> bool:
    try:
        source = storages[one.storage].open(one.name)
    except FileNotFoundError:
        return False
    with source, archive.open(f"files/{one.label}", "w", force_zip64=True) as member:
        shutil.copyfileobj(source, member)
    return True
