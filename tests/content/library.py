"""Reads the content files strictly, for the tests beside it."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from timetravelers.kit.content import parse_yaml

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
ONET = ROOT.parent / "shared" / "data" / "onet"

KIND_BY_FOLDER = {
    "taxonomy/fields.yaml": "fields",
    "taxonomy/job-zones.yaml": "job_zones",
    "taxonomy/skills.yaml": "skills",
    "taxonomy/occupations/": "occupations",
    "travelers/": "traveler",
    "missions/": "mission",
    "learning/preferences.yaml": "preferences",
    "learning/items/": "items",
    "consents.yaml": "consents",
}


def name_of(path: Path) -> str:
    return path.relative_to(CONTENT).as_posix()


def kind_of(path: Path) -> str:
    """The schema a content file answers to; a file outside the known folders has none and raises."""
    name = name_of(path)
    kinds = [kind for prefix, kind in KIND_BY_FOLDER.items() if name.startswith(prefix)]
    if len(kinds) != 1:
        raise LookupError(f"{name} belongs to no known kind of content")
    return kinds[0]


def content_files() -> list[Path]:
    return sorted(CONTENT.rglob("*.yaml"))


@cache
def validator(kind: str) -> Draft202012Validator:
    schema = json.loads((CONTENT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


@cache
def read(path: Path) -> Any:
    return parse_yaml(name_of(path), path.read_text(encoding="utf-8"))


def documents(kind: str) -> list[tuple[Path, Any]]:
    return [(path, read(path)) for path in content_files() if kind_of(path) == kind]


def fields() -> list[dict[str, Any]]:
    return [field for _, document in documents("fields") for field in document["fields"]]


def minor_groups() -> list[dict[str, Any]]:
    return [group for field in fields() for group in field["groups"]]


def job_zones() -> list[dict[str, Any]]:
    return [zone for _, document in documents("job_zones") for zone in document["job_zones"]]


def skills() -> list[dict[str, Any]]:
    return [skill for _, document in documents("skills") for skill in document["skills"]]


def occupations() -> list[dict[str, Any]]:
    return [entry for _, document in documents("occupations") for entry in document["occupations"]]


def travelers() -> list[dict[str, Any]]:
    return [document for _, document in documents("traveler")]


def missions() -> list[dict[str, Any]]:
    return [document for _, document in documents("mission")]


def sentences(value: Any) -> Iterator[str]:
    """Every string in a document, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from sentences(item)
    elif isinstance(value, list):
        for item in value:
            yield from sentences(item)


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Every run of `length` words in a row, without case and punctuation."""
    words = re.findall(r"[^\W_]+(?:['\u2019][^\W_]+)*", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def onet_rows(name: str) -> Iterator[dict[str, str]]:
    with (ONET / f"{name}.txt").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
