"""Content files: YAML checked against a JSON Schema, with a hash that tells whether one has changed."""

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from timetravelers.kit.errors import Invalid


class ContentError(Invalid):
    """A content file that cannot be used; the sentence names the file and the place in it."""

    code = "content_invalid"
    title = "A content file is not valid"

    def __init__(self, file: str, place: str, problem: str) -> None:
        super().__init__(f"{file}: at {place}: {problem}")


@dataclass(frozen=True, slots=True)
class Document:
    """A content file that has passed its schema; `file` is its path below the content folder."""

    file: str
    data: dict[str, Any]

    @property
    def content_hash(self) -> str:
        """The same for the same meaning, however the file is laid out."""
        return canonical_hash(self.data)


def canonical_hash(data: Any) -> str:
    """SHA-256, in hexadecimal, of JSON-like data with sorted keys."""
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_document(folder: Path, file: str, schema: str) -> Document:
    """Read one file of the content folder; raises ContentError if it is missing or not what `schema` says."""
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ContentError(file, "/", f"it cannot be read ({type(exc).__name__})") from exc
    data = parse_yaml(file, text)
    _check(file, data, _validator((folder / "schemas" / f"{schema}.schema.json").read_bytes()))
    return Document(file, data)


def read_documents(folder: Path, below: str, schema: str) -> list[Document]:
    """Read every YAML file of a folder below the content folder, in the order of their names."""
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / below).glob("*.yaml"))
    return [read_document(folder, file, schema) for file in files]


def own_yaml(source: bytes) -> Any:
    """Data of a file that ships beside the code and is trusted to be YAML: quickly read, and checked by the caller."""
    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(source, Loader=loader)  # noqa: S506 - safe, and in C where there is C


def parse_yaml(file: str, text: str) -> Any:
    """Plain YAML data; raises ContentError for what is not YAML, for tags, and for a key given twice."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "/"
        raise ContentError(file, place, exc.problem or "it is not YAML") from exc
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise ContentError(file, "/", "it is not YAML") from exc


class _StrictLoader(yaml.CSafeLoader):
    """The safe loader, refusing what it would silently settle: a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML calls it so
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is given twice", node.start_mark)
        return mapping


def schema_problems(data: Any, folder: Path, schema: str) -> list[tuple[str, str]]:
    """Places (JSON pointers) and sentences of what is wrong with data that did not come from a file; none if valid."""
    validator = _validator((folder / "schemas" / f"{schema}.schema.json").read_bytes())
    errors = sorted(validator.iter_errors(data), key=lambda error: [str(step) for step in error.absolute_path])
    return [(_pointer(error), error.message[:300]) for error in errors]


def _pointer(error: ValidationError) -> str:
    return "/" + "/".join(str(step) for step in error.absolute_path)


@lru_cache(maxsize=32)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _check(file: str, data: Any, validator: Draft202012Validator) -> None:
    error = best_match(validator.iter_errors(data))
    if error is not None:
        raise ContentError(file, _pointer(error), error.message[:300])
