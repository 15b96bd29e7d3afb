"""All settings, in one typed module; what varies comes from `env.py` and from nowhere else."""

from datetime import timedelta
from typing import Any

import environ

from timetravelers.apidescription import API_DESCRIPTION
from timetravelers.env import BASE_DIR, read_env
from timetravelers.kit.logs import configure_logging, logging_config
from timetravelers.schedule import SCHEDULE
from timetravelers.storages import private_storage

ENV = read_env()

# --- The frame -----------------------------------------------------------------------------------------

SECRET_KEY = ENV.secret_key
DEBUG = False  # never on: a stack trace is for the log, not for a phone
ALLOWED_HOSTS = list(ENV.allowed_hosts)
ROOT_URLCONF = "timetravelers.urls"
ASGI_APPLICATION = "timetravelers.asgi.application"
WSGI_APPLICATION = "timetravelers.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False  # a redirect would lose a phone's POST body
SITE_NAME = "TimeTravelers"

INSTALLED_APPS = [
    "timetravelers",
    "timetravelers.runtime",
    "timetravelers.kit",
    "consciousness",
    "missions",
    "matching",
    "mentors",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.apple",
    "allauth.socialaccount.providers.google",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "django_celery_beat",
]

MIDDLEWARE = [
    "timetravelers.kit.observability.RequestContextMiddleware",
    "timetravelers.kit.api.problems.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "timetravelers.kit.pages.PageSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "timetravelers.kit.pages.PageSignIn",
    "timetravelers.kit.pages.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.identity.limits.SignInLimits",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "timetravelers" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # served from the packages themselves: nothing to collect before a start
STORAGES = {
    # Private: no address leads here, views hand the files out.
    "default": private_storage(ENV, "media"),
    "exports": private_storage(ENV, "exports"),
    "files": private_storage(ENV, "files"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_DIR = ENV.data_dir
CONTENT_DIR = BASE_DIR / "content"

# --- PostgreSQL and Valkey -----------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environ.Env.db_url_config(ENV.database_url),
        "ENGINE": "timetravelers.kit.postgres",
        "CONN_MAX_AGE": None,  # the web's and the worker's threads are few and keep theirs
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "timetravelers",
            "prepare_threshold": 0,  # allows prepared statements; only `kit.statements` makes any
            "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
        },
    },
}

REDIS_URL = ENV.redis_url
REDIS_PREFIX = ENV.redis_prefix

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.redis_url,
        "KEY_PREFIX": f"{ENV.redis_prefix}:cache",
    },
}

# --- Celery --------------------------------------------------------------------------------------------

