"""Nothing leaves the house but through modules that somebody has looked at, each with what lets it."""

import ast
import re
from pathlib import Path

import pytest

from mentors.engines.chain import engines

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
    "mentors.manus.downloads": "files of replies, from the provider's hosts; sends nothing of a person",
    "mentors.engines.openai": "an endpoint of one's choice; turns ask for the consent, and that it names the endpoint",
    "consciousness.mailing": "reminders, to the person's own address by our own mail server, of what they scheduled",
    "consciousness.services.reminders": "sends nothing itself: knows the errors of the mail server",
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


def test_whoever_hands_words_to_an_engine_asks_the_gate() -> None:
    """Only three modules hand words to engines that let them out, and all ask for consent and write a receipt."""
    sources = modules()
    by_client = {name for name, source in sources.items() if re.search(r"client\.(create_task|send_message)\(", source)}
    assert by_client == {"mentors.engines.manus"}
    callers = {name for name, source in sources.items() if re.search(r"engine\.begin\(\w", source)}
    steps, reflecting = "consciousness.services.steps", "consciousness.services.reflecting.asking"
    # `moving` only ever asks stand-ins, which are in this house.
    assert callers == {f"{steps}.sending", f"{steps}.answering", f"{steps}.moving", reflecting}
    assert all(engine.recipient is None for engine in engines().values() if engine.is_stand_in)
    for name in ("sending", "answering"):
        assert "live_consent(" in sources[f"{steps}.{name}"]
        assert "note_egress(" in sources[f"{steps}.{name}"]
    assert "live_consent(" in sources[reflecting]
    assert "record_egress(" in sources[reflecting]
