"""What can be configured is told where people look for it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Read by name: `e.text("NAME", …)` in env.py, and from the environment in commands.
READ = re.compile(r"""(?:\.(?:text|words|flag|whole|number)\(\s*|environ(?:\.get\(|\[))["']([A-Z][A-Z_]+)["']""")
# Set by Django's and our own machinery, not by people.
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE"}


def _read_by_the_code() -> set[str]:
    sources = [*(ROOT / "timetravelers").glob("*.py"), *ROOT.glob("*/management/commands/*.py")]
    names = {name for source in sources for name in READ.findall(source.read_text())}
    return names - NOT_FOR_PEOPLE


def test_variables_are_found_at_all() -> None:
    assert {"DJANGO_SECRET_KEY", "TURN_LEASE", "SIMULATOR_DATA", "FIRST_ADMIN_EMAIL"} <= _read_by_the_code()


def test_every_variable_stands_in_the_example_file() -> None:
    told = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert told == _read_by_the_code(), "make .env.example say what the code reads, and nothing else"


def test_every_variable_stands_in_the_readme() -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert _read_by_the_code() <= told, "add a row to the README's table"