CELERY_BROKER_URL = ENV.redis_url
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{ENV.redis_prefix}:celery:",
    "visibility_timeout": 3600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # the row is the result
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "default"
# Nobody waits for what is computed of conversations afterwards: it stays out of the way of replies.
AFTERWARDS = ("embed_passages", "name_session", "reflect", "sum_up_session")
CELERY_TASK_ROUTES = {
    **{f"consciousness.{name}": {"queue": "default"} for name in AFTERWARDS},
    "consciousness.*": {"queue": "turns"},
    "analytics.*": {"queue": "analytics"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Who a person is -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail addresses are unique regardless of case, by a named constraint
# Only one: each further backend hashes once more for everybody who mistypes a password.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_COST = ENV.password_cost
PASSWORD_HASHERS = [
    "accounts.identity.hashers.Bcrypt",
    # Only read, and replaced at the next sign-in.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/admin/login/"

HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "accounts.headless.SimpleJwtStrategy"  # noqa: S105 - a class, not a secret
HEADLESS_ADAPTER = "accounts.identity.adapters.HeadlessAdapter"
HEADLESS_SERVE_SPECIFICATION = True
# Links in mails open the app.
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{ENV.app_link}verify-email/{{key}}",
    "account_reset_password": f"{ENV.app_link}reset-password",
    "account_reset_password_from_key": f"{ENV.app_link}reset-password/{{key}}",
    "account_signup": f"{ENV.app_link}sign-up",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.identity.adapters.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True  # one address a person: a verified new one takes the place of the old
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # three minutes are less than some mail servers take
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # to change the address or what signs in
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_USER_DISPLAY = "accounts.headless.display"
UNVERIFIED_ACCOUNT_AGE = timedelta(days=ENV.unverified_days)
SESSION_COOKIE_AGE = 30 * 24 * 3600  # a sign-in lasts as long as its refresh token
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

MFA_ADAPTER = "accounts.identity.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # phones' clocks are half a minute off
PASSKEY_DOMAIN = ENV.passkey_domain
PASSKEY_ORIGINS = frozenset(ENV.passkey_origins)

SOCIALACCOUNT_ADAPTER = "accounts.identity.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # narrowed by the adapter to verified addresses on both sides
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "provider_class": "accounts.identity.providers.Google",
        # allauth wants to know which of several apps to name where no phone has named one.
        "APPS": [
            {"client_id": client, "settings": {"hidden": number > 0}}
            for number, client in enumerate(ENV.google_client_ids)
        ],
    },
    "apple": {
        "provider_class": "accounts.identity.providers.Apple",
        "APPS": [
            {
                "client_id": client,
                "secret": ENV.apple["key_id"],
                "key": ENV.apple["team_id"],
                "settings": {"certificate_key": ENV.apple["private_key"], "hidden": number > 0},
            }
            for number, client in enumerate(ENV.apple_client_ids)
        ],
    },
}
SOCIAL_ISSUERS: dict[str, dict[str, Any]] = {
    "google": {
        "names": ("https://accounts.google.com", "accounts.google.com"),
        "keys_url": "https://www.googleapis.com/oauth2/v3/certs",
    },
    "apple": {"names": ("https://appleid.apple.com",), "keys_url": "https://appleid.apple.com/auth/keys"},
}

# To revoke what Apple gave out, when an account is deleted.
APPLE = {
    "base_url": ENV.apple["base_url"],
    "client_id": next(iter(ENV.apple_client_ids), ""),
    "team_id": ENV.apple["team_id"],
    "key_id": ENV.apple["key_id"],
    "private_key": ENV.apple["private_key"],
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "SIGNING_KEY": ENV.jwt_signing_key,
    "ISSUER": ENV.public_base_url,
    "USER_ID_FIELD": "uid",
    "USER_ID_CLAIM": "sub",
}
# simplejwt itself knows one key at a time; what our tokens are signed with is for `accounts.signing`.
JWT_ALGORITHM = ENV.jwt_algorithm
JWT_SIGNING_KEY = ENV.jwt_signing_key
JWT_OLD_SIGNING_KEY = ENV.jwt_old_signing_key
JWT_PRIVATE_KEYS = ENV.jwt_private_keys

# Tries at allauth's doors, by the address they come from and by the account they are about: how many in how
# many seconds, over all processes. Guessing is what they are against, so a success counts like a failure.
SIGN_IN_LIMITS: dict[str, dict[str, tuple[int, float]]] = {
    "login": {"address": (30, 60.0), "account": (10, 300.0)},
    "code": {"address": (20, 60.0), "account": (5, 300.0)},
    "signup": {"address": (20, 60.0), "account": (5, 300.0)},
    "reset": {"address": (20, 60.0), "account": (5, 300.0)},
    "verify": {"address": (30, 60.0), "account": (10, 300.0)},
    "refresh": {"address": (300, 60.0), "account": (90, 60.0)},
}

# --- The API -------------------------------------------------------------------------------------------

PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxy_count

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.AccessTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["timetravelers.kit.api.permissions.NamedPolicy"],
    "DEFAULT_THROTTLE_CLASSES": ["timetravelers.kit.api.throttles.NamedScope"],
    "DEFAULT_RENDERER_CLASSES": ["timetravelers.kit.api.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["timetravelers.kit.api.parsing.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "timetravelers.kit.api.rendering.OnlyJson",
    "DEFAULT_SCHEMA_CLASS": "timetravelers.kit.api.schema.ProblemAwareSchema",
    "EXCEPTION_HANDLER": "timetravelers.kit.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": PROXY_COUNT,
}

SPECTACULAR_SETTINGS = API_DESCRIPTION

# Requests a minute, by scope. `local` scopes are counted in each process, which costs nothing and is near
# enough for reads; the others are counted in Valkey and hold over all processes.
THROTTLE_SCOPES: dict[str, dict[str, Any]] = {
    "leaving": {"per_minute": 10, "local": False},
    "receipts": {"per_minute": 30, "local": False},
    "read": {"per_minute": 600, "local": True},
    "write": {"per_minute": 120, "local": False},
    "search": {"per_minute": 240, "local": True},
    "live": {"per_minute": 120, "local": False},
    "open": {"per_minute": 300, "local": True},
    "upload": {"per_minute": 20, "local": False},
    "pieces": {"per_minute": 240, "local": False},
}
MAX_BODY_BYTES = ENV.max_body_bytes
DATA_UPLOAD_MAX_MEMORY_SIZE = ENV.max_body_bytes
PICTURE_MAX_BYTES = 10_000_000
FILE_MAX_BYTES = 25_000_000
FILES_QUOTA_BYTES = ENV.files_quota
# The only routes whose bodies may be larger, and how large: what is uploaded, and the form around it.
LARGER_BODIES = {
    ("PUT", "/api/v1/me/picture/"): PICTURE_MAX_BYTES + 10_000,
    ("POST", "/api/v1/files/"): FILE_MAX_BYTES + 10_000,
    ("PATCH", "/api/v1/files/{uid}/content/"): FILE_MAX_BYTES + 10_000,
}

# --- Live sessions and Manus ---------------------------------------------------------------------------

LIVE_MAX_FRAME_BYTES = 64_000
LIVE_FRAMES_PER_MINUTE = 120
LIVE_IDLE_SECONDS = 300
LIVE_SOCKETS_PER_PERSON = 20
LIVE_BELLS_LOST = 0.0  # the share of doorbells that is lost on purpose: only in `chaos.settings`
TURN_LEASE_SECONDS = ENV.turn["lease"]
TURN_POLL_SECONDS = ENV.turn["poll"]
TURN_SETTLE_SECONDS = ENV.turn["settle"]
TURN_PATIENCE_SECONDS = ENV.turn["patience"]
SESSION_IDLE = timedelta(hours=ENV.session_idle_hours)
APP_LINK = ENV.app_link

MANUS_BASE_URL = ENV.manus_base_url
MANUS_API_KEY = ENV.manus_api_key
MANUS_READ_TIMEOUT = ENV.manus_read_timeout
MANUS_FILE_HOSTS = ENV.manus_file_hosts
MANUS_PER_MINUTE = {"task.create": ENV.manus_creates_per_minute, "task.sendMessage": ENV.manus_sends_per_minute}
CREDIT_BUDGETS = {"day": ENV.credits_per_day, "user": ENV.credits_per_user_day, "session": ENV.credits_per_session}
ENGINE_CHAIN, OPENAI = list(ENV.engine_chain), dict(ENV.openai)
ENGINE_ETA_LIMIT_SECONDS, REAL_REPLY_SECONDS = ENV.engine_eta_limit, ENV.real_reply
PUBLIC_BASE_URL = ENV.public_base_url
TRUSTED_ORIGINS = list(ENV.trusted_origins)

# --- Mail ----------------------------------------------------------------------------------------------

if ENV.email_url:
    vars().update(environ.Env.email_url_config(ENV.email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ENV.data_dir / "mail"
DEFAULT_FROM_EMAIL = ENV.email_from
DEV_MAILBOX = ENV.development and not ENV.email_url

# --- Security ------------------------------------------------------------------------------------------

CSRF_TRUSTED_ORIGINS = list(ENV.trusted_origins)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = ENV.https
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.proxy_count:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs ----------------------------------------------------------------------------------------------

LOGGING = logging_config(level=ENV.log_level, style=ENV.log_format)
configure_logging(level=ENV.log_level, style=ENV.log_format)
METRICS_TOKEN = ENV.metrics_token
