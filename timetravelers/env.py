"""The environment, read once into one typed value.

Order: the process environment, then a `.env` file, then what a running `manage.py up` recorded in its data
folder (so that `manage.py shell` beside it finds the same engines). An empty value counts as missing, whatever
stands behind it. Reading never fails for a missing value, so that linters and `--help` work anywhere; entry
points call `require_complete()`, which does.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from timetravelers.runtime.state import read_state
from timetravelers.variables import Variables, read_file

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED = ("DJANGO_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MANUS_API_KEY")
PLACEHOLDER_SECRET = "placeholder-never-served-" + "0" * 40


@dataclass(frozen=True, slots=True)
class Env:
    """Every setting that comes from outside, with its type. Durations are in seconds."""

    secret_key: str = field(repr=False)
    jwt_algorithm: str
    jwt_signing_key: str = field(repr=False)
    jwt_old_signing_key: str = field(repr=False)
    jwt_private_keys: str = field(repr=False)
    development: bool
    allowed_hosts: tuple[str, ...]
    public_base_url: str
    trusted_origins: tuple[str, ...]
    proxy_count: int
    https: bool
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    redis_prefix: str
    email_url: str = field(repr=False)
    email_from: str
    app_link: str
    password_cost: int
    unverified_days: int
    passkey_domain: str
    passkey_origins: tuple[str, ...]
    google_client_ids: tuple[str, ...]
    apple_client_ids: tuple[str, ...]
    apple: Mapping[str, str] = field(repr=False)
    log_format: str
    log_level: str
    web_threads: int
    max_body_bytes: int
    manus_base_url: str
    manus_api_key: str = field(repr=False)
    manus_read_timeout: float
    manus_creates_per_minute: int
    manus_sends_per_minute: int
    credits_per_day: int
    credits_per_user_day: int
    credits_per_session: int
    engine_chain: tuple[str, ...]
    engine_eta_limit: float
    real_reply: float
    openai: Mapping[str, str | float] = field(repr=False)
    s3: Mapping[str, str] = field(repr=False)
    files_quota: int
    manus_file_hosts: tuple[str, ...]
    turn: Mapping[str, float]
    session_idle_hours: int
    metrics_token: str = field(repr=False)
    missing: tuple[str, ...]

    def require_complete(self) -> None:
        """Raise ImproperlyConfigured with every missing name; called by whatever serves or works."""
        if self.missing:
            raise ImproperlyConfigured(f"Set these environment variables: {', '.join(self.missing)}")


def _merged(process: Mapping[str, str]) -> dict[str, str]:
    """The process environment over `.env` over the state of a running `manage.py up`."""
    data_dir = Path(process.get("DATA_DIR", BASE_DIR / ".data"))
    state = None if "DATABASE_URL" in process else read_state(data_dir)
    recorded = dict(state.environment) if state else {}
    merged = {**recorded, **read_file(BASE_DIR / ".env"), **process}
    return {name: value for name, value in merged.items() if value}


def read_env(process: Mapping[str, str] | None = None) -> Env:
    """Read and parse; a value of the wrong type raises ImproperlyConfigured and names its variable."""
    values = _merged(os.environ if process is None else process)
    return _parse(Variables(values), missing=tuple(name for name in REQUIRED if not values.get(name)))


def _apple(e: Variables) -> dict[str, str]:
    """What Apple's tokens are revoked with."""
    return {
        "base_url": e.text("APPLE_BASE_URL", "https://appleid.apple.com").rstrip("/"),
        "team_id": e.text("APPLE_TEAM_ID", ""),
        "key_id": e.text("APPLE_KEY_ID", ""),
        "private_key": e.text("APPLE_PRIVATE_KEY", "").replace("\\n", "\n"),
    }


def _turn(e: Variables) -> dict[str, float]:
    """How long a turn is held, waited for and kept up."""
    return {
        "lease": e.number("TURN_LEASE", 30.0),
        "poll": e.number("TURN_POLL", 4.0),
        "settle": e.number("TURN_SETTLE", 20.0),
        "patience": e.number("TURN_PATIENCE", 900.0),
    }


def _openai(e: Variables) -> dict[str, str | float]:
    """An OpenAI-compatible endpoint; without an address there is none."""
    return {
        "base_url": e.text("OPENAI_BASE_URL", ""),
        "api_key": e.text("OPENAI_API_KEY", ""),
        "model": e.text("OPENAI_MODEL", ""),
        "provider": e.text("OPENAI_PROVIDER", ""),
        "read_timeout": e.number("OPENAI_READ_TIMEOUT", 30.0),
    }


