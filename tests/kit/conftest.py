"""The probes' routes, a look at the log, and engines that go away."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import connection

from tests.kit import probes
from tests.kit.logs import LogLines
from timetravelers.kit.limits import valkey
from timetravelers.kit.logs import LineLogger, logging_config

NOBODY_LISTENS = 1  # a port


@pytest.fixture
def probing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probes' routes beside those of the house."""
    # Not by the `settings` fixture, which makes Django compile every route anew.
    monkeypatch.setattr(settings, "ROOT_URLCONF", "tests.kit.probes")
    scopes = {"tiny": {"per_minute": 2, "local": True}, "probe-make": {"per_minute": 1000, "local": True}}
    monkeypatch.setattr(settings, "THROTTLE_SCOPES", settings.THROTTLE_SCOPES | scopes)
    probes.GATE.clear()
    probes.INSIDE.clear()


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[LogLines]:
    """What has been written to the log since the test began, as production writes it."""
    stream = io.BytesIO()
    monkeypatch.setattr(LineLogger, "stream", stream)
    options = logging_config(level="INFO", style="json")["formatters"]["structured"]
    handler = logging.StreamHandler(io.TextIOWrapper(stream, write_through=True))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=options["processors"], foreign_pre_chain=options["foreign_pre_chain"]
        )
    )
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def database_down(transactional_db: None) -> Iterator[None]:
    """PostgreSQL does not answer this thread."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=NOBODY_LISTENS)
    yield
    connection.close()
    connection.settings_dict.update(before)


@pytest.fixture
def valkey_down() -> Iterator[None]:
    """Valkey does not answer the kit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{NOBODY_LISTENS}/0")
        valkey.cache_clear()
        yield
    valkey.cache_clear()
