"""The environment of a test process, set before Django's settings are read.

It is a plugin, loaded by `-p tests.environment`: a conftest would come too late for that. Whatever a
developer has exported or keeps in `.env` does not reach the tests, except the addresses of the engines.
"""

import os
import tempfile

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))

_data = tempfile.TemporaryDirectory(prefix="timetravelers-test-", ignore_cleanup_errors=True)

os.environ.update(
    # Each worker has its own corner of the one Valkey.
    REDIS_PREFIX=f"test-{RUN}-{WORKER}",
    DATA_DIR=_data.name,
    DEVELOPMENT="true",
    DJANGO_SECRET_KEY="a-secret-only-for-tests-" + "0123456789" * 4,
    JWT_SIGNING_KEY="a-signing-key-only-for-tests-" + "0123456789" * 4,
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    PUBLIC_BASE_URL="http://127.0.0.1:8000",
    TRUSTED_ORIGINS="http://127.0.0.1:8000",
    HTTPS="false",
    PROXY_COUNT="0",
    EMAIL_URL="",
    MANUS_API_KEY="a-key-only-for-tests",
    MANUS_BASE_URL="http://127.0.0.1:9",
    PASSWORD_COST="4",
    GOOGLE_CLIENT_IDS="google-app,google-other-app",
    APPLE_CLIENT_IDS="org.example.timetravelers",
    METRICS_TOKEN="",
    LOG_LEVEL="INFO",
    LOG_FORMAT="json",
)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    _data.cleanup()
