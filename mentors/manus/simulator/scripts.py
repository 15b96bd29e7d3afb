"""Fault scripts as files: YAML, checked against their shape before anything is armed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import yaml

from mentors.manus.simulator.faults import Fault

SCRIPTS = Path(__file__).with_name("scripts")
LARGEST_SCRIPT = 256 * 1024


class BadScript(Exception):
    """A fault script is not there, or not what a fault script looks like; the message says where."""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a script rehearses, in a sentence, and the faults it arms, in order."""

    rehearses: str
    faults: tuple[Fault, ...]

    def __post_init__(self) -> None:
        if not self.rehearses.strip() or not self.faults:
            raise ValueError("a script says what it rehearses, and has faults")


def committed_scripts() -> list[str]:
    """The names of the scripts that come with the project."""
    return sorted(path.stem for path in SCRIPTS.glob("*.yaml"))


def load_script(name_or_path: str | Path) -> Script:
    """A script that comes with the project, by its name, or any other, by its path; raises BadScript."""
    path = SCRIPTS / f"{name_or_path}.yaml" if str(name_or_path) in committed_scripts() else Path(name_or_path)
    try:
        if path.stat().st_size > LARGEST_SCRIPT:
            raise BadScript(f"{name_or_path}: too large for a fault script")
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(found, type=Script)
    except OSError:
        raise BadScript(f"{name_or_path}: no such fault script") from None
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise BadScript(f"{name_or_path}: {error}") from None


def script_schema() -> dict[str, object]:
    """The shape of a script as JSON Schema, for editors; committed as scripts/schema.json."""
    return msgspec.json.schema(Script)
