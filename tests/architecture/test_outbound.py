"""Nothing leaves the house but through modules that somebody has looked at, each with what lets it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("accounts", "mentors", "matching", "missions", "consciousness", "timetravelers")
# What can open a connection to elsewhere.
WAYS_OUT = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
    "django.core.mail",
    "boto3",
    "firebase_admin",
    "grpc",
}
# Module: why it may, and what has to be asked first where something of a person leaves.
REVIEWED = {
    "mentors.manus.transport": "Manus; sessions, messages and turns ask the consent to ai_provider first",
    "mentors.manus.client": "takes a session for the transport",
    "accounts.apple": "revokes a token that Apple gave; sends nothing else, on the person's own wish to leave",
    "accounts.identity.idtokens": "fetches the public keys of Google and Apple; sends nothing of a person",
}
# Only machines of this house: engines, ports and processes on it.
INSIDE = ("timetravelers.runtime.", "mentors.manus.simulator.", "timetravelers.kit.health")


def imports(source: str) -> set[str]:
    """The modules that a source names in its imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def goes_out(source: str) -> bool:
    """Whether a source imports a way out."""
    return any(name == way or name.startswith(f"{way}.") for name in imports(source) for way in WAYS_OUT)


def modules() -> dict[str, str]:
    """The sources of the house by module."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text() for path in files}


def test_every_way_out_has_been_reviewed() -> None:
    found = {name for name, source in modules().items() if goes_out(source) and not name.startswith(INSIDE)}
    assert found == set(REVIEWED)


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "from requests import post",
        "import urllib.request as u",
        "from http import client",
        "def f():\n    import smtplib",
        "from django.core import mail",
        "from django.core.mail import send_mail",
    ],
)
def test_a_way_out_is_noticed(source: str) -> None:
    assert goes_out(source)


def test_what_looks_similar_is_not() -> None:
    assert not goes_out("from urllib.parse import urlsplit\nfrom http import HTTPStatus\nimport requests_of_people")


def test_whoever_hands_words_to_manus_asks_the_gate() -> None:
    """Only one module starts or continues a conversation, and it asks for consent."""
    callers = {
        name
        for name, source in modules().items()
        if re.search(r"engine\.(start|say)\(|client\(\)\.(create_task|send_message)\(", source)
    }
    assert callers - {"mentors.manus.engine"} == {"consciousness.services.steps"}
    assert "live_consent(" in modules()["consciousness.services.steps"]