def _s3(e: Variables) -> dict[str, str]:
    """A bucket for what is stored; without a name it is a folder of this machine."""
    return {
        "bucket": e.text("S3_BUCKET", ""),
        "endpoint": e.text("S3_ENDPOINT", ""),
        "region": e.text("S3_REGION", ""),
        "access_key": e.text("S3_ACCESS_KEY", ""),
        "secret_key": e.text("S3_SECRET_KEY", ""),
    }


def _parse(e: Variables, *, missing: tuple[str, ...]) -> Env:
    secret_key = e.text("DJANGO_SECRET_KEY", PLACEHOLDER_SECRET)
    base_url = e.text("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    openai = _openai(e)
    return Env(
        secret_key=secret_key,
        jwt_algorithm=e.text("JWT_ALGORITHM", "HS256"),
        jwt_signing_key=e.text("JWT_SIGNING_KEY", secret_key),
        jwt_old_signing_key=e.text("JWT_OLD_SIGNING_KEY", ""),
        jwt_private_keys=e.text("JWT_PRIVATE_KEYS", ""),
        development=e.flag("DEVELOPMENT", default=False),
        allowed_hosts=e.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]")),
        public_base_url=base_url,
        trusted_origins=e.words("TRUSTED_ORIGINS", (base_url,)),
        proxy_count=e.whole("PROXY_COUNT", 0),
        https=e.flag("HTTPS", default=base_url.startswith("https://")),
        data_dir=Path(e.text("DATA_DIR", str(BASE_DIR / ".data"))),
        database_url=e.text("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        redis_url=e.text("REDIS_URL", "redis://127.0.0.1:1/0"),
        redis_prefix=e.text("REDIS_PREFIX", "tt"),
        email_url=e.text("EMAIL_URL", ""),
        email_from=e.text("EMAIL_FROM", "TimeTravelers <hello@timetravelers.example>"),
        app_link=e.text("APP_LINK", "timetravelers://"),
        password_cost=e.whole("PASSWORD_COST", 12),
        unverified_days=e.whole("UNVERIFIED_DAYS", 7),
        passkey_domain=e.text("PASSKEY_DOMAIN", urlsplit(base_url).hostname or ""),
        passkey_origins=e.words("PASSKEY_ORIGINS", (base_url,)),
        google_client_ids=e.words("GOOGLE_CLIENT_IDS", ()),
        apple_client_ids=e.words("APPLE_CLIENT_IDS", ()),
        apple=_apple(e),
        log_format=e.text("LOG_FORMAT", "json"),
        log_level=e.text("LOG_LEVEL", "INFO"),
        web_threads=e.whole("WEB_THREADS", 10),
        max_body_bytes=e.whole("MAX_BODY_BYTES", 1_000_000),
        manus_base_url=e.text("MANUS_BASE_URL", "https://api.manus.ai"),
        manus_api_key=e.text("MANUS_API_KEY", ""),
        manus_read_timeout=e.number("MANUS_READ_TIMEOUT", 15.0),
        manus_creates_per_minute=e.whole("MANUS_CREATES_PER_MINUTE", 10),
        manus_sends_per_minute=e.whole("MANUS_SENDS_PER_MINUTE", 10),
        credits_per_day=e.whole("CREDITS_PER_DAY", 100_000),
        credits_per_user_day=e.whole("CREDITS_PER_USER_DAY", 3_000),
        credits_per_session=e.whole("CREDITS_PER_SESSION", 2_000),
        engine_chain=e.words("ENGINE_CHAIN", ("manus", *(("openai",) if openai["base_url"] else ()), "rehearsal")),
        engine_eta_limit=e.number("ENGINE_ETA_LIMIT", 120.0),
        real_reply=e.number("REAL_REPLY", 3600.0),
        openai=openai,
        s3=_s3(e),
        files_quota=e.whole("FILES_QUOTA", 500_000_000),
        manus_file_hosts=e.words("MANUS_FILE_HOSTS", ("manus.ai", "manus.im", "manuscdn.com", "amazonaws.com")),
        turn=_turn(e),
        session_idle_hours=e.whole("SESSION_IDLE_HOURS", 24),
        metrics_token=e.text("METRICS_TOKEN", ""),
        missing=missing,
    )
